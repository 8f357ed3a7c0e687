namespace Orleans.Dask.Benchmarks.Memory;

/// <summary>What is done with an array that is larger than memory; each says whether the answer is right.</summary>
internal static class Operations
{
    private static readonly ZarrOptions s_plain = new() { Codec = null };

    public static IReadOnlyDictionary<string, Func<Size, ThreadsScheduler, string, Task<string>>> All { get; } = new Dictionary<string, Func<Size, ThreadsScheduler, string, Task<string>>>
    {
        ["sort"] = (size, scheduler, folder) => SortAsync(Line(size), scheduler, folder),
        ["argsort"] = ArgSortAsync,
        ["mask"] = MaskAsync,
        ["rechunk"] = (size, scheduler, folder) => RechunkAsync(Rows(size), size, scheduler, folder),
        ["center_std"] = (size, scheduler, _) => CentreAsync(Square(size), scheduler),
        ["sort_file"] = async (size, scheduler, folder) => await SortAsync(await StoredAsync(Line(size), scheduler, folder), scheduler, folder),
        ["rechunk_file"] = async (size, scheduler, folder) => await RechunkAsync(await StoredAsync(Rows(size), scheduler, folder), size, scheduler, folder),
        ["center_std_file"] = async (size, scheduler, folder) => await CentreAsync(await StoredAsync(Square(size), scheduler, folder), scheduler),
    };

    private static DaskArray<double> Line(Size size) => DaskArray.Random.Random([size.Elements], (int)(size.Elements / size.Chunks), seed: 7);

    private static int Side(Size size) => (int)Math.Sqrt(size.Elements) / size.Chunks * size.Chunks;

    private static DaskArray<double> Rows(Size size) => DaskArray.Random.Random((Side(size), Side(size)), (Side(size) / size.Chunks, Side(size)), seed: 7);

    private static DaskArray<double> Square(Size size)
    {
        var along = (int)Math.Sqrt(size.Chunks) * 2;
        var side = Side(size) / along * along;
        return DaskArray.Random.Random((side, side), side / along, seed: 7);
    }

    private static async Task<DaskArray<double>> StoredAsync(DaskArray<double> x, ThreadsScheduler scheduler, string folder)
    {
        var path = Path.Combine(folder, "input");
        await x.ToZarrAsync(path, options: s_plain, scheduler: scheduler);
        return DaskArray.FromZarr<double>(path);
    }

    private static async Task<string> SortAsync(DaskArray<double> x, ThreadsScheduler scheduler, string folder)
    {
        var path = Path.Combine(folder, "sorted");
        await x.Sort().ToZarrAsync(path, options: s_plain, scheduler: scheduler);
        var sorted = DaskArray.FromZarr<double>(path);
        var descents = await (sorted[1..] < sorted[..^1]).AsType<long>().Sum().ComputeAsync(scheduler);
        return Same(descents == 0, await x.Sum().ComputeAsync(scheduler), await sorted.Sum().ComputeAsync(scheduler));
    }

    private static async Task<string> ArgSortAsync(Size size, ThreadsScheduler scheduler, string folder)
    {
        var path = Path.Combine(folder, "places");
        await Line(size).ArgSort().ToZarrAsync(path, options: s_plain, scheduler: scheduler);
        var places = DaskArray.FromZarr<long>(path);
        return Same(true, size.Elements * (size.Elements - 1.0) / 2, await places.AsType<double>().Sum().ComputeAsync(scheduler));
    }

    private static async Task<string> MaskAsync(Size size, ThreadsScheduler scheduler, string folder)
    {
        var x = Line(size) - 0.5;
        var positive = await x[x > 0.0].ComputeChunkSizesAsync(scheduler);
        var path = Path.Combine(folder, "positive");
        await positive.ToNpyStackAsync(path, scheduler: scheduler);
        return Same(true, await DaskArray.Where(x > 0.0, x, 0.0).Sum().ComputeAsync(scheduler), await DaskArray.FromNpyStack<double>(path).Sum().ComputeAsync(scheduler));
    }

    private static async Task<string> RechunkAsync(DaskArray<double> rows, Size size, ThreadsScheduler scheduler, string folder)
    {
        var path = Path.Combine(folder, "columns");
        await rows.Rechunk((Side(size), Side(size) / size.Chunks)).ToZarrAsync(path, options: s_plain, scheduler: scheduler);
        var weights = DaskArray.Arange(0.0, Side(size), 1.0);
        return Same(true, await (rows * weights).Sum().ComputeAsync(scheduler), await (DaskArray.FromZarr<double>(path) * weights).Sum().ComputeAsync(scheduler));
    }

    private static async Task<string> CentreAsync(DaskArray<double> x, ThreadsScheduler scheduler)
    {
        // Of uniform numbers: twice 1/12 for all pairs, but for the diagonal.
        var found = await (x + x.T - x.Mean(axis: 0)).Std().ComputeAsync(scheduler);
        return Math.Abs(found - Math.Sqrt(1 / 6.0)) < 0.01 ? "right" : $"WRONG: {found}";
    }

    private static string Same(bool holds, double expected, double found) =>
        holds && Math.Abs(expected - found) <= Math.Abs(expected) * 1e-9 ? "right" : $"WRONG: {found} for {expected}";
}
