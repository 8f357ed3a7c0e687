using System.Numerics;
using Orleans.Dask.Arrays;
using Orleans.Dask.Arrays.Kernels;

namespace Orleans.Dask;

/// <summary>Sets, counts and histograms.</summary>
public static class DaskArrayCounting
{
    /// <param name="array">The values.</param>
    extension<T>(DaskArray<T> array)
        where T : unmanaged
    {
        /// <summary>Distinct values of the flattened array, ascending; how many is known only when computed.</summary>
        public DaskArray<T> Unique() => new(UniqueLayers.Lower<T>(array.Recipe).Values);

        /// <summary>Distinct values, the position of the first of each, where each element's value stands among them, and how often each occurs.</summary>
        public (DaskArray<T> Values, DaskArray<long> Index, DaskArray<long> Inverse, DaskArray<long> Counts) UniqueParts()
        {
            var unique = UniqueLayers.Lower<T>(array.Recipe);
            return (new(unique.Values), new(unique.Index), new(unique.Inverse), new(unique.Counts));
        }

        /// <summary>Distinct values of both, ascending.</summary>
        public DaskArray<T> Union1D(DaskArray<T> other) => array.Append(other).Unique();

        /// <summary>Whether each element is among the values.</summary>
        public DaskArray<bool> IsIn(DaskArray<T> values, bool assumeUnique = false, bool invert = false)
        {
            _ = assumeUnique;
            var (source, set) = (array.Source, BlockMap.Whole(values.Ravel().Recipe, 0).Materialize());
            return new(BlockMap.Lower("isin", invert, DType.Bool, source.Chunks, [source, set], position => [source.Key(position), set.Key(0)], (blocks, _) =>
            {
                var known = ((NDArray<T>)blocks[1]).ToArray().Where(v => v.Equals(v) && !(v is double.NaN or float.NaN)).ToHashSet();
                return new NDArray<bool>(Array.ConvertAll(((NDArray<T>)blocks[0]).ToArray(), v => known.Contains(v) != invert), blocks[0].Dimensions);
            }));
        }
    }

    /// <param name="array">Non-negative integers, one axis.</param>
    extension<T>(DaskArray<T> array)
        where T : unmanaged, IBinaryInteger<T>
    {
        /// <summary>How often each of 0, 1, … occurs; as long as the largest value needs, at least <paramref name="minlength"/>.</summary>
        public DaskArray<long> BinCount(int minlength = 0) =>
            new(SumBlocks.Lower("bincount", minlength, DType.Int64, [[Shapes.Unknown]], [OneAxis(array).Source], blocks => Count(blocks[0], null, minlength).AsType(DType.Int64)));

        /// <summary>The sum of the weights of each of 0, 1, ….</summary>
        public DaskArray<double> BinCount(DaskArray<double> weights, int minlength = 0)
        {
            var (values, aligned) = Pair(OneAxis(array).Recipe, weights.Recipe);
            return new(SumBlocks.Lower("bincount", minlength, DType.Float64, [[Shapes.Unknown]], [values, aligned], blocks => Count(blocks[0], blocks[1], minlength)));
        }
    }

    /// <param name="array">The numbers.</param>
    extension<T>(DaskArray<T> array)
        where T : unmanaged, INumber<T>
    {
        /// <summary>Counts between whole edges, and the edges.</summary>
        public (DaskArray<long> Counts, DaskArray<long> Edges) Histogram(long[] bins) =>
            (Sums(array, Bins.Checked(Array.ConvertAll(bins ?? throw new ArgumentNullException(nameof(bins)), b => (double)b)), null).AsType<long>(), DaskArray.FromArray(bins, -1));

        /// <summary>Sums of weights between whole edges, or a density, and the edges.</summary>
        public (DaskArray<double> Counts, DaskArray<long> Edges) Histogram(long[] bins, bool density, DaskArray<double>? weights = null)
        {
            var edges = Bins.Checked(Array.ConvertAll(bins ?? throw new ArgumentNullException(nameof(bins)), b => (double)b));
            return (Densities(Sums(array, edges, weights), edges, density).Counts, DaskArray.FromArray(bins, -1));
        }

        /// <summary>How many values fall into equal bins of a range, and the edges.</summary>
        public (DaskArray<double> Counts, DaskArray<double> Edges) Histogram(int bins, (double Low, double High) range, bool density, DaskArray<double>? weights = null) =>
            Densities(Sums(array, Bins.Edges(bins, range.Low, range.High), weights), Bins.Edges(bins, range.Low, range.High), density);

        /// <summary>How many values fall between edges, and the edges.</summary>
        public (DaskArray<double> Counts, DaskArray<double> Edges) Histogram(double[] bins, bool density, DaskArray<double>? weights = null) =>
            Densities(Sums(array, Bins.Checked(bins), weights), bins, density);

        /// <summary>Counts of equal bins of a range, and the edges; the last bin holds its right edge, values outside are dropped.</summary>
        public (DaskArray<long> Counts, DaskArray<double> Edges) Histogram(int bins, (double Low, double High) range)
        {
            var edges = Bins.Edges(bins, range.Low, range.High);
            return (Sums(array, edges, null).AsType<long>(), DaskArray.FromArray(edges, -1));
        }

        /// <summary>Counts between edges, and the edges.</summary>
        public (DaskArray<long> Counts, DaskArray<double> Edges) Histogram(double[] bins) => (Sums(array, Bins.Checked(bins), null).AsType<long>(), DaskArray.FromArray(bins, -1));

        /// <summary>Counts in a grid of bins of two variables, and both edges.</summary>
        public (DaskArray<double> Counts, DaskArray<double> XEdges, DaskArray<double> YEdges) Histogram2D(DaskArray<T> other, (int X, int Y) bins, ((double Low, double High) X, (double Low, double High) Y) range, bool density = false)
        {
            var (xs, ys) = (Bins.Edges(bins.X, range.X.Low, range.X.High), Bins.Edges(bins.Y, range.Y.Low, range.Y.High));
            var (x, y) = Pair(array.AsType<double>().Recipe, other.AsType<double>().Recipe);
            DaskArray<double> counts = new(SumBlocks.Lower("histogram2d", ArrayToken.Of(xs, ys), DType.Float64, [[bins.X], [bins.Y]], [x, y], blocks =>
            {
                var grid = NDArray.Zeros<double>(bins.X, bins.Y);
                ReadOnlySpan<double> a = ((NDArray<double>)blocks[0]).Span, b = ((NDArray<double>)blocks[1]).Span;
                for (var i = 0; i < a.Length; i++)
                {
                    if (Bins.Of(xs, a[i]) is >= 0 and var row && Bins.Of(ys, b[i]) is >= 0 and var column)
                    {
                        grid.Data[(row * bins.Y) + column]++;
                    }
                }

                return grid;
            }));
            if (density)
            {
                var widths = DaskArray.FromArray(Widths(xs), -1).ExpandDims(1) * DaskArray.FromArray(Widths(ys), -1);
                counts = counts / counts.Sum() / widths;
            }

            return (counts, DaskArray.FromArray(xs, -1), DaskArray.FromArray(ys, -1));
        }

        /// <summary>Counts in a grid of as many bins for both variables.</summary>
        public (DaskArray<double> Counts, DaskArray<double> XEdges, DaskArray<double> YEdges) Histogram2D(DaskArray<T> other, int bins, ((double Low, double High) X, (double Low, double High) Y) range, bool density = false) =>
            array.Histogram2D(other, (bins, bins), range, density);

        /// <summary>Counts in a box of bins over several variables: this holds a point per row.</summary>
        /// <param name="bins">Bins along each variable.</param>
        /// <param name="range">Lower and upper end along each variable.</param>
        /// <param name="density">Per volume and point, instead of counts.</param>
        public (DaskArray<double> Counts, IReadOnlyList<DaskArray<double>> Edges) HistogramDD(int[] bins, (double Low, double High)[] range, bool density = false)
        {
            ArgumentNullException.ThrowIfNull(bins);
            ArgumentNullException.ThrowIfNull(range);
            if (array.Rank != 2 || array.Shape[1] != bins.Length || range.Length != bins.Length)
            {
                throw new ShapeException($"Points of shape {Strided.Text(array.Recipe.Shape)} with {bins.Length} bins and {range.Length} ranges. Pass a matrix of one point per row, and bins and a range for each of its columns.");
            }

            var edges = bins.Select((n, i) => Bins.Edges(n, range[i].Low, range[i].High)).ToArray();
            var source = BlockMap.Whole(array.AsType<double>().Recipe, 1).Materialize();
            DaskArray<double> counts = new(SumBlocks.Lower("histogramdd", ArrayToken.Of(bins, edges), DType.Float64, [.. bins.Select(n => new[] { (long)n })], [source], Boxes(edges, bins)));
            if (density)
            {
                counts = counts / counts.Sum();
                for (var axis = 0; axis < bins.Length; axis++)
                {
                    counts = counts / DaskArray.FromArray(Widths(edges[axis]), -1).Reshape((long[])[.. bins.Select((n, a) => a == axis ? n : 1L)]);
                }
            }

            return (counts, [.. edges.Select(e => DaskArray.FromArray(e, -1))]);
        }

        /// <summary>The bin of each value: bins[i-1] &lt;= x &lt; bins[i], or with <paramref name="right"/> the other end closed; falling bins count the other way.</summary>
        public DaskArray<long> Digitize(double[] bins, bool right = false)
        {
            ArgumentNullException.ThrowIfNull(bins);
            var falls = bins.Length > 1 && bins[0] > bins[^1];
            var sorted = Bins.Checked(falls ? [.. bins.Reverse()] : bins.Length == 1 ? [bins[0], bins[0]] : bins);
            sorted = bins.Length == 1 ? bins : sorted;
            var source = array.AsType<double>().Source;
            return new(BlockMap.Each("digitize", ArrayToken.Of(bins, right), DType.Int64, source, source.Chunks, block =>
            {
                var values = ((NDArray<double>)block).ToArray();
                return new NDArray<long>(Array.ConvertAll(values, v =>
                {
                    long before = right ? BinarySearch.Before(sorted, v) : BinarySearch.After(sorted, v);
                    return falls ? sorted.Length - before : before;
                }), block.Dimensions);
            }));
        }

        /// <summary>The k largest along an axis, descending; for negative k the -k smallest, ascending.</summary>
        public DaskArray<T> TopK(int k, int axis = -1) => new(TopLayers.Lower<T>(array.Recipe, k, axis, positions: false));

        /// <summary>The positions of what TopK gives.</summary>
        public DaskArray<long> ArgTopK(int k, int axis = -1) => new(TopLayers.Lower<T>(array.Recipe, k, axis, positions: true));
    }

    private static DaskArray<T> OneAxis<T>(DaskArray<T> array)
        where T : unmanaged => array.Rank == 1 ? array : throw new ShapeException($"BinCount takes one axis, found shape {Strided.Text(array.Recipe.Shape)}. Ravel it first.");

    private static (SourceRecipe, SourceRecipe) Pair(Recipe x, Recipe y)
    {
        if (!x.Shape.AsSpan().SequenceEqual(y.Shape))
        {
            throw new ShapeException($"Shapes {Strided.Text(x.Shape)} and {Strided.Text(y.Shape)} don't pair up. Pass arrays of one shape.");
        }

        var (inputs, _) = Element.Align(x, y);
        return (inputs[0].Materialize(), inputs[1].Materialize());
    }

    private static NDArray<double> Count(NDArray block, NDArray? weights, int minlength)
    {
        var values = ((NDArray<long>)block.AsType(DType.Int64)).Span;
        var length = (long)minlength;
        foreach (var value in values)
        {
            length = value >= 0 ? Math.Max(length, value + 1) : throw new ArrayException($"BinCount counts non-negative integers, found {value}.");
        }

        var sums = NDArray.Zeros<double>((int)length);
        var weight = weights is null ? default : ((NDArray<double>)weights).Span;
        for (var i = 0; i < values.Length; i++)
        {
            sums.Data[(int)values[i]] += weight.IsEmpty ? 1 : weight[i];
        }

        return sums;
    }

    private static DaskArray<double> Sums<T>(DaskArray<T> array, double[] edges, DaskArray<double>? weights)
        where T : unmanaged
    {
        var values = array.AsType<double>().Recipe;
        var inputs = weights is null ? [values.Materialize()] : Pair(values, weights.Recipe) is var (x, w) ? new[] { x, w } : [];
        return new(SumBlocks.Lower("histogram", edges, DType.Float64, [[edges.Length - 1]], inputs, blocks =>
        {
            var sums = NDArray.Zeros<double>(edges.Length - 1);
            var run = ((NDArray<double>)blocks[0]).Span;
            var weight = blocks.Length > 1 ? ((NDArray<double>)blocks[1]).Span : default;
            for (var i = 0; i < run.Length; i++)
            {
                if (Bins.Of(edges, run[i]) is >= 0 and var bin)
                {
                    sums.Data[bin] += weight.IsEmpty ? 1 : weight[i];
                }
            }

            return sums;
        }));
    }

    private static Func<NDArray[], NDArray> Boxes(double[][] edges, int[] bins) => blocks =>
    {
        var box = NDArray.Zeros<double>(bins);
        var points = ((NDArray<double>)blocks[0]).Span;
        for (var point = 0; point < points.Length; point += bins.Length)
        {
            var cell = 0;
            for (var axis = 0; axis < bins.Length && cell >= 0; axis++)
            {
                cell = Bins.Of(edges[axis], points[point + axis]) is >= 0 and var bin ? (cell * bins[axis]) + bin : -1;
            }

            if (cell >= 0)
            {
                box.Data[cell]++;
            }
        }

        return box;
    };

    private static (DaskArray<double> Counts, DaskArray<double> Edges) Densities(DaskArray<double> counts, double[] edges, bool density) =>
        (density ? counts / counts.Sum() / DaskArray.FromArray(Widths(edges), -1) : counts, DaskArray.FromArray(edges, -1));

    private static double[] Widths(double[] edges) => [.. edges.Skip(1).Zip(edges, (a, b) => a - b)];
}
