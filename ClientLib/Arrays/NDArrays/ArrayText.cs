using System.Globalization;
using System.Numerics;
using System.Text;

namespace Orleans.Dask.Arrays;

/// <summary>Writes arrays as NumPy prints them: aligned columns, no more digits than needed, the ends of the axes when there are many elements.</summary>
internal static class ArrayText
{
    public static string Write(NDArray array, PrintOptions options)
    {
        if (array.Size == 0)
        {
            return "[]";
        }

        if (array.Rank == 0)
        {
            return Single(array.BoxedItem(array.Offset));
        }

        var layout = new Layout(array, options);
        var shown = new List<object>();
        layout.Collect(0, array.Offset, shown);
        var format = Formatter(array.DType, shown, options);
        return layout.Write(offset => format(array.BoxedItem(offset)));
    }

    /// <summary>As numpy.ma prints: each element by itself, <c>--</c> for those that are hidden.</summary>
    public static string Write(NDArray array, NDArray<bool> mask, PrintOptions options)
    {
        if (array.Size == 0)
        {
            return Write(array, options);
        }

        // Both walk in step when both are row-major.
        var (rows, hidden) = (Strided.Contiguous(array), (NDArray<bool>)Strided.Contiguous(mask));
        string Text(int offset) => (bool)hidden.BoxedItem(hidden.Offset + offset - rows.Offset) ? "--" : Single(rows.BoxedItem(offset));
        return array.Rank == 0 ? Text(rows.Offset) : new Layout(rows, options).Write(Text);
    }

    /// <summary>One value as Python shows it.</summary>
    private static string Single(object value) => value switch
    {
        bool truth => truth ? "True" : "False",
        Half number => FloatText.Python(number),
        float number => FloatText.Python(number),
        double number => FloatText.Python(number),
        Complex number => $"({FloatText.Python(number.Real, point: false)}{(double.IsNegative(number.Imaginary) ? "" : "+")}{FloatText.Python(number.Imaginary, point: false)}j)",
        _ => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
    };

    private static Func<object, string> Formatter(DType type, List<object> shown, PrintOptions options)
    {
        switch (type)
        {
            case DType.Complex128:
                var real = new FloatFormat([.. shown.Select(o => (object)((Complex)o).Real)], options);
                var imaginary = new FloatFormat([.. shown.Select(o => (object)((Complex)o).Imaginary)], options, alwaysSigned: true);
                return o =>
                {
                    // The j follows the digits, before the blanks that align them.
                    var part = imaginary.Write(((Complex)o).Imaginary);
                    var digits = part.TrimEnd();
                    return real.Write(((Complex)o).Real) + digits + "j" + part[digits.Length..];
                };
            case DType.Float16 or DType.Float32 or DType.Float64:
                return new FloatFormat(shown, options).Write;
            case DType.Bool:
                return o => (bool)o ? " True" : "False";
            default:
                var width = shown.Max(o => Single(o).Length);
                return o => Single(o).PadLeft(width);
        }
    }

    /// <summary>Brackets, line breaks and what is left out.</summary>
    private sealed class Layout(NDArray array, PrintOptions options)
    {
        private readonly bool _summarise = array.Size > options.Threshold;

        public void Collect(int axis, int offset, List<object> into)
        {
            if (axis == array.Rank)
            {
                into.Add(array.BoxedItem(offset));
                return;
            }

            foreach (var i in Positions(array.Dimensions[axis]))
            {
                if (i >= 0)
                {
                    Collect(axis + 1, offset + (i * array.Steps[axis]), into);
                }
            }
        }

        public string Write(Func<int, string> item)
        {
            var text = new StringBuilder();
            Write(text, 0, array.Offset, item, options.LineWidth);
            return text.ToString();
        }

        private IEnumerable<int> Positions(int length)
        {
            var edge = options.EdgeItems;
            for (var i = 0; i < length; i++)
            {
                if (_summarise && length > 2 * edge && i == edge)
                {
                    yield return -1;
                    i = length - edge;
                    if (i >= length)
                    {
                        yield break;
                    }
                }

                yield return i;
            }
        }

        private void Write(StringBuilder text, int axis, int offset, Func<int, string> item, int width)
        {
            text.Append('[');
            var indent = axis + 1;
            var column = indent;
            var first = true;
            foreach (var i in Positions(array.Dimensions[axis]))
            {
                if (axis == array.Rank - 1)
                {
                    var word = i < 0 ? "..." : item(offset + (i * array.Steps[axis]));
                    column += first ? 0 : 1;

                    // A line holds the bracket that may follow its last word.
                    if (column + word.Length > width - 1 && column > indent)
                    {
                        Trim(text);
                        text.Append('\n').Append(' ', indent);
                        column = indent;
                    }
                    else if (!first)
                    {
                        text.Append(' ');
                    }

                    text.Append(word);
                    column += word.Length;
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
                        Write(text, axis + 1, offset + (i * array.Steps[axis]), item, width - 1);
                    }
                }

                first = false;
            }

            text.Append(']');
        }

        /// <summary>Blanks that only align columns are not left at the end of a line.</summary>
        private static void Trim(StringBuilder text)
        {
            while (text[^1] == ' ')
            {
                text.Length--;
            }
        }
    }
}
