namespace Orleans.Dask.Arrays;

/// <summary>
/// Where the element of a rank stands in each of several sorted runs, found without looking at most of them. Elements are
/// ordered by value, then run, then place, so that no two are equal and every rank has one answer.
/// </summary>
/// <remarks>
/// <code>
///   run 0   . . s . . s . . s        every third element is a sample; of the samples we know the order
///   run 1   . . s . . s . . s
///                 ├──┤               so elements before the window are surely among the first r,
///   run 1   . . s[. . s .]. s        those after it surely not, and the window holds about 2 samples a run
/// </code>
/// Regular sampling after Shi and Schaeffer (1992); the exact cut is then found among the windows' elements alone.
/// </remarks>
internal readonly record struct RankWindows(int Runs, long[] Numbers)
{
    /// <summary>The ranks asked for, one window each.</summary>
    public int Count => Numbers.Length / (1 + (2 * Runs));

    public long Rank(int window) => Numbers[window];

    /// <summary>In a run, where the window begins.</summary>
    public int From(int window, int run) => (int)Numbers[Count + (2 * ((window * Runs) + run))];

    /// <summary>In a run, where the window ends.</summary>
    public int To(int window, int run) => (int)Numbers[Count + (2 * ((window * Runs) + run)) + 1];

    /// <summary>Every <paramref name="every"/>th element of a sorted run.</summary>
    public static NDArray<T> Sample<T>(ReadOnlySpan<T> run, int every)
        where T : unmanaged
    {
        NDArray<T> samples = new([run.Length / every]);
        for (var i = 0; i < samples.Size; i++)
        {
            samples.Data[i] = run[((i + 1) * every) - 1];
        }

        return samples;
    }

    /// <param name="samples">Of each run.</param>
    /// <param name="lengths">Of each run.</param>
    /// <param name="every">How many elements one sample stands for.</param>
    /// <param name="ranks">How many elements come before the one looked for.</param>
    public static RankWindows Plan<T>(NDArray<T>[] samples, long[] lengths, int every, long[] ranks)
        where T : unmanaged
    {
        var (runs, total) = (samples.Length, samples.Sum(s => s.Size));
        var values = new T[total];
        var owners = new long[total];
        var at = 0;
        for (var run = 0; run < runs; run++)
        {
            samples[run].Span.CopyTo(values.AsSpan(at));
            owners.AsSpan(at, samples[run].Size).Fill(run);
            at += samples[run].Size;
        }

        // Samples of one run that are equal stay in order, as their owners are the same.
        Arrays.Runs.Sort(values, owners);
        var low = Array.ConvertAll(ranks, r => Math.Clamp((r - ((long)runs * (every - 1))) / every, 0, total));
        var high = Array.ConvertAll(ranks, r => Math.Min((r + every) / every, total + 1));
        var counts = Prefixes(owners, runs, [.. low.Concat(high).Distinct().Order()]);
        var numbers = new long[ranks.Length * (1 + (2 * runs))];
        ranks.CopyTo(numbers, 0);
        for (var j = 0; j < ranks.Length; j++)
        {
            for (var run = 0; run < runs; run++)
            {
                var place = ranks.Length + (2 * ((j * runs) + run));
                numbers[place] = counts[low[j]][run] * every;
                numbers[place + 1] = high[j] > total ? lengths[run] : Math.Min(lengths[run], ((counts[high[j]][run] + 1) * every) - 1);
            }
        }

        return new RankWindows(runs, numbers);
    }

    /// <summary>The exact cut of one rank: how many elements of each run come before it.</summary>
    /// <param name="window">Which of the windows.</param>
    /// <param name="parts">Of each run, the elements in the window.</param>
    public long[] Cut<T>(int window, NDArray<T>[] parts)
        where T : unmanaged
    {
        var cuts = new long[Runs];
        var (values, inside, skip) = Inside(window, parts);
        var owners = inside.Span;
        for (var run = 0; run < Runs; run++)
        {
            cuts[run] = From(window, run);
        }

        for (var i = 0; i < skip; i++)
        {
            cuts[owners[(int)i]]++;
        }

        Lent.Return(values);
        Lent.Return(inside);
        return cuts;
    }

    /// <summary>The element of one rank.</summary>
    public T Pick<T>(int window, NDArray<T>[] parts)
        where T : unmanaged
    {
        var (values, _, skip) = Inside(window, parts);
        return values.Span[(int)skip];
    }

    /// <summary>The elements of a window in order, whose they are, and how many of them come before the rank.</summary>
    private (NDArray<T> Values, NDArray<long> Owners, long Skip) Inside<T>(int window, NDArray<T>[] parts)
        where T : unmanaged
    {
        var skip = Rank(window);
        var values = NDArray<T>.OfLength(parts.Sum(p => p.Size));
        var owners = NDArray<long>.OfLength(values.Size);
        var ends = new List<int>();
        var at = 0;
        for (var run = 0; run < Runs; run++)
        {
            skip -= From(window, run);
            parts[run].Span.CopyTo(values.Data[at..]);
            owners.Data.Slice(at, parts[run].Size).Fill(run);
            ends.Add(at += parts[run].Size);
        }

        var (sorted, whose) = Arrays.Runs.Merge(values, owners, ends);
        return (sorted, whose!, skip);
    }

    /// <summary>How many of the first n samples belong to each run, for each n asked (ascending).</summary>
    private static Dictionary<long, long[]> Prefixes(long[] owners, int runs, long[] asked)
    {
        var result = new Dictionary<long, long[]>();
        var counts = new long[runs];
        long done = 0;
        foreach (var n in asked)
        {
            for (; done < Math.Min(n, owners.Length); done++)
            {
                counts[owners[done]]++;
            }

            result[n] = (long[])counts.Clone();
        }

        return result;
    }
}
