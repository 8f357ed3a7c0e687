using System.Numerics;
using Orleans.Dask.Arrays;

namespace Orleans.Dask;

/// <summary>Functions of complex arrays: principal values.</summary>
public static class DaskArrayComplexFunctions
{
    /// <param name="array">What it is applied to, element by element.</param>
    extension(DaskArray<Complex> array)
    {
        /// <summary>Square root; NaN of negatives.</summary>
        public DaskArray<Complex> Sqrt() => new(Element.Call("sqrt", array.Recipe));

        /// <summary>e to the power of it.</summary>
        public DaskArray<Complex> Exp() => new(Element.Call("exp", array.Recipe));

        /// <summary>2 to the power of it.</summary>
        public DaskArray<Complex> Exp2() => new(Element.Call("exp2", array.Recipe));

        /// <summary>exp(x) - 1, exact near zero.</summary>
        public DaskArray<Complex> Expm1() => new(Element.Call("expm1", array.Recipe));

        /// <summary>Natural logarithm; -inf of 0, NaN of negatives.</summary>
        public DaskArray<Complex> Log() => new(Element.Call("log", array.Recipe));

        /// <summary>Logarithm to base 2.</summary>
        public DaskArray<Complex> Log2() => new(Element.Call("log2", array.Recipe));

        /// <summary>Logarithm to base 10.</summary>
        public DaskArray<Complex> Log10() => new(Element.Call("log10", array.Recipe));

        /// <summary>log(1 + x), exact near zero.</summary>
        public DaskArray<Complex> Log1p() => new(Element.Call("log1p", array.Recipe));

        /// <summary>Sine.</summary>
        public DaskArray<Complex> Sin() => new(Element.Call("sin", array.Recipe));

        /// <summary>Cosine.</summary>
        public DaskArray<Complex> Cos() => new(Element.Call("cos", array.Recipe));

        /// <summary>Tangent.</summary>
        public DaskArray<Complex> Tan() => new(Element.Call("tan", array.Recipe));

        /// <summary>Angle of a sine.</summary>
        public DaskArray<Complex> ArcSin() => new(Element.Call("arcsin", array.Recipe));

        /// <summary>Angle of a cosine.</summary>
        public DaskArray<Complex> ArcCos() => new(Element.Call("arccos", array.Recipe));

        /// <summary>Angle of a tangent.</summary>
        public DaskArray<Complex> ArcTan() => new(Element.Call("arctan", array.Recipe));

        /// <summary>Hyperbolic sine.</summary>
        public DaskArray<Complex> Sinh() => new(Element.Call("sinh", array.Recipe));

        /// <summary>Hyperbolic cosine.</summary>
        public DaskArray<Complex> Cosh() => new(Element.Call("cosh", array.Recipe));

        /// <summary>Hyperbolic tangent.</summary>
        public DaskArray<Complex> Tanh() => new(Element.Call("tanh", array.Recipe));

        /// <summary>Inverse of the hyperbolic sine.</summary>
        public DaskArray<Complex> ArcSinh() => new(Element.Call("arcsinh", array.Recipe));

        /// <summary>Inverse of the hyperbolic cosine.</summary>
        public DaskArray<Complex> ArcCosh() => new(Element.Call("arccosh", array.Recipe));

        /// <summary>Inverse of the hyperbolic tangent.</summary>
        public DaskArray<Complex> ArcTanh() => new(Element.Call("arctanh", array.Recipe));

        /// <summary>Nearest whole number, ties to even.</summary>
        public DaskArray<Complex> Rint() => new(Element.Call("rint", array.Recipe));

        /// <summary>Quotient.</summary>
        public DaskArray<Complex> Divide(DaskArray<Complex> other) => new(Element.Call("divide", array.Recipe, other.Recipe));

        /// <summary>Distance from zero.</summary>
        public DaskArray<double> Absolute() => new(Element.Call("absolute", array.Recipe));

        /// <summary>Real part.</summary>
        public DaskArray<double> Real() => new(Element.Call("real", array.Recipe));

        /// <summary>Imaginary part.</summary>
        public DaskArray<double> Imag() => new(Element.Call("imag", array.Recipe));

        /// <summary>Argument in radians, or degrees.</summary>
        public DaskArray<double> Angle(bool deg = false)
        {
            DaskArray<double> angle = new(Element.Call("angle", array.Recipe));
            return deg ? angle.Rad2Deg() : angle;
        }

        /// <summary>Complex power.</summary>
        public DaskArray<Complex> FloatPower(DaskArray<Complex> other) => new(Element.Call("float_power", array.Recipe, other.Recipe));
    }
}
