using System.Numerics;
using Orleans.Dask.Arrays;

namespace Orleans.Dask.ClientLib.Tests.Arrays;

public class NDArrayTests
{
    private static readonly NDArray<double> s_x = NDArray.Range<double>(12).Reshape(3, 4);

    [Fact]
    public void A_chain_is_the_loop_element_by_element()
    {
        var y = (s_x + s_x) * 3.0 - 1.0;
        Assert.Equal(Enumerable.Range(0, 12).Select(i => (6.0 * i) - 1), y.ToArray());
    }

    [Theory]
    [InlineData(3, 4)]
    [InlineData(100, 130)]
    [InlineData(33, 65)]
    [InlineData(1, 2000)]
    [InlineData(2000, 1)]
    public void Adding_the_transpose_of_any_block_adds_element_ji(int rows, int columns)
    {
        var x = NDArray.Range<double>(rows * columns).Reshape(rows, columns);
        var z = NDArray.Range<double>(rows * columns).Reshape(columns, rows);
        var y = x + z.T;
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                Assert.Equal((i * columns) + j + ((j * rows) + i), y[i, j]);
            }
        }
    }

    [Fact]
    public void Negative_steps_new_axes_and_ellipses_are_views()
    {
        var y = s_x[IndexItem.Ellipsis, new Slice(null, null, -2)];
        Assert.Equal([3.0, 1, 7, 5, 11, 9], y.ToArray());
        Assert.Equal([1, 3, 4], s_x[IndexItem.NewAxis].Shape.ToArray());
        Assert.Equal([4.0, 5, 6, 7], s_x[1, ..].ToArray());
        Assert.Equal([2.0, 0, 6, 4, 10, 8], s_x[.., new[] { 2, 0 }].ToArray());
        Assert.Equal([4.0, 5, 6, 7], s_x[new[] { false, true, false }].ToArray());
    }

    [Fact]
    public void Broadcasting_repeats_axes_of_length_one()
    {
        var row = NDArray.From([10.0, 20, 30, 40]);
        var column = NDArray.From([100.0, 200, 300], 3, 1);
        Assert.Equal(Enumerable.Range(0, 12).Select(i => i + (10.0 * (i % 4 + 1)) + (100 * (i / 4 + 1))), (s_x + row + column).ToArray());
        var error = Assert.Throws<ShapeException>(() => s_x + NDArray.Range<double>(3));
        Assert.Contains("(3, 4) and (3,)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Comparisons_give_masks_and_masks_combine()
    {
        var mask = (s_x > 3.0) & !(s_x >= 9.0);
        Assert.Equal(Enumerable.Range(0, 12).Select(i => i is > 3 and < 9), mask.ToArray());
    }

    [Fact]
    public void Integers_divide_to_double() => Assert.Equal([0.5, 1.0], (NDArray.From([1, 2]) / 2).ToArray());

    [Fact]
    public void Conversion_truncates_and_wraps()
    {
        Assert.Equal([-1, 1], NDArray.From([-1.9, 1.9]).AsType<int>().ToArray());
        Assert.Equal([(byte)255, (byte)1], NDArray.From([-1, 257]).AsType<byte>().ToArray());
        Assert.Equal([true, false], NDArray.From([0.5, 0.0]).AsType<bool>().ToArray());
        Assert.Equal([new Complex(2, 0)], NDArray.From([2]).AsType<Complex>().ToArray());
    }

    [Theory]
    [InlineData(new[] { 0 })]
    [InlineData(new[] { 1 })]
    [InlineData(new[] { 2 })]
    [InlineData(new[] { 0, 2 })]
    [InlineData(new[] { 0, 1, 2 })]
    public void Reductions_equal_plain_loops(int[] axes)
    {
        var random = new Random(5);
        int[] shape = [7, 33, 41];
        var x = NDArray.From(Enumerable.Range(0, 7 * 33 * 41).Select(_ => random.NextDouble() + 1e3).ToArray(), shape).Transpose(1, 0, 2);
        var sum = (NDArray<double>)Reduction.Run(Reducers.Sum(DType.Float64), x, axes, keepDims: true);
        var std = (NDArray<double>)Reduction.Run(Reducers.Variance(DType.Float64, 0, root: true), x, axes, keepDims: true);
        var min = (NDArray<double>)Reduction.Run(Reducers.Minimum(DType.Float64), x, axes, keepDims: true);
        var cells = new Dictionary<(int, int, int), List<double>>();
        for (var i = 0; i < 33; i++)
        {
            for (var j = 0; j < 7; j++)
            {
                for (var k = 0; k < 41; k++)
                {
                    var cell = (axes.Contains(0) ? 0 : i, axes.Contains(1) ? 0 : j, axes.Contains(2) ? 0 : k);
                    (cells.TryGetValue(cell, out var list) ? list : cells[cell] = []).Add(x[i, j, k]);
                }
            }
        }

        Assert.Equal(cells.Count, sum.Size);
        foreach (var ((i, j, k), values) in cells)
        {
            var mean = values.Average();
            Assert.Equal(values.Sum(), sum[i, j, k], 1e-12 * values.Sum());
            Assert.Equal(Math.Sqrt(values.Average(v => (v - mean) * (v - mean))), std[i, j, k], 1e-10);
            Assert.Equal(values.Min(), min[i, j, k]);
        }
    }

    [Fact]
    public void Prints_as_NumPy_does()
    {
        Assert.Equal("[[ 0.  1.  2.  3.]\n [ 4.  5.  6.  7.]\n [ 8.  9. 10. 11.]]", s_x.ToString());
        Assert.Equal("[0.5  1.25 3.  ]", NDArray.From([0.5, 1.25, 3]).ToString());
        Assert.Equal("[   0    1    2 ... 1998 1999 2000]", NDArray.Range<int>(2001).ToString());
        Assert.Equal("[ True False]", NDArray.From([true, false]).ToString());
        Assert.Equal("3.5", ((NDArray<double>)3.5).ToString());
    }

    [Theory]
    [InlineData(DType.Int8, DType.UInt8, DType.Int16)]
    [InlineData(DType.UInt64, DType.Int8, DType.Float64)]
    [InlineData(DType.Int16, DType.Float32, DType.Float32)]
    [InlineData(DType.Float16, DType.UInt8, DType.Float16)]
    [InlineData(DType.Float16, DType.Bool, DType.Float16)]
    [InlineData(DType.Float16, DType.Int16, DType.Float32)]
    [InlineData(DType.Float16, DType.Int32, DType.Float64)]
    [InlineData(DType.Float16, DType.Float32, DType.Float32)]
    [InlineData(DType.Float16, DType.Complex128, DType.Complex128)]
    [InlineData(DType.Int32, DType.Float32, DType.Float64)]
    [InlineData(DType.Bool, DType.UInt16, DType.UInt16)]
    public void Types_widen_as_NumPy_widens(DType left, DType right, DType expected)
    {
        Assert.Equal(expected, DTypes.Promote(left, right));
        Assert.Equal(expected, DTypes.Promote(right, left));
    }
}
