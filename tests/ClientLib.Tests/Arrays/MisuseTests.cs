namespace Orleans.Dask.ClientLib.Tests.Arrays;

/// <summary>What can't be is an error at the call, of our own type, that says what was found and what to do.</summary>
public class MisuseTests
{
    private static readonly DaskArray<double> s_line = DaskArray.Arange(0.0, 10, 1, 3);
    private static readonly DaskArray<double> s_grid = DaskArray.FromFunction((i, j) => (double)(i + j), (4, 6), (2, 4));
    private static readonly DaskArray<double> s_square = DaskArray.Eye<double>(4, chunks: 2);
    private static readonly DaskArray<double> s_empty = DaskArray.Zeros((0, 3));
    private static readonly DaskArray<double> s_unknown = s_line[s_line > 2.0];
    private static readonly DaskMaskedArray<double> s_masked = s_line.MaskedGreater(5);
    private static readonly DaskArray<int> s_whole = DaskArray.Arange(0, 10, 1, 3);

    private static readonly Dictionary<string, (Func<object> Call, Type Error, string Says)> s_cases = new()
    {
        ["sum along axis 2 of two"] = (() => s_grid.Sum(axis: 2), typeof(AxisException), "no axis 2: the array has 2 axes, 0 to 1"),
        ["sum along axis -3"] = (() => s_grid.Sum(axis: -3), typeof(AxisException), "no axis -3"),
        ["sum along one axis twice"] = (() => s_grid.Sum((0, -2)), typeof(AxisException), "twice"),
        ["mean along axis of a single value"] = (() => s_grid.Sum().Mean(axis: 0), typeof(AxisException), "single value and has no axes"),
        ["argmax along axis 5"] = (() => s_grid.ArgMax(axis: 5), typeof(AxisException), "no axis 5"),
        ["cumsum along axis 2"] = (() => s_grid.CumSum(axis: 2), typeof(AxisException), "no axis 2"),
        ["sort along axis 2"] = (() => s_grid.Sort(axis: 2), typeof(AxisException), "no axis 2"),
        ["argsort along axis -3"] = (() => s_grid.ArgSort(axis: -3), typeof(AxisException), "no axis -3"),
        ["topk along axis 2"] = (() => s_grid.TopK(2, axis: 2), typeof(AxisException), "no axis 2"),
        ["transpose by one axis of two"] = (() => s_grid.Transpose(1), typeof(AxisException), "1 axes for an array of 2"),
        ["transpose by an axis twice"] = (() => s_grid.Transpose(1, 1), typeof(AxisException), "twice"),
        ["swap with axis 2"] = (() => s_grid.SwapAxes(0, 2), typeof(AxisException), "no axis 2"),
        ["squeeze a long axis"] = (() => s_grid.Squeeze(0), typeof(ArrayException), "4"),
        ["expand at axis 5"] = (() => s_grid.ExpandDims(5), typeof(AxisException), "5"),
        ["flip axis 2"] = (() => s_grid.Flip(2), typeof(AxisException), "no axis 2"),
        ["roll axis 2"] = (() => s_grid.Roll(1, 2), typeof(AxisException), "no axis 2"),
        ["repeat along axis 2"] = (() => s_grid.Repeat(2, axis: 2), typeof(AxisException), "no axis 2"),
        ["quantile along axis 2"] = (() => s_grid.Quantile(0.5, axis: 2), typeof(AxisException), "no axis 2"),
        ["median along axis 2"] = (() => s_grid.Median(axis: 2), typeof(AxisException), "no axis 2"),
        ["concatenate along axis 2"] = (() => DaskArray.Concatenate([s_grid, s_grid], 2), typeof(AxisException), "no axis 2"),
        ["take along axis 2"] = (() => s_grid.Take(0, 2), typeof(AxisException), "no axis 2"),
        ["diff along axis 2"] = (() => s_grid.Diff(axis: 2), typeof(AxisException), "no axis 2"),
        ["fft along axis 2"] = (() => s_grid.Fft(axis: 2), typeof(AxisException), "no axis 2"),
        ["tensordot over three axes of two"] = (() => s_grid.TensorDot(s_grid, 3), typeof(AxisException), "3 axes"),
        ["tensordot over unpaired axes"] = (() => s_grid.TensorDot(s_grid, ((0, 1), 0)), typeof(AxisException), "pair"),
        ["a norm of three axes"] = (() => DaskArray.Zeros((2, 2, 2)).Norm(1), typeof(AxisException), "found 3"),
        ["overlap with one depth for two axes"] = (() => s_grid.MapOverlap(b => b, [1], [Boundary.None]), typeof(AxisException), "One per axis"),
        ["windows of one length for two axes"] = (() => s_grid.SlidingWindowView([2]), typeof(AxisException), "one per axis"),

        ["add shapes that don't broadcast"] = (() => s_grid + s_line, typeof(ShapeException), "(4, 6) and (10,)"),
        ["choose where shapes don't broadcast"] = (() => DaskArray.Where(s_grid > 0.0, s_grid, s_line), typeof(ShapeException), "do not broadcast"),
        ["broadcast to a shape that doesn't fit"] = (() => s_grid.BroadcastTo((4, 7)), typeof(ShapeException), "(4, 7)"),
        ["reshape to another size"] = (() => s_grid.Reshape((5, 5)), typeof(ShapeException), "24 elements"),
        ["reshape with two open lengths"] = (() => s_grid.Reshape((-1, -1)), typeof(ShapeException), "Only one may be left open"),
        ["multiply matrices that don't fit"] = (() => s_grid.MatMul(s_grid), typeof(ShapeException), "axis 1 of the first has length 6, axis 0 of the second 4"),
        ["multiply a single value"] = (() => s_grid.MatMul(s_grid.Sum()), typeof(ShapeException), "Multiply with *"),
        ["concatenate different widths"] = (() => DaskArray.Concatenate([s_grid, s_square], 0), typeof(ShapeException), "(4, 4)"),
        ["concatenate nothing"] = (() => DaskArray.Concatenate(Array.Empty<DaskArray<double>>()), typeof(ArrayException), "one"),
        ["stack different shapes"] = (() => DaskArray.Stack([s_grid, s_square]), typeof(ShapeException), "(4, 4)"),
        ["stack nothing"] = (() => DaskArray.Stack(Array.Empty<DaskArray<double>>()), typeof(ArrayException), "one"),
        ["invert what isn't square"] = (() => s_grid.Inv(), typeof(ShapeException), "square matrix, found shape (4, 6)"),
        ["factor what isn't square"] = (() => s_grid.Cholesky(), typeof(ShapeException), "square"),
        ["lu of a line"] = (() => s_line.Lu(), typeof(ShapeException), "found shape (10,)"),
        ["qr of a line"] = (() => s_line.Qr(), typeof(ShapeException), "found shape (10,)"),
        ["svd of a box"] = (() => DaskArray.Zeros((2, 2, 2)).Svd(), typeof(ShapeException), "found shape (2, 2, 2)"),
        ["solve with a short right side"] = (() => s_square.Solve(s_line), typeof(ShapeException), "It needs 4 rows"),
        ["least squares with a short right side"] = (() => s_square.Lstsq(s_line), typeof(ShapeException), "It needs 4 rows"),
        ["raise what isn't square to a power"] = (() => s_grid.MatrixPower(2), typeof(ShapeException), "square"),
        ["a shape with a negative length"] = (() => DaskArray.Zeros((3, -1)), typeof(ShapeException), "negative length"),
        ["histogram of unlike pairs"] = (() => s_line.Histogram2D(s_grid, 3, ((0, 1), (0, 1))), typeof(ShapeException), "pair"),
        ["points for three variables of six columns"] = (() => s_grid.HistogramDD([2, 2, 2], [(0, 1), (0, 1), (0, 1)]), typeof(ShapeException), "column"),
        ["count in a grid"] = (() => DaskArray.Zeros<int>((2, 2)).BinCount(), typeof(ShapeException), "Ravel it first"),
        ["assign what doesn't fit"] = (() => s_grid.SetItem(s_line, 0), typeof(ShapeException), "(10,)"),
        ["einsum over unlike lengths"] = (() => DaskArray.Einsum("ij,jk->ik", [s_grid, s_grid]), typeof(ShapeException), "j"),
        ["weights of another length"] = (() => s_line.Average(s_square), typeof(ArrayException), "(4, 4)"),
        ["probabilities for other entries"] = (() => DaskArray.Random.Choice(s_line, 3, p: [1]), typeof(ShapeException), "1 probabilities for 10 entries"),

        ["chunks that don't add up"] = (() => s_grid.Rechunk(new long[][] { [3, 3], [6] }), typeof(ChunkException), "Axis 0 has length 4, but its chunks (3, 3) add up to 6"),
        ["chunks for three axes of two"] = (() => s_grid.Rechunk((2, 2, 2)), typeof(ChunkException), "Chunks for 3 axes"),
        ["chunks of -2"] = (() => s_grid.Rechunk(-2), typeof(ChunkException), "(-2,)"),
        ["chunks of 0"] = (() => s_grid.Rechunk(0), typeof(ChunkException), "(0,)"),
        ["chunks by an unknown unit"] = (() => s_grid.Rechunk("12 parsecs"), typeof(ChunkException), "12 parsecs"),
        ["chunks of an axis that isn't there"] = (() => s_grid.Rechunk(new Dictionary<int, long> { [2] = 1 }), typeof(AxisException), "no axis 2"),
        ["reshape unknown chunks"] = (() => s_unknown.Reshape((2, 3)), typeof(ChunkException), "ComputeChunkSizesAsync"),
        ["a position in unknown chunks"] = (() => s_unknown[0], typeof(ChunkException), "ComputeChunkSizesAsync"),
        ["add unknown to known chunks"] = (() => s_unknown + s_line, typeof(ChunkException), "ComputeChunkSizesAsync"),
        ["argmax of unknown chunks"] = (() => s_unknown.ArgMax(), typeof(ChunkException), "ComputeChunkSizesAsync"),
        ["sort unknown chunks"] = (() => s_unknown.Sort(), typeof(ChunkException), "ComputeChunkSizesAsync"),
        ["topk of unknown chunks"] = (() => s_unknown.TopK(2), typeof(ChunkException), "ComputeChunkSizesAsync"),
        ["median of unknown chunks"] = (() => s_unknown.Median(), typeof(ChunkException), "ComputeChunkSizesAsync"),
        ["computed positions in unknown chunks"] = (() => s_unknown[DaskArray.Arange(2L)], typeof(ChunkException), "ComputeChunkSizesAsync"),
        ["an overlap longer than the axis"] = (() => s_line.MapOverlap(b => b, 11), typeof(ChunkException), "shorter than the overlap of 11"),
        ["drop an axis of two chunks"] = (() => s_grid.MapBlocks(b => b, dropAxis: 1), typeof(ChunkException), "Rechunk it into one first"),
        ["trim more than there is"] = (() => s_grid.TrimOverlap([2, 0], [Boundary.Reflect, Boundary.None]), typeof(ChunkException), "too short"),

        ["a position outside"] = (() => s_grid[4], typeof(ArrayIndexException), "Index 4 is outside axis 0 of length 4"),
        ["a position outside from the end"] = (() => s_grid[0, -7], typeof(ArrayIndexException), "Index -7 is outside axis 1"),
        ["three indices for two axes"] = (() => s_grid[0, 0, 0], typeof(ArrayIndexException), "3 indices for an array of 2 axes"),
        ["a list with a position outside"] = (() => s_grid[new[] { 0, 9 }], typeof(ArrayIndexException), "Index 9"),
        ["a short mask"] = (() => s_grid[new[] { true, false }], typeof(ArrayIndexException), "A mask of 2 for axis 0 of length 4"),
        ["a mask of another shape"] = (() => s_grid[s_line > 0.0], typeof(ArrayIndexException), "A mask of 10 for axis 0 of length 4"),
        ["assign by a mask of another shape"] = (() => s_grid.SetItem(s_line > 0.0, 1.0), typeof(ArrayIndexException), "(10,)"),
        ["two ellipses"] = (() => s_grid[IndexItem.Ellipsis, IndexItem.Ellipsis], typeof(ArrayIndexException), "one ellipsis"),
        ["insert outside"] = (() => s_line.Insert([11], 1.0), typeof(ArrayIndexException), "Insert before 0 to 10"),
        ["delete outside"] = (() => s_line.Delete(10), typeof(ArrayIndexException), "Index 10"),
        ["a condition longer than the axis"] = (() => s_line.Compress([.. Enumerable.Repeat(true, 11)]), typeof(ArrayIndexException), "A condition of 11"),
        ["points of unlike lists"] = (() => s_grid.VIndex(new[] { 0, 1, 2 }, new[] { 0, 1 }), typeof(ArrayIndexException), "3, 2"),

        ["a slice with step 0"] = (() => s_line[new Slice(0, 5, 0)], typeof(ArrayException), "step 0"),
        ["a range with step 0"] = (() => DaskArray.Arange(0, 5, 0), typeof(ArrayException), "step 0"),
        ["linspace of -1 values"] = (() => DaskArray.Linspace(0, 1, -1), typeof(ArrayException), "-1 values"),
        ["the least of nothing"] = (() => s_empty.Min(axis: 0), typeof(ArrayException), "no min of no elements"),
        ["where the least of nothing is"] = (() => s_empty.ArgMin(axis: 0), typeof(ArrayException), "no elements"),
        ["combine one chunk a task"] = (() => s_grid.Sum(axis: 0, splitEvery: 1), typeof(ArrayException), "splitEvery is 1"),
        ["quantile 1.5"] = (() => s_line.Quantile(1.5), typeof(ArrayException), "Quantile 1.5"),
        ["quantile by an unknown method"] = (() => s_line.Quantile(0.5, method: "guess"), typeof(ArrayException), "'guess'"),
        ["no bins"] = (() => s_line.Histogram(0, (0, 1)), typeof(ArrayException), "0 bins"),
        ["bins over a range that isn't one"] = (() => s_line.Histogram(3, (1, 0)), typeof(ArrayException), "1 to 0"),
        ["bins that fall"] = (() => s_line.Histogram([3.0, 1, 2]), typeof(ArrayException), "comes after 3"),
        ["windows of 0"] = (() => s_line.Coarsen((b, _) => b, new() { [0] = 0 }), typeof(ArrayException), "window of 0"),
        ["windows that don't fill"] = (() => s_line.Coarsen((b, _) => b, new() { [0] = 3 }), typeof(ArrayException), "trimExcess"),
        ["a window longer than the axis"] = (() => s_line.SlidingWindowView([11]), typeof(ArrayException), "Pass 1 to 10"),
        ["an unknown boundary"] = (() => s_line.MapOverlap(b => b, 1, "wall"), typeof(ArrayException), "'wall'"),
        ["an unknown padding"] = (() => s_line.Pad(1, "wall"), typeof(ArrayException), "'wall'"),
        ["a norm of order 3 of a matrix"] = (() => s_grid.Norm(3), typeof(ArrayException), "order 3"),
        ["an unknown norm"] = (() => s_grid.Norm("wide"), typeof(ArrayException), "\"wide\""),
        ["solve by an unknown assumption"] = (() => s_square.Solve(s_square, "nice"), typeof(ArrayException), "'nice'"),
        ["more singular values than there are"] = (() => s_grid.SvdCompressed(5), typeof(ArrayException), "Pass 1 to 4"),
        ["compress by an unknown iterator"] = (() => s_grid.SvdCompressed(2, iterator: "walk"), typeof(ArrayException), "'walk'"),
        ["select with a choice too few"] = (() => DaskArray.Select([s_line > 1.0, s_line > 2.0], [s_line]), typeof(ArrayException), "2 conditions for 1 choices"),
        ["piecewise with a function too few"] = (() => DaskArray.Piecewise(s_line, [s_line > 1.0], []), typeof(ArrayException), "1 conditions for 0 functions"),
        ["a grid by an unknown indexing"] = (() => DaskArray.MeshGrid([s_line, s_line], "ab"), typeof(ArrayException), "'ab'"),
        ["a signature for two inputs of one"] = (() => DaskArray.ApplyGufunc((NDArray<double> b) => b, "(i),(i)->(i)", s_line), typeof(ArrayException), "1 inputs"),
        ["a core axis that isn't there"] = (() => DaskArray.ApplyGufunc((NDArray<double> b) => b, "(i,j)->()", s_line), typeof(AxisException), "2 core axes"),
        ["letters for other axes"] = (() => DaskArray.Blockwise((NDArray<double> b) => b, "ij", s_line, "ij"), typeof(AxisException), "'ij'"),
        ["a negative deviation"] = (() => DaskArray.Random.Normal(0.0, -1.0, 5), typeof(ArrayException), "-1"),
        ["a probability of 2"] = (() => DaskArray.Random.Binomial(3, 2, 5), typeof(ArrayException), "2 is no probability"),
        ["no whole number between"] = (() => DaskArray.Random.Integers(3, 3, 5), typeof(ArrayException), "from 3 up to 3"),
        ["a triangle that is none"] = (() => DaskArray.Random.Triangular(0, 2, 1, 5), typeof(ArrayException), "triangle"),

        ["factor whole numbers"] = (() => DaskArray.Eye<int>(3).Cholesky(), typeof(DTypeException), "found int32. Convert it with AsType"),
        ["svd of whole numbers"] = (() => DaskArray.Eye<long>(3).Svd(), typeof(DTypeException), "found int64"),
        ["elements that arrays don't hold"] = (() => DaskArray.Zeros<decimal>(3), typeof(DTypeException), "not Decimal"),
        ["an array in memory of negative lengths"] = (() => NDArray.Zeros<double>(-7, -7), typeof(ShapeException), "negative length"),
        ["values in a shape of negative lengths"] = (() => NDArray.From([1.0, 2, 3, 4], -2, -2), typeof(ShapeException), "negative length"),
        ["an array in memory beyond memory"] = (() => NDArray.Zeros<byte>(1 << 16, 1 << 16), typeof(ShapeException), "(65536, 65536)"),
        ["nothing in a shape whose size wraps around to it"] = (() => s_empty.Reshape(new long[] { 1L << 32, 1L << 32 }), typeof(ShapeException), "0 elements"),
        ["the only element of several"] = (() => NDArray.Range<double>(3).ToScalar(), typeof(ShapeException), "3 elements"),
        ["an element in memory outside"] = (() => NDArray.Range<double>(3)[3], typeof(ArrayIndexException), "3"),
        ["an element in memory by too many numbers"] = (() => NDArray.Range<double>(3)[0, 0], typeof(ArrayIndexException), "2"),
        ["the only element, hidden or not, of several"] = (() => s_masked.ComputeAsync(new SynchronousScheduler()).Result.ToScalar()!, typeof(ShapeException), "elements"),
        ["a hidden element outside"] = (() => s_masked.ComputeAsync(new SynchronousScheduler()).Result[10]!, typeof(ArrayIndexException), "10"),
        ["a mask in memory of another shape"] = (() => new MaskedArray<double>(NDArray.Range<double>(3), NDArray.Zeros<bool>(4)), typeof(ShapeException), "(4,)"),
        ["a mask for other data"] = (() => DaskArray.MaskedArray(s_line, s_grid > 0.0), typeof(ShapeException), "(4, 6)"),
        ["part of a masked array outside"] = (() => s_masked[10], typeof(ArrayIndexException), "10"),
        ["a function of a masked array that gives nothing"] = (() => s_masked.Apply<double>(x => null!), typeof(ArrayException), "null"),
        ["a function of a masked array that changes its shape"] = (() => s_masked.Apply(x => x.Reshape((10, 1)) + x), typeof(ShapeException), "(10, 10)"),
        ["a masked sum along axis 1"] = (() => s_masked.Sum(1), typeof(AxisException), "no axis 1"),
        ["weights of another shape"] = (() => s_masked.Average(DaskArray.Arange(0.0, 3, 1, 3), 0), typeof(ShapeException), "(3,)"),
        ["masked arrays that don't broadcast"] = (() => s_masked + (DaskMaskedArray<double>)s_grid, typeof(ShapeException), "(4, 6)"),
        ["bytes that don't fill the type"] = (() => s_whole.View<long>(), typeof(ShapeException), "multiple of 2"),
    };

    public static TheoryData<string> Cases => [.. s_cases.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Is_told_at_the_call(string name)
    {
        var (call, error, says) = s_cases[name];
        var thrown = Record.Exception(call);
        Assert.True(thrown is not null, "no error at the call");
        Assert.True(error.IsInstanceOfType(thrown), $"{thrown.GetType().Name}: {thrown.Message}\n{thrown.StackTrace}");
        Assert.Contains(says, thrown.Message, StringComparison.OrdinalIgnoreCase);
        Assert.EndsWith(".", thrown.Message, StringComparison.Ordinal);
    }
}
