using Orleans.Dask.Arrays;

namespace Orleans.Dask;

/// <summary>Functions of arrays of any type, element by element; shapes broadcast.</summary>
public static class DaskArrayElementFunctions
{
    /// <param name="array">What it is applied to, element by element.</param>
    extension<T>(DaskArray<T> array)
        where T : unmanaged
    {
        /// <summary>Sum; of masks: or.</summary>
        public DaskArray<T> Add(DaskArray<T> other) => new(Element.Call("add", array.Recipe, other.Recipe));

        /// <summary>Difference.</summary>
        public DaskArray<T> Subtract(DaskArray<T> other) => new(Element.Call("subtract", array.Recipe, other.Recipe));

        /// <summary>Product; of masks: and.</summary>
        public DaskArray<T> Multiply(DaskArray<T> other) => new(Element.Call("multiply", array.Recipe, other.Recipe));

        /// <summary>True where equal; NaN equals nothing.</summary>
        public DaskArray<bool> Equal(DaskArray<T> other) => new(Element.Call("equal", array.Recipe, other.Recipe));

        /// <summary>True where not equal.</summary>
        public DaskArray<bool> NotEqual(DaskArray<T> other) => new(Element.Call("not_equal", array.Recipe, other.Recipe));

        /// <summary>True where less.</summary>
        public DaskArray<bool> Less(DaskArray<T> other) => new(Element.Call("less", array.Recipe, other.Recipe));

        /// <summary>True where less or equal.</summary>
        public DaskArray<bool> LessEqual(DaskArray<T> other) => new(Element.Call("less_equal", array.Recipe, other.Recipe));

        /// <summary>True where greater.</summary>
        public DaskArray<bool> Greater(DaskArray<T> other) => new(Element.Call("greater", array.Recipe, other.Recipe));

        /// <summary>True where greater or equal.</summary>
        public DaskArray<bool> GreaterEqual(DaskArray<T> other) => new(Element.Call("greater_equal", array.Recipe, other.Recipe));

        /// <summary>True where both are not zero.</summary>
        public DaskArray<bool> LogicalAnd(DaskArray<T> other) => new(Element.Call("logical_and", array.Recipe, other.Recipe));

        /// <summary>True where either is not zero.</summary>
        public DaskArray<bool> LogicalOr(DaskArray<T> other) => new(Element.Call("logical_or", array.Recipe, other.Recipe));

        /// <summary>True where one of them is not zero.</summary>
        public DaskArray<bool> LogicalXor(DaskArray<T> other) => new(Element.Call("logical_xor", array.Recipe, other.Recipe));

        /// <summary>True where it is zero.</summary>
        public DaskArray<bool> LogicalNot() => new(Element.Call("logical_not", array.Recipe));

        /// <summary>Is it NaN.</summary>
        public DaskArray<bool> IsNaN() => new(Element.Call("isnan", array.Recipe));

        /// <summary>Is it neither infinite nor NaN.</summary>
        public DaskArray<bool> IsFinite() => new(Element.Call("isfinite", array.Recipe));

        /// <summary>Is it infinite.</summary>
        public DaskArray<bool> IsInf() => new(Element.Call("isinf", array.Recipe));

        /// <summary>Is there no imaginary part.</summary>
        public DaskArray<bool> IsReal() => new(Element.Call("isreal", array.Recipe));

        /// <summary>Is there an imaginary part.</summary>
        public DaskArray<bool> IsComplex() => new(Element.Call("iscomplex", array.Recipe));

        /// <summary>Where a value is missing: NaN.</summary>
        public DaskArray<bool> IsNull() => array.DType < DType.Float16 ? DaskArray.FullLike(array, false) : new(Element.Call("isnan", array.Recipe));

        /// <summary>Where a value is there: not NaN.</summary>
        public DaskArray<bool> NotNull() => array.IsNull().LogicalNot();

        /// <summary>With the other sign of the imaginary part.</summary>
        public DaskArray<T> Conj() => new(Element.Call("conj", array.Recipe));

        /// <summary>A function of one element, yours; fused with what stands around it.</summary>
        public DaskArray<TResult> Map<TResult>(Func<T, TResult> function)
            where TResult : unmanaged => new(Element.Custom(new MapKernel<T, TResult>(function ?? throw new ArgumentNullException(nameof(function))), DTypes.Of<TResult>(), ArrayToken.Unique(), array.Recipe));

        /// <summary>A function of one element of each, yours.</summary>
        public DaskArray<TResult> Map<TOther, TResult>(DaskArray<TOther> other, Func<T, TOther, TResult> function)
            where TOther : unmanaged
            where TResult : unmanaged =>
            new(Element.Custom(new MapKernel<T, TOther, TResult>(function ?? throw new ArgumentNullException(nameof(function))), DTypes.Of<TResult>(), ArrayToken.Unique(), array.Recipe, other.Recipe));
    }
}
