using System.Numerics;
using Orleans.Dask.Arrays;

namespace Orleans.Dask;

/// <summary>Floating functions of integer arrays; answers are double.</summary>
public static class DaskArrayIntegerFunctions
{
    /// <param name="array">What it is applied to, element by element.</param>
    extension<T>(DaskArray<T> array)
        where T : unmanaged, IBinaryInteger<T>
    {
        /// <summary>Square root; NaN of negatives.</summary>
        public DaskArray<double> Sqrt() => new(Element.Call("sqrt", array.Recipe));

        /// <summary>Cube root.</summary>
        public DaskArray<double> Cbrt() => new(Element.Call("cbrt", array.Recipe));

        /// <summary>e to the power of it.</summary>
        public DaskArray<double> Exp() => new(Element.Call("exp", array.Recipe));

        /// <summary>2 to the power of it.</summary>
        public DaskArray<double> Exp2() => new(Element.Call("exp2", array.Recipe));

        /// <summary>exp(x) - 1, exact near zero.</summary>
        public DaskArray<double> Expm1() => new(Element.Call("expm1", array.Recipe));

        /// <summary>Natural logarithm; -inf of 0, NaN of negatives.</summary>
        public DaskArray<double> Log() => new(Element.Call("log", array.Recipe));

        /// <summary>Logarithm to base 2.</summary>
        public DaskArray<double> Log2() => new(Element.Call("log2", array.Recipe));

        /// <summary>Logarithm to base 10.</summary>
        public DaskArray<double> Log10() => new(Element.Call("log10", array.Recipe));

        /// <summary>log(1 + x), exact near zero.</summary>
        public DaskArray<double> Log1p() => new(Element.Call("log1p", array.Recipe));

        /// <summary>Sine.</summary>
        public DaskArray<double> Sin() => new(Element.Call("sin", array.Recipe));

        /// <summary>Cosine.</summary>
        public DaskArray<double> Cos() => new(Element.Call("cos", array.Recipe));

        /// <summary>Tangent.</summary>
        public DaskArray<double> Tan() => new(Element.Call("tan", array.Recipe));

        /// <summary>Angle of a sine.</summary>
        public DaskArray<double> ArcSin() => new(Element.Call("arcsin", array.Recipe));

        /// <summary>Angle of a cosine.</summary>
        public DaskArray<double> ArcCos() => new(Element.Call("arccos", array.Recipe));

        /// <summary>Angle of a tangent.</summary>
        public DaskArray<double> ArcTan() => new(Element.Call("arctan", array.Recipe));

        /// <summary>Hyperbolic sine.</summary>
        public DaskArray<double> Sinh() => new(Element.Call("sinh", array.Recipe));

        /// <summary>Hyperbolic cosine.</summary>
        public DaskArray<double> Cosh() => new(Element.Call("cosh", array.Recipe));

        /// <summary>Hyperbolic tangent.</summary>
        public DaskArray<double> Tanh() => new(Element.Call("tanh", array.Recipe));

        /// <summary>Inverse of the hyperbolic sine.</summary>
        public DaskArray<double> ArcSinh() => new(Element.Call("arcsinh", array.Recipe));

        /// <summary>Inverse of the hyperbolic cosine.</summary>
        public DaskArray<double> ArcCosh() => new(Element.Call("arccosh", array.Recipe));

        /// <summary>Inverse of the hyperbolic tangent.</summary>
        public DaskArray<double> ArcTanh() => new(Element.Call("arctanh", array.Recipe));

        /// <summary>Degrees of radians.</summary>
        public DaskArray<double> Rad2Deg() => new(Element.Call("rad2deg", array.Recipe));

        /// <summary>Radians of degrees.</summary>
        public DaskArray<double> Deg2Rad() => new(Element.Call("deg2rad", array.Recipe));

        /// <summary>sin(pi x) / (pi x), 1 at 0.</summary>
        public DaskArray<double> Sinc() => new(Element.Call("sinc", array.Recipe));

        /// <summary>Modified Bessel function of order 0.</summary>
        public DaskArray<double> I0() => new(Element.Call("i0", array.Recipe));

        /// <summary>Distance to the next number away from zero.</summary>
        public DaskArray<double> Spacing() => new(Element.Call("spacing", array.Recipe));

        /// <summary>Whole number not above it.</summary>
        public DaskArray<double> Floor() => new(Element.Call("floor", array.Recipe));

        /// <summary>Whole number not below it.</summary>
        public DaskArray<double> Ceil() => new(Element.Call("ceil", array.Recipe));

        /// <summary>Whole number toward zero.</summary>
        public DaskArray<double> Trunc() => new(Element.Call("trunc", array.Recipe));

        /// <summary>Nearest whole number, ties to even.</summary>
        public DaskArray<double> Rint() => new(Element.Call("rint", array.Recipe));

        /// <summary>Absolute value, floating.</summary>
        public DaskArray<double> Fabs() => new(Element.Call("fabs", array.Recipe));

        /// <summary>Angle of the point (other, this): atan2(this, other).</summary>
        public DaskArray<double> ArcTan2(DaskArray<T> other) => new(Element.Call("arctan2", array.Recipe, other.Recipe));

        /// <summary>Length of the hypotenuse.</summary>
        public DaskArray<double> Hypot(DaskArray<T> other) => new(Element.Call("hypot", array.Recipe, other.Recipe));

        /// <summary>log(exp(x) + exp(y)).</summary>
        public DaskArray<double> LogAddExp(DaskArray<T> other) => new(Element.Call("logaddexp", array.Recipe, other.Recipe));

        /// <summary>log2(2^x + 2^y).</summary>
        public DaskArray<double> LogAddExp2(DaskArray<T> other) => new(Element.Call("logaddexp2", array.Recipe, other.Recipe));

        /// <summary>This with the sign of the other.</summary>
        public DaskArray<double> CopySign(DaskArray<T> other) => new(Element.Call("copysign", array.Recipe, other.Recipe));

        /// <summary>The next number toward the other.</summary>
        public DaskArray<double> NextAfter(DaskArray<T> other) => new(Element.Call("nextafter", array.Recipe, other.Recipe));

        /// <summary>Whole number toward zero.</summary>
        public DaskArray<double> Fix() => array.Trunc();

        /// <summary>Radians of degrees.</summary>
        public DaskArray<double> Radians() => array.Deg2Rad();

        /// <summary>Degrees of radians.</summary>
        public DaskArray<double> Degrees() => array.Rad2Deg();

        /// <summary>Fraction and whole part, both with the number's sign.</summary>
        public (DaskArray<double> Fraction, DaskArray<double> Whole) Modf() => (new(Element.Call("modf_fraction", array.Recipe)), array.Trunc());

        /// <summary>Mantissa in ±[0.5, 1) and power of two.</summary>
        public (DaskArray<double> Mantissa, DaskArray<int> Exponent) Frexp() => (new(Element.Call("frexp_mantissa", array.Recipe)), new(Element.Call("frexp_exponent", array.Recipe)));

        /// <summary>This times 2 to the power of <paramref name="exponent"/>.</summary>
        public DaskArray<double> Ldexp(DaskArray<int> exponent) => new(Element.Call("ldexp", array.Recipe, exponent.Recipe));

        /// <summary>Argument: 0 for positive numbers, pi (or 180 degrees) for negative ones.</summary>
        public DaskArray<double> Angle(bool deg = false)
        {
            DaskArray<double> angle = new(Element.Call("angle", array.Recipe));
            return deg ? angle.Rad2Deg() : angle;
        }

        /// <summary>Quotient; dividing by zero gives an infinity or NaN.</summary>
        public DaskArray<double> Divide(DaskArray<T> other) => new(Element.Call("divide", array.Recipe, other.Recipe));
    }
}
