using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Orleans.Dask.Benchmarks.Scenarios;

/// <summary>The array scenarios: 8000 x 8000 doubles in chunks of 1000 x 1000, kept before the clock, two threads.</summary>
public sealed class Arrays : IScenarioSource
{
    private const int Side = 8000;
    private const long Elements = (long)Side * Side;
    private static readonly ThreadsScheduler s_scheduler = new(threads: 2);
    private static DaskArray<double>? s_kept;

    public IEnumerable<Scenario> Scenarios =>
    [
        new("array_random_mean", Elements, () => Task.FromResult<IScenarioRun>(new ScenarioRun(async () =>
            Math.Round(await DaskArray.Random.Random((Side, Side), 1000, seed: 1).Mean().ComputeAsync(s_scheduler), 3)))),
        Of("array_elementwise_chain", x => ((((-(x * x)).Exp() + 1.0).Sqrt() * 2.0) - (x / 3.0)).Sum()),
        Of("array_sum", x => x.Sum()),
        new("array_sum_axis0", Elements, async () => Run(await KeptAsync(), async x => (await x.Sum(axis: 0).ComputeAsync(s_scheduler)).ToArray().Sum())),
        Of("array_std", x => x.Std()),
        Of("array_transpose_add", x => (x + x.T).Sum()),
        Of("array_center_std", x => (x + x.T - x.Mean(axis: 0)).Std()),
        Of("array_slice_step", x => x[new Slice(null, 6000, 2), new Slice(7000, 1000, -3)].Sum()),
        Of("array_mask_assign", x =>
        {
            var y = x.SetItem(x < 0.5, 0.0);
            return (y + y.T).Sum();
        }),
        Of("array_cumsum", x => x.CumSum(axis: 0).Sum()),
        Of("array_rechunk", x => x.Rechunk((Side, 125)).Sum(axis: 0).Sum()),
        new("array_matmul", 2000L * 2000 * 2000, async () =>
        {
            var a = await (await KeptAsync())[..2000, ..2000].PersistAsync(s_scheduler);
            return new ScenarioRun(() => a.Dot(a.T + 1.0).Sum().ComputeAsync(s_scheduler));
        }),
        new("array_svd_tall", 200_000L * 50, async () =>
        {
            var a = await Numbers((200_000, 50), (20_000, 50)).PersistAsync(s_scheduler);
            return new ScenarioRun(async () => (await a.Svd().S.ComputeAsync(s_scheduler)).ToArray().Sum());
        }),
        new("read_2threads", Elements, async () =>
        {
            var x = await KeptAsync();
            var blocks = (await s_scheduler.ComputeAsync(x.ToGraph(), x.Keys())).Select(b => (NDArray<double>)b!).ToArray();
            return new ScenarioRun(() => Task.FromResult(Read(blocks)));
        }),
    ];

    /// <summary>As <c>x_of</c> of dask_bench.py.</summary>
    private static DaskArray<double> Numbers((long, long) shape, ChunkSpec chunks) =>
        DaskArray.FromFunction((i, j) => (((i * 7919) + (j * 104729) + (i * j % 1013)) % 10007) / 10007.0, shape, chunks);

    private static async Task<DaskArray<double>> KeptAsync() => s_kept ??= await Numbers((Side, Side), 1000).PersistAsync(s_scheduler);

    private static Scenario Of(string name, Func<DaskArray<double>, DaskScalar<double>> recipe) =>
        new(name, Elements, async () => Run(await KeptAsync(), x => recipe(x).ComputeAsync(s_scheduler)));

    private static ScenarioRun Run(DaskArray<double> x, Func<DaskArray<double>, Task<double>> compute) => new(() => compute(x));

    /// <summary>The limit of what only reads: two threads, vector sums.</summary>
    private static double Read(NDArray<double>[] blocks)
    {
        var sums = new double[2];
        var second = new Thread(() => sums[1] = Half(blocks, 1));
        second.Start();
        sums[0] = Half(blocks, 0);
        second.Join();
        return sums[0] + sums[1];
    }

    private static double Half(NDArray<double>[] blocks, int first)
    {
        var (a, b, c, d) = (Vector512<double>.Zero, Vector512<double>.Zero, Vector512<double>.Zero, Vector512<double>.Zero);
        for (var i = first; i < blocks.Length; i += 2)
        {
            ref var start = ref MemoryMarshal.GetReference(blocks[i].Span);
            for (nuint k = 0; k + 32 <= (nuint)blocks[i].Size; k += 32)
            {
                a += Vector512.LoadUnsafe(ref start, k);
                b += Vector512.LoadUnsafe(ref start, k + 8);
                c += Vector512.LoadUnsafe(ref start, k + 16);
                d += Vector512.LoadUnsafe(ref start, k + 24);
            }
        }

        return Vector512.Sum(a + b + c + d);
    }
}
