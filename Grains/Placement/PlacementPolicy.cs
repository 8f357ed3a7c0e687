namespace Orleans.Dask.Grains.Placement;

/// <summary>A silo that could run a task, or hold an activation.</summary>
/// <param name="QueuedTicks">Work already handed to it (100 ns), over all its slots.</param>
/// <param name="Slots">Tasks it runs at a time.</param>
/// <param name="BytesToMove">Bytes of inputs that it does not hold.</param>
/// <param name="ValuesToMove">How many inputs that is.</param>
/// <param name="BytesPerSecond">How fast inputs have come to it lately; 0: not measured.</param>
internal readonly record struct PlacementCandidate(long QueuedTicks, int Slots, long BytesToMove, int ValuesToMove, long BytesPerSecond = 0);

/// <summary>
/// Where a task would start earliest: the one rule that the scheduler, the placement director and the simulator share.
/// A task starts when its inputs have come and a slot is free, and both pass at the same time only in part,
/// so the two are added: moving bytes also costs those who work meanwhile.
/// </summary>
internal static class PlacementPolicy
{
    /// <summary>Assumed of a silo until it has measured: 1 GB/s.</summary>
    public const long DefaultBytesPerSecond = 1_000_000_000;

    /// <summary>Who says that it is slower is taken at so much: 1 MB/s.</summary>
    public const long LeastBytesPerSecond = 1_000_000;

    /// <summary>What asking another silo costs at all: 0.2 ms.</summary>
    public const long RoundTripTicks = 2_000;

    /// <summary>What each further value of a request costs: 5 µs.</summary>
    public const long PerValueTicks = 50;

    /// <summary>Place of the best candidate; the first among equals.</summary>
    public static int Choose(ReadOnlySpan<PlacementCandidate> candidates)
    {
        if (candidates.IsEmpty)
        {
            throw new ArgumentException("No candidate: a task needs at least one silo to run on.", nameof(candidates));
        }

        var best = 0;
        var earliest = StartsIn(candidates[0]);
        for (var i = 1; i < candidates.Length; i++)
        {
            var start = StartsIn(candidates[i]);
            if (start < earliest)
            {
                (best, earliest) = (i, start);
            }
        }

        return best;
    }

    /// <summary>Ticks (100 ns) until a task would start there.</summary>
    public static long StartsIn(in PlacementCandidate candidate) =>
        (candidate.QueuedTicks / Math.Max(1, candidate.Slots)) + TransferTicks(candidate.BytesToMove, candidate.ValuesToMove, candidate.BytesPerSecond);

    /// <summary>Ticks that fetching inputs takes.</summary>
    public static long TransferTicks(long bytes, int values, long bytesPerSecond = 0) =>
        values == 0 ? 0 : RoundTripTicks + (PerValueTicks * values) + (long)(bytes * (double)TimeSpan.TicksPerSecond / (bytesPerSecond > 0 ? bytesPerSecond : DefaultBytesPerSecond));

    /// <summary>
    /// Whether an idle silo should take a task that waits elsewhere. Twice the cost of moving must be won:
    /// the wait is a guess, and a task moved in vain has delayed two silos.
    /// </summary>
    public static bool StealPays(long waitTicks, long bytesToMove, int valuesToMove, long bytesPerSecond = 0) =>
        waitTicks > 2 * (RoundTripTicks + TransferTicks(bytesToMove, valuesToMove, bytesPerSecond));
}
