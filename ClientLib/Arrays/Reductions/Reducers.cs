using System.Numerics;

namespace Orleans.Dask.Arrays;

/// <summary>The reducer of a kind for an element type.</summary>
internal static class Reducers
{
    /// <summary>Integers and bool add up in 64 bits.</summary>
    public static Reducer Sum(DType type) => Folded(typeof(SumFold<>), type);

    public static Reducer Product(DType type) => Folded(typeof(ProductFold<>), type);

    public static Reducer Minimum(DType type) => type == DType.Bool ? new FoldReducer<AllFold, bool>() : Fold(typeof(MinimumFold<>), Ordered("Min", type));

    public static Reducer Maximum(DType type) => type == DType.Bool ? new FoldReducer<AnyFold, bool>() : Fold(typeof(MaximumFold<>), Ordered("Max", type));

    public static Reducer Any() => new FoldReducer<AnyFold, bool>();

    public static Reducer All() => new FoldReducer<AllFold, bool>();

    /// <summary>float32 adds up in double, and the answer is rounded once.</summary>
    public static Reducer Mean(DType type) => type == DType.Complex128
        ? new MeanReducer<Complex>(type)
        : new MeanReducer<double>(type.Floating());

    public static Reducer Variance(DType type, double ddof, bool root, bool skipNaN = false) => type == DType.Complex128
        ? new ComplexVarianceReducer(ddof, root)
        : new VarianceReducer(ddof, root, skipNaN, type.Floating());

    /// <summary>float16 is folded in float32, and the answer is rounded once: its own digits end at 2048.</summary>
    private static Reducer Folded(Type fold, DType type) => type == DType.Float16 ? new RoundedReducer(Fold(fold, DType.Float32), type) : Fold(fold, type.Accumulator());

    private static DType Ordered(string name, DType type) => type != DType.Complex128 ? type
        : throw new DTypeException($"{name} needs an order, and complex128 has none. Reduce Real() or Abs() instead.");

    private static Reducer Fold(Type fold, DType type) => (Reducer)Activator.CreateInstance(
        typeof(FoldReducer<,>).MakeGenericType(fold.MakeGenericType(type.ClrType()), type.ClrType()))!;
}
