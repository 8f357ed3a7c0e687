using System.Numerics;

namespace Orleans.Dask.Conformance.Arrays;

/// <summary>Plain loops over blocks in memory: what the vectors' named functions do.</summary>
internal static class Blocks
{
    public static T One<T>(string name, T x)
        where T : unmanaged, INumber<T> => name switch
        {
            "inc" => x + T.One,
            "dec" => x - T.One,
            "double" => x + x,
            "square" => x * x,
            "neg" => -x,
            "half" => x / (T.One + T.One),
            _ => x,
        };

    public static NDArray<T> Unary<T>(string name, NDArray<T> x)
        where T : unmanaged, INumber<T> => NDArray.From(Array.ConvertAll(x.ToArray(), v => One(name, v)), x.Shape.ToArray()).Reshape(x.Shape.ToArray());

    public static NDArray<T> Binary<T>(string name, NDArray<T> x, NDArray<T> y)
        where T : unmanaged, INumber<T> => name switch
        {
            "add" => x + y,
            "sub" => x - y,
            _ => x * y,
        };

    /// <summary>Sum, max, min, product or sum of squares over axes.</summary>
    public static NDArray<T> Reduce<T>(string name, NDArray<T> x, int[] axes, bool keep)
        where T : unmanaged, INumber<T>
    {
        var shape = x.Shape.ToArray();
        int[] kept = [.. shape.Select((l, axis) => axes.Contains(axis) ? 1 : l)];
        var result = new T[kept.Aggregate(1, (a, b) => a * b)];
        var seen = new int[result.Length];
        var values = x.ToArray();
        for (var i = 0; i < values.Length; i++)
        {
            int rest = i, place = 0, step = 1;
            for (var axis = shape.Length - 1; axis >= 0; axis--)
            {
                (rest, var position) = Math.DivRem(rest, shape[axis]);
                place += axes.Contains(axis) ? 0 : position * step;
                step *= kept[axis];
            }

            var value = name == "sumsq" ? values[i] * values[i] : values[i];
            result[place] = seen[place]++ == 0 ? value : name switch
            {
                "max" => T.Max(result[place], value),
                "min" => T.Min(result[place], value),
                "prod" => result[place] * value,
                _ => result[place] + value,
            };
        }

        if (name == "mean")
        {
            for (var i = 0; i < result.Length; i++)
            {
                result[i] /= T.CreateTruncating(seen[i]);
            }
        }

        return NDArray.From(result).Reshape(keep ? kept : [.. shape.Where((_, axis) => !axes.Contains(axis))]);
    }

    public static NDArray<T> Whole<T>(string name, NDArray<T> x)
        where T : unmanaged, INumber<T>
    {
        var shape = x.Shape.ToArray();
        int[] all = [.. Enumerable.Range(0, shape.Length)];
        return name switch
        {
            "block_reverse" => x[IndexItem.Ellipsis, Slice.Reversed],
            "block_sum" => Reduce("sum", x, all, keep: true),
            "block_max" => Reduce("max", x, all, keep: true),
            "row_sum" => Reduce("sum", x, [shape.Length - 1], keep: false),
            "add_axis" => x[IndexItem.Ellipsis, IndexItem.NewAxis],
            "block_cumsum" => Along(x, 0, line => Running(line)),
            "block_sort" => Along(x, shape.Length - 1, line => [.. line.Order()]),
            _ => Unary(name, x),
        };
    }

    public static NDArray<T> Line<T>(string name, NDArray<T> line)
        where T : unmanaged, INumber<T>
    {
        var values = line.ToArray();
        return name switch
        {
            "sum" => (NDArray<T>)values.Aggregate(T.Zero, (a, b) => a + b),
            "range" => (NDArray<T>)(values.Aggregate(T.Max) - values.Aggregate(T.Min)),
            "sort" => values.Order().ToArray(),
            "cumsum" => Running(values),
            _ => new[] { values[0], values[^1] },
        };
    }

    public static NDArray<T> Neighbours<T>(string name, NDArray<T> x)
        where T : unmanaged, INumber<T> => name switch
        {
            "sum3" => Along(x, 0, l => Window(l, 1, (a, b) => a + b)),
            "sum5" => Along(x, 0, l => Window(l, 2, (a, b) => a + b)),
            "max3" => Along(x, 0, l => Window(l, 1, T.Max)),
            "sum3_last" => Along(x, x.Rank - 1, l => Window(l, 1, (a, b) => a + b)),
            "sum3x3" => Along(Along(x, 0, l => Window(l, 1, (a, b) => a + b)), 1, l => Window(l, 1, (a, b) => a + b)),
            _ => Along(x, 0, l => [.. l.Select((v, i) => i == 0 ? v : v - l[i - 1])]),
        };

    public static NDArray<T> SumLast<T>(NDArray<T> x)
        where T : unmanaged, INumber<T> => Reduce("sum", x, [x.Rank - 1], keep: false);

    public static NDArray<double> OverLast(string name, NDArray<double> x)
    {
        var mean = Reduce("mean", x, [x.Rank - 1], keep: true);
        return name == "mean_last" ? mean[IndexItem.Ellipsis, 0] : x - mean;
    }

    public static NDArray<T> Pairs<T>(string name, NDArray<T> x, NDArray<T> y)
        where T : unmanaged, INumber<T> => name == "dot_last"
            ? SumLast(x * y)
            : x[IndexItem.Ellipsis, IndexItem.NewAxis] * y[IndexItem.Ellipsis, IndexItem.NewAxis, IndexItem.All];

    private static T[] Running<T>(T[] line)
        where T : unmanaged, INumber<T>
    {
        var total = T.Zero;
        return Array.ConvertAll(line, v => total += v);
    }

    private static T[] Window<T>(T[] line, int reach, Func<T, T, T> join) =>
        [.. line.Select((_, i) => line[Math.Max(0, i - reach)..Math.Min(line.Length, i + reach + 1)].Aggregate(join))];

    private static NDArray<T> Along<T>(NDArray<T> x, int axis, Func<T[], T[]> function)
        where T : unmanaged
    {
        int[] order = [.. Enumerable.Range(0, x.Rank).Where(a => a != axis), axis];
        var moved = x.Transpose(order);
        var length = x.Shape[axis];
        var values = moved.ToArray();
        T[] result = [.. Enumerable.Range(0, length == 0 ? 0 : values.Length / length).SelectMany(i => function(values[(i * length)..((i + 1) * length)]))];
        int[] back = [.. Enumerable.Range(0, x.Rank).Select(a => Array.IndexOf(order, a))];
        return NDArray.From(result).Reshape(moved.Shape.ToArray()).Transpose(back);
    }
}
