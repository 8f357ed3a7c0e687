using System.Globalization;
using System.Numerics;
using System.Text;

namespace Orleans.Dask.Arrays;

/// <summary>
/// Writes arrays as NumPy prints them: aligned columns, up to 8 digits after the point and no more than needed, three
/// elements at either end of each axis when there are more than a thousand.
/// </summary>
internal static class ArrayText
{
    private const int Threshold = 1000;
    private const int Edge = 3;
    private const int Width = 75;

    public static string Write(NDArray array)
    {
        if (array.Size == 0)
        {
            return array.Rank == 1 ? "[]" : $"[] (shape {Strided.Text(array.Dimensions)})";
        }

        var summarise = array.Size > Threshold;
        var shown = new List<object>();
        Collect(array, 0, array.Offset, summarise, shown);
        var format = Formatter(array.DType, shown);
        if (array.Rank == 0)
        {
            return format(shown[0]).Trim();
        }

        var text = new StringBuilder();
        Write(text, array, 0, array.Offset, summarise, format, 1);
        return text.ToString();
    }

    private static IEnumerable<int> Positions(int length, bool summarise)
    {
        for (var i = 0; i < length; i++)
        {
            if (summarise && length > 2 * Edge && i == Edge)
            {
                yield return -1;
                i = length - Edge;
            }

            yield return i;
        }
    }

    private static void Collect(NDArray array, int axis, int offset, bool summarise, List<object> into)
    {
        if (axis == array.Rank)
        {
            into.Add(array.BoxedItem(offset));
            return;
        }

        foreach (var i in Positions(array.Dimensions[axis], summarise))
        {
            if (i >= 0)
            {
                Collect(array, axis + 1, offset + (i * array.Steps[axis]), summarise, into);
            }
        }
    }

    private static void Write(StringBuilder text, NDArray array, int axis, int offset, bool summarise, Func<object, string> format, int indent)
    {
        text.Append('[');
        var last = axis == array.Rank - 1;
        var column = indent;
        var first = true;
        foreach (var i in Positions(array.Dimensions[axis], summarise))
        {
            if (last)
            {
                var item = i < 0 ? "..." : format(array.BoxedItem(offset + (i * array.Steps[axis])));
                if (!first && column + item.Length + 1 > Width)
                {
                    text.Append('\n').Append(' ', indent);
                    column = indent;
                }
                else if (!first)
                {
                    text.Append(' ');
                    column++;
                }

                text.Append(item);
                column += item.Length;
            }
            else
            {
                if (!first)
                {
                    text.Append('\n', array.Rank - axis - 1).Append(' ', indent);
                }

                if (i < 0)
                {
                    text.Append("...");
                }
                else
                {
                    Write(text, array, axis + 1, offset + (i * array.Steps[axis]), summarise, format, indent + 1);
                }
            }

            first = false;
        }

        text.Append(']');
    }

    private static Func<object, string> Formatter(DType type, List<object> shown)
    {
        if (type == DType.Complex128)
        {
            var real = Formatter(DType.Float64, [.. shown.Select(o => (object)((Complex)o).Real)]);
            var imaginary = Formatter(DType.Float64, [.. shown.Select(o => (object)Math.Abs(((Complex)o).Imaginary))]);
            return o => real(((Complex)o).Real) + (double.IsNegative(((Complex)o).Imaginary) ? "-" : "+") + imaginary(Math.Abs(((Complex)o).Imaginary)).Trim() + "j";
        }

        Func<object, string> plain = type == DType.Bool ? o => (bool)o ? "True" : "False"
            : type.IsFloat() ? FloatFormatter(type, shown)
            : o => ((IFormattable)o).ToString(null, CultureInfo.InvariantCulture);
        var width = shown.Max(o => plain(o).Length);
        return o => plain(o).PadLeft(width);
    }

    private static Func<object, string> FloatFormatter(DType type, List<object> shown)
    {
        if (type == DType.Float16)
        {
            // The shortest text of a half is one of the float nearest to that text.
            static object Single(object half) => float.Parse(((Half)half).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            var format = FloatFormatter(DType.Float32, [.. shown.Select(Single)]);
            return half => format(Single(half));
        }

        var finite = shown.Select(o => System.Convert.ToDouble(o, CultureInfo.InvariantCulture)).Where(double.IsFinite).Select(Math.Abs).Where(v => v != 0).ToArray();
        var exponent = finite.Length > 0 && (finite.Max() >= 1e8 || finite.Min() < 1e-4 || finite.Max() / finite.Min() > 1000 && finite.Min() < 1e-4);
        var digits = 0;
        foreach (var value in shown)
        {
            digits = Math.Max(digits, Digits(value, exponent));
        }

        return value =>
        {
            var number = System.Convert.ToDouble(value, CultureInfo.InvariantCulture);
            if (!double.IsFinite(number))
            {
                return double.IsNaN(number) ? "nan" : number > 0 ? "inf" : "-inf";
            }

            if (!exponent)
            {
                // 3. and 0.5 keep NumPy's look: the digits that the longest needs, blanks for the others.
                var text = number.ToString("F" + digits, CultureInfo.InvariantCulture);
                var own = Digits(value, false);
                var cut = digits > own ? text[..^(digits - own)] : text;
                return (own == 0 && !cut.Contains('.', StringComparison.Ordinal) ? cut + "." : cut).PadRight(text.Length + (digits == 0 ? 1 : 0));
            }

            return number.ToString("0." + (digits == 0 ? "" : new string('0', digits)) + "e+00", CultureInfo.InvariantCulture);
        };
    }

    /// <summary>Digits after the point that the shortest faithful text has, at most 8.</summary>
    private static int Digits(object value, bool exponent)
    {
        var text = value is float f ? f.ToString("E8", CultureInfo.InvariantCulture) : ((double)value).ToString("E16", CultureInfo.InvariantCulture);
        var number = System.Convert.ToDouble(value, CultureInfo.InvariantCulture);
        if (!double.IsFinite(number))
        {
            return 0;
        }

        if (exponent)
        {
            text = value is float single ? single.ToString("R", CultureInfo.InvariantCulture) : number.ToString("R", CultureInfo.InvariantCulture);
            var mantissa = new string([.. text.TakeWhile(c => c is not 'E').Where(char.IsAsciiDigit)]).TrimStart('0').TrimEnd('0');
            return Math.Clamp(mantissa.Length - 1, 0, 8);
        }

        var shortest = value is float x ? ((decimal)x).ToString(CultureInfo.InvariantCulture) : number.ToString("F8", CultureInfo.InvariantCulture).TrimEnd('0');
        var point = shortest.IndexOf('.', StringComparison.Ordinal);
        return point < 0 ? 0 : Math.Min(8, shortest.TrimEnd('0').Length - point - 1);
    }
}
