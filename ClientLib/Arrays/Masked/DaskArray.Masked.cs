using System.Numerics;
using Orleans.Dask.Arrays;

namespace Orleans.Dask;

/// <summary>Hides elements.</summary>
public abstract partial class DaskArray
{
    /// <summary>Values and a mask, true where one is hidden.</summary>
    /// <param name="data">The values.</param>
    /// <param name="mask">One per element, or what repeats to that shape.</param>
    /// <param name="fillValue">In place of what is hidden; left out: numpy.ma's default of the type.</param>
    /// <exception cref="ShapeException">The mask does not repeat to the shape of the data.</exception>
    public static DaskMaskedArray<T> MaskedArray<T>(DaskArray<T> data, DaskArray<bool> mask, T? fillValue = null)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(mask);
        return new(data.Recipe, mask.Recipe, fillValue);
    }

    /// <summary>The array, hidden where the condition is true.</summary>
    /// <exception cref="ShapeException">The condition does not repeat to the shape of the array.</exception>
    public static DaskMaskedArray<T> MaskedWhere<T>(DaskArray<bool> condition, DaskArray<T> array)
        where T : unmanaged => MaskedArray(array, condition);

    /// <summary><paramref name="x"/> where the condition holds, else <paramref name="y"/>, with what is hidden in each.</summary>
    /// <exception cref="ShapeException">Their shapes do not broadcast.</exception>
    public static DaskMaskedArray<T> Where<T>(DaskArray<bool> condition, DaskMaskedArray<T> x, DaskMaskedArray<T> y)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(condition);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        return new(Element.Where(condition.Recipe, x.Data, y.Data), Element.Where(condition.Recipe, x.Mask, y.Mask), x.FillValue);
    }
}

/// <summary>Hides elements by their values.</summary>
public static class DaskArrayMasking
{
    /// <param name="array">The values.</param>
    extension<T>(DaskArray<T> array)
        where T : unmanaged, INumber<T>
    {
        /// <summary>Hides what equals a value, which becomes the fill value.</summary>
        public DaskMaskedArray<T> MaskedEqual(T value) => new(array.Recipe, Compare("equal", array, value), value);

        /// <summary>Hides what is not equal to a value.</summary>
        public DaskMaskedArray<T> MaskedNotEqual(T value) => new(array.Recipe, Compare("not_equal", array, value), null);

        /// <summary>Hides what is greater than a value.</summary>
        public DaskMaskedArray<T> MaskedGreater(T value) => new(array.Recipe, Compare("greater", array, value), null);

        /// <summary>Hides what is greater than or equal to a value.</summary>
        public DaskMaskedArray<T> MaskedGreaterEqual(T value) => new(array.Recipe, Compare("greater_equal", array, value), null);

        /// <summary>Hides what is less than a value.</summary>
        public DaskMaskedArray<T> MaskedLess(T value) => new(array.Recipe, Compare("less", array, value), null);

        /// <summary>Hides what is less than or equal to a value.</summary>
        public DaskMaskedArray<T> MaskedLessEqual(T value) => new(array.Recipe, Compare("less_equal", array, value), null);

        /// <summary>Hides what lies between two values, in either order, themselves included.</summary>
        public DaskMaskedArray<T> MaskedInside(T first, T second) =>
            new(array.Recipe, Element.Call("logical_and", Compare("greater_equal", array, T.Min(first, second)), Compare("less_equal", array, T.Max(first, second))), null);

        /// <summary>Hides what lies outside two values, in either order.</summary>
        public DaskMaskedArray<T> MaskedOutside(T first, T second) =>
            new(array.Recipe, Element.Call("logical_or", Compare("less", array, T.Min(first, second)), Compare("greater", array, T.Max(first, second))), null);
    }

    /// <param name="array">The values.</param>
    extension<T>(DaskArray<T> array)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>Hides what is NaN or infinite.</summary>
        public DaskMaskedArray<T> MaskedInvalid() => new(array.Recipe, Masks.Not(Element.Call("isfinite", array.Recipe)), null);

        /// <summary>Hides what is close to a value, which becomes the fill value: |x - value| &lt;= atol + rtol |value|.</summary>
        public DaskMaskedArray<T> MaskedValues(T value, double rtol = 1e-5, double atol = 1e-8) =>
            new(array.Recipe, (array - value).Absolute().LessEqual((DaskArray<T>)(T.CreateTruncating(atol) + (T.CreateTruncating(rtol) * T.Abs(value)))).Recipe, value);

        /// <summary>Hides what is NaN or infinite, and puts the fill value in its place.</summary>
        public DaskMaskedArray<T> FixInvalid(T? fillValue = null)
        {
            var masked = array.MaskedInvalid();
            var value = fillValue ?? masked.FillValue;
            return new(masked.Filled(value).Recipe, masked.Mask, value);
        }
    }

    private static Recipe Compare<T>(string name, DaskArray<T> array, T value)
        where T : unmanaged => Element.Call(name, array.Recipe, Element.Scalar(array.DType, value));
}
