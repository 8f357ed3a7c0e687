namespace Orleans.Dask.ClientLib.Tests.Arrays;

/// <summary>Arrays of 16-bit floating numbers: as narrow as they are, their sums are not lost.</summary>
public class HalfTests
{
    private static readonly SynchronousScheduler s_scheduler = new();
    private static readonly DaskArray<Half> s_few = DaskArray.FromArray([(Half)1.5, (Half)(-2), Half.NaN, (Half)0.25, (Half)100], 2);

    [Fact]
    public async Task Elements_are_worked_on_as_they_are()
    {
        Assert.Equal([(Half)3, (Half)(-4), Half.NaN, (Half)0.5, (Half)200], (await (s_few + s_few).ComputeAsync(s_scheduler)).ToArray());
        Assert.Equal((bool[])[true, false, false, true, true], (await (s_few > (Half)0).ComputeAsync(s_scheduler)).ToArray());
        Assert.Equal([(Half)2.25, (Half)4, Half.NaN, (Half)0.0625, (Half)10000], (await s_few.Square().ComputeAsync(s_scheduler)).ToArray());
        Assert.Equal((Half)Math.Sqrt(1.5), (await s_few.Sqrt().ComputeAsync(s_scheduler))[0]);
        Assert.Equal([(Half)1.5, (Half)(-2), (Half)0, (Half)0.25, (Half)100], (await s_few.NanToNum().ComputeAsync(s_scheduler)).ToArray());
        Assert.Equal((float[])[1.5f, -2, float.NaN, 0.25f, 100], (await s_few.AsType<float>().ComputeAsync(s_scheduler)).ToArray());
        Assert.Equal([(Half)1, (Half)2], (await DaskArray.FromArray([1, 2], 1).AsType<Half>().ComputeAsync(s_scheduler)).ToArray());
        Assert.Equal("[  1.5   -2.      nan   0.25 100.  ]", (await s_few.ComputeAsync(s_scheduler)).ToString());
    }

    [Fact]
    public async Task Sums_and_moments_keep_their_digits()
    {
        var ones = DaskArray.Ones<Half>(30_000, 7_000);
        Assert.Equal((Half)30_000, await ones.Sum().ComputeAsync(s_scheduler));
        Assert.Equal((Half)1, await ones.Mean().ComputeAsync(s_scheduler));
        Assert.Equal((Half)0, await ones.Std().ComputeAsync(s_scheduler));
        var numbers = s_few[new[] { 0, 1, 3, 4 }];
        Assert.Equal((Half)(-2), await numbers.Min().ComputeAsync(s_scheduler));
        Assert.Equal((Half)100, await numbers.Max().ComputeAsync(s_scheduler));
        Assert.Equal(Half.NaN, await s_few.Max().ComputeAsync(s_scheduler));
        Assert.Equal((Half)(-75), await numbers.Prod().ComputeAsync(s_scheduler));
        Assert.Equal((Half)100, (await s_few.NanMax(axis: 0).ComputeAsync(s_scheduler)).ToScalar());
        Assert.Equal([(Half)1.5, (Half)(-0.5)], (await s_few[..2].CumSum().ComputeAsync(s_scheduler)).ToArray());
    }

    [Fact]
    public async Task They_sort_and_multiply()
    {
        Assert.Equal([(Half)(-2), (Half)0.25, (Half)1.5, (Half)100, Half.NaN], (await s_few.Sort().ComputeAsync(s_scheduler)).ToArray());
        Assert.Equal((long[])[1, 3, 0, 4, 2], (await s_few.ArgSort().ComputeAsync(s_scheduler)).ToArray());
        Assert.Equal((Half)0.875, (await s_few.NanMedian().ComputeAsync(s_scheduler)).ToScalar());
        Assert.Equal((Half)3, (await DaskArray.Ones<Half>((2, 3)).MatMul(DaskArray.Ones<Half>((3, 2), 1)).ComputeAsync(s_scheduler))[1, 1]);
        Assert.Equal(5, (await s_few.Unique().ComputeAsync(s_scheduler)).Size);
        Assert.Throws<DTypeException>(() => DaskArray.Eye<Half>(3).Inv());
    }
}
