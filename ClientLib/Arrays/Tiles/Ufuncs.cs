using System.Collections.Concurrent;
using Orleans.Dask.Arrays.Kernels;

namespace Orleans.Dask.Arrays;

/// <summary>Every elementwise function there is, by NumPy's name.</summary>
internal static class Ufuncs
{
    private static readonly DType[] s_signed = [DType.Int8, DType.Int16, DType.Int32, DType.Int64];
    private static readonly DType[] s_unsigned = [DType.UInt8, DType.UInt16, DType.UInt32, DType.UInt64];
    private static readonly DType[] s_integers = [.. s_signed, .. s_unsigned];
    private static readonly DType[] s_floats = [DType.Float16, DType.Float32, DType.Float64];
    private static readonly DType[] s_reals = [.. s_integers, .. s_floats];
    private static readonly DType[] s_numbers = [.. s_reals, DType.Complex128];

    private static readonly Dictionary<string, Ufunc> s_all = Table().ToDictionary(f => f.Name);
    private static readonly ConcurrentDictionary<(DType From, DType To), TileKernel> s_casts = [];
    private static readonly ConcurrentDictionary<int, TileKernel> s_wheres = [];

    public static Ufunc Find(string name) => s_all[name];

    public static bool TryFind(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Ufunc? ufunc) => s_all.TryGetValue(name, out ufunc);

    public static TileKernel Cast(DType from, DType to) => s_casts.GetOrAdd((from, to), static pair => Ufunc.Make(
        pair.From == pair.To ? typeof(Positive<>)
        : pair.To == DType.Bool ? typeof(CastToBool<>)
        : pair.From == DType.Bool ? typeof(CastFromBool<>)
        : pair.To == DType.Complex128 ? typeof(CastToComplex<>)
        : pair.From == DType.Complex128 ? typeof(CastComplex<>)
        : pair.From.IsFloat() && pair.To.IsInteger() ? typeof(CastFloatToInteger<,>) : typeof(Cast<,>),
        pair.From == pair.To || pair.To == DType.Bool || (pair.To == DType.Complex128 && pair.From != DType.Bool) ? [pair.From]
        : pair.From is DType.Bool or DType.Complex128 ? [pair.To] : [pair.From, pair.To]));

    public static TileKernel Where(DType type) => s_wheres.GetOrAdd(type.Size(), static size => size switch
    {
        1 => new Where<byte>(),
        2 => new Where<ushort>(),
        4 => new Where<uint>(),
        8 => new Where<ulong>(),
        _ => new Where<UInt128>(),
    });

    private static DType Promoted(Ufunc self, DType[] types) => DTypes.Promote(types);

    /// <summary>As promoted; bool works as int8 where the function has no meaning for truth.</summary>
    private static DType PromotedNumber(Ufunc self, DType[] types) =>
        DTypes.Promote(types) is var type && type == DType.Bool ? DType.Int8 : type;

    private static DType PromotedFloat(Ufunc self, DType[] types) => DTypes.Promote(types).Floating();

    private static DType AlwaysDouble(Ufunc self, DType[] types) => DTypes.Promote(types) == DType.Complex128 ? DType.Complex128 : DType.Float64;

    private static DType Truth(Ufunc self, DType[] types) => DType.Bool;

    private static DType ToBool(DType type) => DType.Bool;

    private static DType ToReal(DType type) => type == DType.Complex128 ? DType.Float64 : type;

    private static DType FirstFloat(Ufunc self, DType[] types) => types[1] == DType.Bool || types[1].IsInteger() ? types[0].Floating()
        : throw new DTypeException($"{self.Name} takes integers as its second argument, found {types[1].Name()}.");

    private static IEnumerable<Ufunc> Table()
    {
        yield return new Ufunc("add", 2, Promoted).With(typeof(Add<>), s_numbers).With(typeof(Or), DType.Bool);
        yield return new Ufunc("subtract", 2, Promoted).With(typeof(Subtract<>), s_numbers);
        yield return new Ufunc("multiply", 2, Promoted).With(typeof(Multiply<>), s_numbers).With(typeof(And), DType.Bool);
        yield return new Ufunc("divide", 2, PromotedFloat).With(typeof(Divide<>), [.. s_floats, DType.Complex128]);
        yield return new Ufunc("floor_divide", 2, PromotedNumber).With(typeof(IntegerFloorDivide<>), s_integers).With(typeof(FloatFloorDivide<>), s_floats);
        yield return new Ufunc("mod", 2, PromotedNumber).With(typeof(IntegerMod<>), s_integers).With(typeof(FloatMod<>), s_floats);
        yield return new Ufunc("fmod", 2, PromotedNumber).With(typeof(IntegerFmod<>), s_integers).With(typeof(FloatFmod<>), s_floats);
        yield return new Ufunc("power", 2, PromotedNumber).With(typeof(IntegerPower<>), s_integers).With(typeof(FloatPower<>), s_floats).With(typeof(ComplexPower), DType.Complex128);
        yield return new Ufunc("float_power", 2, AlwaysDouble).With(typeof(FloatPower<>), DType.Float64).With(typeof(ComplexPower), DType.Complex128);
        yield return new Ufunc("negative", 1, Promoted).With(typeof(Negative<>), s_numbers);
        yield return new Ufunc("positive", 1, Promoted).With(typeof(Positive<>), s_numbers);
        yield return new Ufunc("absolute", 1, Promoted, ToReal).With(typeof(Positive<>), [.. s_unsigned, DType.Bool]).With(typeof(SignedAbsolute<>), s_signed).With(typeof(FloatAbsolute<>), s_floats).With(typeof(ComplexAbsolute), DType.Complex128);
        yield return new Ufunc("fabs", 1, PromotedFloat).With(typeof(FloatAbsolute<>), s_floats);
        yield return new Ufunc("sign", 1, Promoted).With(typeof(RealSign<>), s_reals).With(typeof(ComplexSign), DType.Complex128);
        yield return new Ufunc("square", 1, PromotedNumber).With(typeof(Square<>), s_numbers);
        yield return new Ufunc("reciprocal", 1, PromotedNumber).With(typeof(IntegerReciprocal<>), s_integers).With(typeof(Reciprocal<>), [.. s_floats, DType.Complex128]);

        yield return new Ufunc("maximum", 2, Promoted).With(typeof(Maximum<>), s_reals).With(typeof(Or), DType.Bool).With(typeof(ComplexMaximum), DType.Complex128);
        yield return new Ufunc("minimum", 2, Promoted).With(typeof(Minimum<>), s_reals).With(typeof(And), DType.Bool).With(typeof(ComplexMinimum), DType.Complex128);
        yield return new Ufunc("fmax", 2, Promoted).With(typeof(Fmax<>), s_reals).With(typeof(Or), DType.Bool);
        yield return new Ufunc("fmin", 2, Promoted).With(typeof(Fmin<>), s_reals).With(typeof(And), DType.Bool);

        yield return new Ufunc("equal", 2, Promoted, ToBool).With(typeof(Equal<>), s_reals).With(typeof(BoolEqual), DType.Bool).With(typeof(ComplexEqual), DType.Complex128);
        yield return new Ufunc("not_equal", 2, Promoted, ToBool).With(typeof(NotEqual<>), s_reals).With(typeof(Xor), DType.Bool).With(typeof(ComplexNotEqual), DType.Complex128);
        yield return new Ufunc("less", 2, Promoted, ToBool).With(typeof(Less<>), s_reals).With(typeof(BoolLess), DType.Bool).With(typeof(ComplexLess), DType.Complex128);
        yield return new Ufunc("less_equal", 2, Promoted, ToBool).With(typeof(LessEqual<>), s_reals).With(typeof(BoolLessEqual), DType.Bool).With(typeof(ComplexLessEqual), DType.Complex128);
        yield return new Ufunc("greater", 2, Promoted, ToBool).With(typeof(Greater<>), s_reals).With(typeof(BoolGreater), DType.Bool).With(typeof(ComplexGreater), DType.Complex128);
        yield return new Ufunc("greater_equal", 2, Promoted, ToBool).With(typeof(GreaterEqual<>), s_reals).With(typeof(BoolGreaterEqual), DType.Bool).With(typeof(ComplexGreaterEqual), DType.Complex128);

        yield return new Ufunc("logical_and", 2, Truth).With(typeof(And), DType.Bool);
        yield return new Ufunc("logical_or", 2, Truth).With(typeof(Or), DType.Bool);
        yield return new Ufunc("logical_xor", 2, Truth).With(typeof(Xor), DType.Bool);
        yield return new Ufunc("logical_not", 1, Truth).With(typeof(Not), DType.Bool);
        yield return new Ufunc("bitwise_and", 2, Promoted).With(typeof(BitAnd<>), s_integers).With(typeof(And), DType.Bool);
        yield return new Ufunc("bitwise_or", 2, Promoted).With(typeof(BitOr<>), s_integers).With(typeof(Or), DType.Bool);
        yield return new Ufunc("bitwise_xor", 2, Promoted).With(typeof(BitXor<>), s_integers).With(typeof(Xor), DType.Bool);
        yield return new Ufunc("invert", 1, Promoted).With(typeof(BitNot<>), s_integers).With(typeof(Not), DType.Bool);
        yield return new Ufunc("left_shift", 2, PromotedNumber).With(typeof(LeftShift<>), s_integers);
        yield return new Ufunc("right_shift", 2, PromotedNumber).With(typeof(RightShift<>), s_integers);

        foreach (var (name, real, complex) in Functions())
        {
            var function = new Ufunc(name, 1, PromotedFloat).With(real, s_floats);
            yield return complex is null ? function : function.With(complex, DType.Complex128);
        }

        yield return new Ufunc("arctan2", 2, PromotedFloat).With(typeof(ArcTan2<>), s_floats);
        yield return new Ufunc("hypot", 2, PromotedFloat).With(typeof(Hypot<>), s_floats);
        yield return new Ufunc("logaddexp", 2, PromotedFloat).With(typeof(LogAddExp<>), s_floats);
        yield return new Ufunc("logaddexp2", 2, PromotedFloat).With(typeof(LogAddExp2<>), s_floats);
        yield return new Ufunc("copysign", 2, PromotedFloat).With(typeof(CopySign<>), s_floats);
        yield return new Ufunc("nextafter", 2, PromotedFloat).With(typeof(NextAfter<>), s_floats);
        yield return new Ufunc("ldexp", 2, FirstFloat).With(typeof(Ldexp<>), s_floats);
        yield return new Ufunc("frexp_exponent", 1, PromotedFloat, _ => DType.Int32).With(typeof(FrexpExponent<>), s_floats);

        yield return new Ufunc("isnan", 1, Promoted, ToBool).With(typeof(IsNaN<>), s_floats).With(typeof(False<>), [DType.Bool, .. s_integers]).With(typeof(ComplexIsNaN), DType.Complex128);
        yield return new Ufunc("isfinite", 1, Promoted, ToBool).With(typeof(IsFinite<>), [.. s_floats, DType.Complex128]).With(typeof(True<>), [DType.Bool, .. s_integers]);
        yield return new Ufunc("isinf", 1, Promoted, ToBool).With(typeof(IsInf<>), s_floats).With(typeof(False<>), [DType.Bool, .. s_integers]).With(typeof(ComplexIsInf), DType.Complex128);
        yield return new Ufunc("isposinf", 1, Promoted, ToBool).With(typeof(IsPosInf<>), s_floats).With(typeof(False<>), [DType.Bool, .. s_integers]);
        yield return new Ufunc("isneginf", 1, Promoted, ToBool).With(typeof(IsNegInf<>), s_floats).With(typeof(False<>), [DType.Bool, .. s_integers]);
        yield return new Ufunc("signbit", 1, PromotedFloat, ToBool).With(typeof(SignBit<>), s_floats);
        yield return new Ufunc("isreal", 1, Promoted, ToBool).With(typeof(True<>), [DType.Bool, .. s_reals]).With(typeof(IsRealNumber), DType.Complex128);
        yield return new Ufunc("iscomplex", 1, Promoted, ToBool).With(typeof(False<>), [DType.Bool, .. s_reals]).With(typeof(IsComplexNumber), DType.Complex128);
        yield return new Ufunc("real", 1, Promoted, ToReal).With(typeof(Positive<>), [DType.Bool, .. s_reals]).With(typeof(RealPart), DType.Complex128);
        yield return new Ufunc("imag", 1, Promoted, ToReal).With(typeof(Zero<>), [DType.Bool, .. s_reals]).With(typeof(ImaginaryPart), DType.Complex128);
        yield return new Ufunc("conj", 1, Promoted).With(typeof(Positive<>), [DType.Bool, .. s_reals]).With(typeof(Conjugate), DType.Complex128);
        yield return new Ufunc("angle", 1, PromotedFloat, ToReal).With(typeof(RealAngle<>), s_floats).With(typeof(ComplexAngle), DType.Complex128);
    }

    private static IEnumerable<(string Name, Type Real, Type? Complex)> Functions() =>
    [
        ("sqrt", typeof(Sqrt<>), typeof(ComplexSqrt)),
        ("cbrt", typeof(Cbrt<>), null),
        ("exp", typeof(Exp<>), typeof(ComplexExp)),
        ("exp2", typeof(Exp2<>), typeof(ComplexExp2)),
        ("expm1", typeof(Expm1<>), typeof(ComplexExpm1)),
        ("log", typeof(Log<>), typeof(ComplexLog)),
        ("log2", typeof(Log2<>), typeof(ComplexLog2)),
        ("log10", typeof(Log10<>), typeof(ComplexLog10)),
        ("log1p", typeof(Log1p<>), typeof(ComplexLog1p)),
        ("sin", typeof(Sin<>), typeof(ComplexSin)),
        ("cos", typeof(Cos<>), typeof(ComplexCos)),
        ("tan", typeof(Tan<>), typeof(ComplexTan)),
        ("arcsin", typeof(ArcSin<>), typeof(ComplexArcSin)),
        ("arccos", typeof(ArcCos<>), typeof(ComplexArcCos)),
        ("arctan", typeof(ArcTan<>), typeof(ComplexArcTan)),
        ("sinh", typeof(Sinh<>), typeof(ComplexSinh)),
        ("cosh", typeof(Cosh<>), typeof(ComplexCosh)),
        ("tanh", typeof(Tanh<>), typeof(ComplexTanh)),
        ("arcsinh", typeof(ArcSinh<>), typeof(ComplexArcSinh)),
        ("arccosh", typeof(ArcCosh<>), typeof(ComplexArcCosh)),
        ("arctanh", typeof(ArcTanh<>), typeof(ComplexArcTanh)),
        ("rad2deg", typeof(Degrees<>), null),
        ("deg2rad", typeof(Radians<>), null),
        ("sinc", typeof(Sinc<>), null),
        ("i0", typeof(BesselI0<>), null),
        ("spacing", typeof(Spacing<>), null),
        ("floor", typeof(Floor<>), null),
        ("ceil", typeof(Ceil<>), null),
        ("trunc", typeof(Trunc<>), null),
        ("rint", typeof(Rint<>), typeof(ComplexRint)),
        ("modf_fraction", typeof(ModfFraction<>), null),
        ("frexp_mantissa", typeof(FrexpMantissa<>), null),
    ];
}
