using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Spilling;

namespace Orleans.Dask.Arrays;

/// <summary>
/// The steps that find ranks in sorted runs which are blocks of a graph: a sample of each run, a plan per line, and the
/// plan's windows cut from the runs. Ranks are done in groups, each small enough to be one task.
/// </summary>
/// <param name="Lines">Lines that are sorted each by itself.</param>
/// <param name="RunCount">Runs of each line; run i of line l is number l * RunCount + i of its layer.</param>
/// <param name="Ranks">How many ranks are looked for.</param>
/// <param name="GroupSize">Ranks of one group.</param>
/// <param name="Plan">Layer of the plans, as numbers of <see cref="RankWindows"/>; one per line.</param>
/// <param name="Parts">Layer of the window parts: number (line * Groups + group) * RunCount + run.</param>
internal sealed record WindowStages(int Lines, int RunCount, int Ranks, int GroupSize, string Plan, string Parts)
{
    public int Groups => (Ranks + GroupSize - 1) / GroupSize;

    /// <summary>Appends the steps.</summary>
    /// <param name="stages">Where to.</param>
    /// <param name="sorted">Layer of the runs: arrays of which the first holds sorted values.</param>
    /// <param name="lines">How many lines.</param>
    /// <param name="runs">How many runs each has.</param>
    /// <param name="longest">Length of the longest run.</param>
    /// <param name="count">How many ranks.</param>
    /// <param name="ranks">The ranks for the task's constants and the length of a line.</param>
    /// <param name="constants">What <paramref name="ranks"/> depends on.</param>
    public static WindowStages Add<T>(Stages stages, string sorted, int lines, int runs, long longest, int count, Func<long[], long, long[]> ranks, long[] constants)
        where T : unmanaged
    {
        // With a sample every sqrt(m / 2) elements, all samples of a line and the windows of one rank are equally many.
        var every = Math.Max(1, (int)Math.Sqrt(longest / 2.0));
        var size = (int)Math.Clamp(longest / (2L * runs * every), 1, Math.Max(1, count));
        var groups = (count + size - 1) / size;
        var samples = stages.Add("sample", lines * runs, [sorted], static (values, numbers) =>
        {
            var run = (NDArray<T>)((NDArray[])values[0]!)[0];
            return new NDArray[] { RankWindows.Sample(run.Span, (int)numbers[0]), new NDArray<long>([run.Size], []) };
        }, i => [new TaskKey(sorted, i)], _ => [every]);
        var plan = stages.Add("plan", lines, [samples], Planner<T>(ranks), line => Keys(samples, line * runs, runs), _ => [every, .. constants]);
        var windows = stages.Add("window", lines * groups * runs, [sorted, plan], static (values, numbers) =>
        {
            var found = new RankWindows((int)numbers[0], (long[])values[1]!);
            var (own, first) = ((int)numbers[1], (int)numbers[2]);
            var parts = new NDArray[Math.Min((int)numbers[3], found.Count - first)];
            for (var j = 0; j < parts.Length; j++)
            {
                var from = found.From(first + j, own);
                parts[j] = Part<T>(values[0]!, 0, from, Math.Max(from, found.To(first + j, own)));
            }

            return parts;
        }, i => [new TaskKey(sorted, (i / (groups * runs) * runs) + (i % runs)), new TaskKey(plan, i / (groups * runs))],
            i => [runs, i % runs, i / runs % groups * size, size], takesSpilled: true);
        return new WindowStages(lines, runs, count, size, plan, windows);
    }

    /// <summary>In a method of its own: its closure travels, and holds the function alone.</summary>
    private static Func<object?[], long[], object?> Planner<T>(Func<long[], long, long[]> ranks)
        where T : unmanaged => (values, numbers) =>
        {
            var parts = Array.ConvertAll(values, v => (NDArray[])v!);
            var lengths = Array.ConvertAll(parts, p => ((NDArray<long>)p[1]).ToScalar());
            return RankWindows.Plan(Array.ConvertAll(parts, p => (NDArray<T>)p[0]), lengths, (int)numbers[0], ranks(numbers[1..], lengths.Sum())).Numbers;
        };

    /// <summary>What a step over the groups needs: the plan, and the parts of every run.</summary>
    public TaskKey[] Needs(int index) => [new TaskKey(Plan, index / Groups), .. Keys(Parts, index * RunCount, RunCount)];

    /// <summary>Part of one of a run's arrays, in memory of its own; of a run on the disk, only that is read.</summary>
    public static NDArray<T> Part<T>(object run, int array, int from, int to)
        where T : unmanaged
    {
        var part = NDArray<T>.OfLength(to - from);
        Copy(run, array, from, part, 0, to - from);
        return part;
    }

    /// <summary>Copies elements of one of a run's arrays; of a run on the disk, only those are read.</summary>
    public static void Copy<T>(object run, int array, int from, NDArray<T> target, int at, int count)
        where T : unmanaged
    {
        if (run is SpilledValue spilled)
        {
            ((RawArray)spilled.Form(array)!).ReadInto(target.View([count], [1], target.Offset + at), [new AxisIndex(from, 1, count)]);
        }
        else
        {
            ((NDArray<T>)((NDArray[])run)[array]).Span.Slice(from, count).CopyTo(target.Data[at..]);
        }
    }

    /// <summary>Of each of a run's arrays, how many elements.</summary>
    public static int[] Lengths(object run) => run is SpilledValue spilled
        ? [.. spilled.Forms.Select(form => Strided.Size(((RawArray)form!).Dimensions))]
        : Array.ConvertAll((NDArray[])run, array => array.Size);

    public static TaskKey[] Keys(string layer, int first, int count)
    {
        var keys = new TaskKey[count];
        for (var i = 0; i < count; i++)
        {
            keys[i] = new TaskKey(layer, first + i);
        }

        return keys;
    }

    /// <summary>Of each window of a group, the parts by run; as a step's kernel gets them.</summary>
    public static (RankWindows Windows, NDArray<T>[][] Parts) Unpack<T>(object?[] values)
        where T : unmanaged
    {
        var runs = Array.ConvertAll(values[1..], v => (NDArray[])v!);
        var parts = new NDArray<T>[runs[0].Length][];
        for (var j = 0; j < parts.Length; j++)
        {
            parts[j] = Array.ConvertAll(runs, r => (NDArray<T>)r[j]);
        }

        return (new RankWindows(runs.Length, (long[])values[0]!), parts);
    }
}
