using Orleans.Dask.ClientLib.Tests.Files;
using Orleans.Dask.TestKit;

namespace Orleans.Dask.ClientLib.Tests.Arrays;

public class MaskedArrayTests
{
    private static readonly SynchronousScheduler s_scheduler = new();

    private static DaskArray<double> X(int chunks = 3) => DaskArray.FromArray(NDArray.From<double>([5, 1, 4, 2, 3, 9, 7, 8]), chunks);

    private static async Task Holds(double[] expected, DaskArray<double> array) => Assert.Equal(expected, (await array.ComputeAsync(s_scheduler)).ToArray());

    private static async Task<string> Text<T>(DaskMaskedArray<T> array)
        where T : unmanaged => (await array.ComputeAsync(s_scheduler)).ToString();

    [Fact]
    public async Task Elements_are_hidden_by_their_values()
    {
        Assert.Equal("[5.0 1.0 -- 2.0 3.0 9.0 7.0 8.0]", await Text(X().MaskedEqual(4)));
        Assert.Equal("[-- -- 4.0 -- -- -- -- --]", await Text(X().MaskedNotEqual(4)));
        Assert.Equal("[-- 1.0 4.0 2.0 3.0 -- -- --]", await Text(X().MaskedGreater(4)));
        Assert.Equal("[-- 1.0 -- 2.0 3.0 -- -- --]", await Text(X().MaskedGreaterEqual(4)));
        Assert.Equal("[5.0 -- 4.0 -- -- 9.0 7.0 8.0]", await Text(X().MaskedLess(4)));
        Assert.Equal("[5.0 -- -- -- -- 9.0 7.0 8.0]", await Text(X().MaskedLessEqual(4)));
        Assert.Equal("[-- 1.0 -- 2.0 -- 9.0 7.0 8.0]", await Text(X().MaskedInside(5, 3)));
        Assert.Equal("[5.0 -- 4.0 -- 3.0 -- -- --]", await Text(X().MaskedOutside(3, 5)));
        Assert.Equal("[5.0 1.0 -- 2.0 3.0 9.0 7.0 8.0]", await Text(X().MaskedValues(4.00001)));
        Assert.Equal("[-- 1.0 -- 2.0 -- -- -- --]", await Text(DaskArray.MaskedWhere(X() > 2.0, X())));
        Assert.Equal("[0.2 1.0 -- 0.5]", await Text((1.0 / DaskArray.FromArray([5.0, 1, 0, 2])).MaskedInvalid()));
        Assert.Equal("[5 -- 4]", await Text(DaskArray.FromArray([5, 1, 4], 2).MaskedEqual(1)));
    }

    [Fact]
    public async Task Fill_values_are_those_of_NumPy_unless_set()
    {
        Assert.Equal(1e20, X().MaskedLess(3).FillValue);
        Assert.Equal(4, X().MaskedEqual(4).FillValue);
        Assert.Equal(999999, DaskArray.FromArray([1, 2]).MaskedLess(2).FillValue);
        Assert.Equal(63, DaskArray.FromArray([(sbyte)1, (sbyte)2]).MaskedLess((sbyte)2).FillValue);
        await Holds([5.0, -1, 4, -1, 3, 9, 7, 8], X().MaskedLess(3).Filled(-1));
        await Holds([5.0, 0, 4, 0, 3, 9, 7, 8], X().MaskedLess(3).SetFillValue(0).Filled());
        await Holds([5.0, 1, 4, 2, 3, 9, 7, 8], X().MaskedLess(3).GetData());
        await Holds([5.0, 4, 3, 9, 7, 8], X().MaskedLess(3).Compressed());
        await Holds([1, 1e20], (DaskArray.FromArray([1.0, 0]) / DaskArray.FromArray([1.0, 0])).FixInvalid().GetData());
    }

    [Fact]
    public async Task What_is_hidden_on_either_side_is_hidden_in_the_result()
    {
        var (a, b) = (X(3).MaskedLess(3), X(4).MaskedGreater(7));
        Assert.Equal("[10.0 -- 8.0 -- 6.0 -- 14.0 --]", await Text(a + b));
        Assert.Equal("[10.0 -- 8.0 -- 6.0 18.0 14.0 16.0]", await Text(a * 2.0));
        Assert.Equal("[True -- False -- False True True True]", await Text(a > 4.0));
        Assert.Equal("[-- 1.0 1.0]", await Text(DaskArray.FromArray([1.0, 2, 3]) / (DaskMaskedArray<double>)DaskArray.FromArray([0.0, 2, 3])));
    }

    [Fact]
    public async Task Reductions_leave_out_what_is_hidden_as_numpy_ma_does()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(5);
        var values = NDArray.From([.. Enumerable.Range(0, 11 * 7).Select(_ => Math.Round(random.NextDouble(), 2) - 0.3)], 11, 7);
        var mask = NDArray.From([.. Enumerable.Range(0, 11 * 7).Select(i => i % 7 == 2 || random.Next(3) == 0)], 11, 7);
        values.SaveNpy(Path.Combine(folder.Path, "values.npy"));
        mask.SaveNpy(Path.Combine(folder.Path, "mask.npy"));
        var expected = (await Python.RunAsync("""
            import sys, os, numpy as np
            os.chdir(sys.argv[1])
            m = np.ma.array(np.load("values.npy"), mask=np.load("mask.npy"))
            w = np.arange(77.0).reshape(11, 7)
            for k in (m, (m * 100).astype("i4")):
                for r in (k.sum(axis=0), k.prod(axis=1), k.mean(axis=0), k.var(axis=1), k.std(axis=0, ddof=1), k.min(axis=0), k.max(axis=1), np.ma.average(k, axis=0, weights=w),
                          k.sum(), k.mean(), k.var(), k.min(), k.any(axis=0), k.all(axis=1), k.cumsum(axis=0)[-1], k.mean(axis=1, keepdims=True)):
                    r = np.ma.asarray(r)
                    print(" ".join("--" if h else "%.10g" % v for v, h in zip(np.ravel(r.data), np.ravel(np.ma.getmaskarray(r)))))
            """, folder.Path)).Split('\n');
        foreach (var chunks in (ChunkSpec[])[(11, 7), (3, 2), (4, 7)])
        {
            var m = DaskArray.MaskedArray(DaskArray.FromArray(values, chunks), DaskArray.FromArray(mask, 5));
            var k = (m * 100.0).AsType<int>();
            var w = DaskArray.Arange<double>(77).Reshape([11, 7]);
            string[] actual =
            [
                await Line(m.Sum(0)), await Line(m.Prod(1)), await Line(m.Mean(0)), await Line(m.Var(1)), await Line(m.Std(0, ddof: 1)), await Line(m.Min(0)), await Line(m.Max(1)), await Line(m.Average(w, 0)),
                await Line(m.Sum()), await Line(m.Mean()), await Line(m.Var()), await Line(m.Min()), await Line(m.Any(0)), await Line(m.All(1)), await Line(m.CumSum(0)[-1]), await Line(m.Mean(1, keepDims: true)),
                await Line(k.Sum(0)), await Line(k.Prod(1)), await Line(k.Mean(0)), await Line(k.Var(1)), await Line(k.Std(0, ddof: 1)), await Line(k.Min(0)), await Line(k.Max(1)), await Line(k.Average(w, 0)),
                await Line(k.Sum()), await Line(k.Mean()), await Line(k.Var()), await Line(k.Min()), await Line(k.Any(0)), await Line(k.All(1)), await Line(k.CumSum(0)[-1]), await Line(k.Mean(1, keepDims: true)),
            ];
            for (var i = 0; i < actual.Length; i++)
            {
                Assert.True(Alike(expected[i], actual[i]), $"{i}: {expected[i]} expected, {actual[i]} found");
            }

            Assert.Equal(mask.ToArray().Count(h => !h), (await m.Count().ComputeAsync(s_scheduler)).ToScalar());
        }

        static async Task<string> Line<T>(DaskMaskedArray<T> array)
            where T : unmanaged
        {
            var r = await array.ComputeAsync(s_scheduler);
            return string.Join(' ', r.Data.ToArray().Zip(r.Mask.ToArray(), (v, h) => h ? "--" : Convert.ToDouble(v, System.Globalization.CultureInfo.InvariantCulture).ToString("R", System.Globalization.CultureInfo.InvariantCulture)));
        }

        static bool Alike(string expected, string actual) => expected.Split(' ').Zip(actual.Split(' '), (e, a) => e == a
            || (e != "--" && a != "--" && Math.Abs(Number(e) - Number(a)) <= 1e-9 * (1 + Math.Abs(Number(e))))).All(same => same) && expected.Split(' ').Length == actual.Split(' ').Length;
        static double Number(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task Nothing_left_is_hidden_itself()
    {
        var all = X().MaskedGreater(0);
        Assert.Null((await all.Sum().ComputeAsync(s_scheduler)).ToScalar());
        Assert.Null((await all.Mean().ComputeAsync(s_scheduler)).ToScalar());
        Assert.Null((await all.Min().ComputeAsync(s_scheduler)).ToScalar());
        Assert.Equal("--", await Text(all.Std()));
        Assert.Equal(0, (await all.Count().ComputeAsync(s_scheduler)).ToScalar());
    }

    [Fact]
    public async Task Weights_that_add_up_to_nothing_hide_the_mean_as_in_numpy_ma()
    {
        // np.ma.average([[1, 2, 3], [4, 5, 6]], weights=..., axis=1), the 2 hidden.
        var m = DaskArray.FromArray(NDArray.From<double>([1, 2, 3, 4, 5, 6], 2, 3), 2).MaskedEqual(2);
        Assert.Equal("[-- 7.0]", await Text(m.Average(DaskArray.FromArray([1.0, -1, -1]).Reshape([1, 3]) * DaskArray.FromArray([1.0, -1]).Reshape([2, 1]), 1)));
        Assert.Equal("[-- --]", await Text(m.Average(DaskArray.Zeros((2, 3)), 1)));
        Assert.Equal("[1.0 -- --]", await Text(m.Average(DaskArray.FromArray(NDArray.From<double>([1, 2, 0, 0, 0, 0], 2, 3)), 0)));
        Assert.Equal("[2.0 --]", await Text(m.AsType<int>().Average(DaskArray.FromArray(NDArray.From<double>([1, 2, 1, 1, -2, 1], 2, 3)), 1)));
        Assert.Equal(0, (await m.Average(DaskArray.Zeros((2, 3)), 1).GetData()[0].ComputeAsync(s_scheduler)).ToScalar());
    }

    [Fact]
    public async Task Values_and_mask_are_persisted_as_one_graph()
    {
        var calls = 0;
        var counted = X().MapBlocks(block =>
        {
            Interlocked.Increment(ref calls);
            return block;
        });
        var m = await counted.MaskedGreater(7).PersistAsync(s_scheduler);
        Assert.Equal(counted.NPartitions, calls);
        Assert.Equal("[5.0 1.0 4.0 2.0 3.0 -- 7.0 --]", await Text(m));
        Assert.Equal(counted.NPartitions, calls);
    }

    [Fact]
    public async Task Parts_keep_their_mask()
    {
        var m = X().MaskedInside(3, 5);
        Assert.Equal("[8.0 7.0 9.0 --]", await Text(m[new Slice(7, 3, -1)]));
        Assert.Equal("[8.0 7.0 9.0 --]", await Text((await m.PersistAsync(s_scheduler))[new Slice(7, 3, -1)]));
        Assert.Equal("[-- 1.0 -- 1.0 -- 1.0 1.0 1.0]", await Text(m.OnesLike()));
        Assert.Equal("[-- 1.0 -- 4.0 -- 81.0 49.0 64.0]", await Text(m.Apply(x => x * x)));
        var places = (await m.NonZero()[0].ComputeAsync(s_scheduler)).ToArray();
        Assert.Equal([1, 3, 5, 6, 7], places);
        Assert.Equal("[[-- --]\n [1.0 9.0]\n [-- 7.0]\n [2.0 8.0]]", await Text(m.Reshape((2, 4)).Transpose()));
        Assert.Throws<ShapeException>(() => DaskArray.MaskedArray(X(), DaskArray.FromArray([true, false])));
    }

    [Fact]
    public async Task A_choice_hides_what_is_hidden_in_what_is_chosen() =>
        Assert.Equal("[5.0 -- 4.0 -- 3.0 -- 7.0 --]", await Text(DaskArray.Where(X() <= 5.0, X().MaskedLess(3), X().MaskedGreater(7))));
}
