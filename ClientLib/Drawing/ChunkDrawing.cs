using System.Globalization;

namespace Orleans.Dask.Drawing;

/// <summary>
/// A picture of how an array is cut: a bar, a grid or a block, with a line where a chunk ends. More than three axes are
/// shown as several pictures side by side, the first axes to the left.
/// </summary>
/// <remarks>
/// <code>
///   (6,)   ┌──┬──┬──┐     (4, 6)  ┌──┬──┬──┐  4      (3, 4, 6)  depth to the lower right
///          └──┴──┴──┘             ├──┼──┼──┤
///               6                 └──┴──┴──┘
///                                      6
/// </code>
/// </remarks>
internal static class ChunkDrawing
{
    private const string Face = "fill=\"#dfeaf5\" stroke=\"#2c5d8f\" stroke-width=\"1.5\"";
    private const string Side = "fill=\"#bcd3e8\" stroke=\"#2c5d8f\" stroke-width=\"1.5\"";
    private const string Cut = "stroke=\"#2c5d8f\" stroke-width=\"0.7\"";
    private const string Label = "font-size=\"13\" fill=\"#333\" text-anchor=\"middle\"";
    private const double Margin = 10, LabelRoom = 26, Slant = 0.45;

    /// <summary>Beyond so many lines a picture is a blot.</summary>
    private const int MostLines = 24;

    public static string Write(long[] shape, long[][] chunks, int size, string title)
    {
        var all = new Svg();
        var (width, height) = (0.0, 0.0);
        for (var first = 0; first < Math.Max(1, shape.Length);)
        {
            // The last group is full, so that rows and columns come out as people know them.
            var axes = shape.Length == 0 ? 0 : (shape.Length - first) % 3 is 0 ? 3 : (shape.Length - first) % 3;
            var part = new Svg();
            var (w, h) = Part(part, shape.AsSpan(first, axes), chunks.AsSpan(first, axes), size);
            all.Group(width, part);
            (width, height) = (width + w, Math.Max(height, h));
            first += Math.Max(1, axes);
        }

        return all.Finish(width, height, title);
    }

    private static (double Width, double Height) Part(Svg svg, ReadOnlySpan<long> shape, ReadOnlySpan<long[]> chunks, int size)
    {
        var lengths = Lengths(shape, size);
        var (width, height, depth) = shape.Length switch
        {
            0 => (size * 0.12, size * 0.12, 0.0),
            1 => (lengths[0], size * 0.12, 0.0),
            2 => (lengths[1], lengths[0], 0.0),
            _ => (lengths[2], lengths[1], lengths[0] * Slant),
        };
        var columns = shape.Length == 0 ? [] : Cuts(chunks[^1], width);
        var rows = shape.Length < 2 ? [] : Cuts(chunks[^2], height);
        var (left, top) = (Margin, Margin);
        if (depth > 0)
        {
            Block(svg, left, top, width, height, depth, columns, rows, Cuts(chunks[0], depth));
        }
        else
        {
            Front(svg, left, top, width, height, columns, rows);
        }

        var (right, bottom) = (left + width + depth, top + height + depth);
        if (shape.Length > 0)
        {
            svg.Text(left + depth + (width / 2), bottom + 17, Text(shape[^1]), Label);
        }

        if (shape.Length > 1)
        {
            svg.Text(right + 8, top + depth + (height / 2) + 4, Text(shape[^2]), Label.Replace("middle", "start", StringComparison.Ordinal));
        }

        if (depth > 0)
        {
            svg.Text(left + (depth / 2) - 4, top + height + (depth / 2) + 14, Text(shape[0]), Label.Replace("middle", "end", StringComparison.Ordinal));
        }

        var room = shape.Length > 1 ? 16 + (8 * Text(shape[^2]).Length) : Margin;
        return (right + room, bottom + LabelRoom);
    }

    /// <summary>The top and the left side lean away from a front that stands to the lower right.</summary>
    private static void Block(Svg svg, double left, double top, double width, double height, double depth, double[] columns, double[] rows, double[] layers)
    {
        svg.Polygon(Side, (left, top), (left + depth, top + depth), (left + depth, top + depth + height), (left, top + height));
        svg.Polygon(Side, (left, top), (left + width, top), (left + width + depth, top + depth), (left + depth, top + depth));
        foreach (var z in layers)
        {
            svg.Line(left + z, top + z, left + z, top + z + height, Cut);
            svg.Line(left + z, top + z, left + z + width, top + z, Cut);
        }

        foreach (var y in rows)
        {
            svg.Line(left, top + y, left + depth, top + depth + y, Cut);
        }

        foreach (var x in columns)
        {
            svg.Line(left + x, top, left + depth + x, top + depth, Cut);
        }

        Front(svg, left + depth, top + depth, width, height, columns, rows);
    }

    private static void Front(Svg svg, double left, double top, double width, double height, double[] columns, double[] rows)
    {
        svg.Polygon(Face, (left, top), (left + width, top), (left + width, top + height), (left, top + height));
        foreach (var x in columns)
        {
            svg.Line(left + x, top, left + x, top + height, Cut);
        }

        foreach (var y in rows)
        {
            svg.Line(left, top + y, left + width, top + y, Cut);
        }
    }

    /// <summary>The longest axis is <paramref name="size"/> long; shorter ones shrink with the logarithm, so that none vanishes.</summary>
    private static double[] Lengths(ReadOnlySpan<long> shape, int size)
    {
        var longest = 1.0;
        foreach (var length in shape)
        {
            longest = Math.Max(longest, length);
        }

        return Array.ConvertAll(shape.ToArray(), length => size * Math.Max(0.12, 1 / (1 + Math.Log(longest / Math.Max(1, length < 0 ? longest : length)))));
    }

    /// <summary>Where lines go between the ends; chunks of unknown sizes are drawn alike, and of very many only some.</summary>
    private static double[] Cuts(long[] chunks, double length)
    {
        var sizes = Array.Exists(chunks, c => c < 0) ? Array.ConvertAll(chunks, _ => 1L) : chunks;
        var total = Math.Max(1, (double)sizes.Sum());
        var every = ((sizes.Length - 1) / MostLines) + 1;
        var cuts = new List<double>();
        double end = 0;
        for (var i = 0; i < sizes.Length - 1; i++)
        {
            end += sizes[i];
            if ((i + 1) % every == 0)
            {
                cuts.Add(length * end / total);
            }
        }

        return [.. cuts];
    }

    private static string Text(long length) => length < 0 ? "?" : length.ToString(CultureInfo.InvariantCulture);
}
