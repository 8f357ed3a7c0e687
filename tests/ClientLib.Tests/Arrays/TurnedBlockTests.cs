using System.Numerics;
using Orleans.Dask.Arrays;

namespace Orleans.Dask.ClientLib.Tests.Arrays;

/// <summary>Expressions in which a block is walked against its grain, at and around the edges of panels, squares and tiles.</summary>
public class TurnedBlockTests
{
    public static TheoryData<int, int> Shapes => new()
    {
        { 1, 9 }, { 9, 1 }, { 2, 2 }, { 7, 8 }, { 8, 8 }, { 63, 65 }, { 64, 512 }, { 65, 513 }, { 130, 1_100 }, { 1_100, 130 },
    };

    private static NDArray<T> Numbers<T>(params int[] shape)
        where T : unmanaged, INumberBase<T> =>
        NDArray.From(Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(i => T.CreateTruncating((i * 7 % 101) + 1)).ToArray(), shape);

    private static void Check<T>(int rows, int columns)
        where T : unmanaged, INumberBase<T>
    {
        var (x, y) = (Numbers<T>(rows, columns), Numbers<T>(columns, rows));
        var sum = (NDArray<T>)Elementwise.Call("add", x, y.T);
        var turned = y.T.Copy();
        var back = (NDArray<T>)Elementwise.Call("add", y.Transpose()[.., new Slice(null, null, -1)], x);
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                Assert.Equal(x[i, j] + y[j, i], sum[i, j]);
                Assert.Equal(y[j, i], turned[i, j]);
                Assert.Equal(y[columns - 1 - j, i] + x[i, j], back[i, j]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_width_of_element_is_turned_as_the_loop_turns_it(int rows, int columns)
    {
        Check<byte>(rows, columns);
        Check<short>(rows, columns);
        Check<float>(rows, columns);
        Check<double>(rows, columns);
        Check<Complex>(rows, columns);
    }

    [Fact]
    public void Several_turned_blocks_and_further_axes_meet_in_one_expression()
    {
        var (x, y) = (Numbers<double>(3, 70, 90), Numbers<double>(90, 70, 3));
        var z = Numbers<double>(70, 3, 90);
        var sum = (NDArray<double>)Elementwise.Call("add", Elementwise.Call("add", x, y.T), z.Transpose(1, 0, 2));
        var product = (NDArray<double>)Elementwise.Evaluate([x, y.T], (builder, load) => builder.Call("multiply", builder.Call("add", load[0], load[1]), load[1]));
        for (var i = 0; i < 3; i++)
        {
            for (var j = 0; j < 70; j++)
            {
                for (var k = 0; k < 90; k++)
                {
                    Assert.Equal(x[i, j, k] + y[k, j, i] + z[j, i, k], sum[i, j, k]);
                    Assert.Equal((x[i, j, k] + y[k, j, i]) * y[k, j, i], product[i, j, k]);
                }
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(11)]
    public void Columns_add_up_whatever_the_number_of_rows(int rows)
    {
        var x = Numbers<double>(rows, 1_003);
        var sums = (NDArray<double>)Reduction.Run(Reducers.Sum(DType.Float64), x, [0], keepDims: false);
        var means = (NDArray<double>)Reduction.Run(Reducers.Mean(DType.Float64), x, [0], keepDims: false);
        for (var j = 0; j < 1_003; j++)
        {
            var sum = Enumerable.Range(0, rows).Sum(i => x[i, j]);
            Assert.Equal(sum, sums[j]);
            Assert.Equal(sum / rows, means[j], 12);
        }
    }
}
