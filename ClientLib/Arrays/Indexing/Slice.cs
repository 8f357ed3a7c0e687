using System.Globalization;

namespace Orleans.Dask;

/// <summary>
/// Part of an axis as Python writes it, <c>start:stop:step</c>: negative positions count from the end, a missing one is the
/// end that the step comes from or goes to, and positions beyond the axis are cut off.
/// </summary>
/// <param name="Start">First position, or null.</param>
/// <param name="Stop">First position no more taken, or null.</param>
/// <param name="Step">Not 0; negative walks backwards.</param>
public readonly record struct Slice(long? Start = null, long? Stop = null, long Step = 1)
{
    /// <summary>The whole axis.</summary>
    public static Slice All => new(null, null);

    /// <summary>The whole axis, last first.</summary>
    public static Slice Reversed => new(null, null, -1);

    /// <summary>C#'s range, with step 1.</summary>
    public static implicit operator Slice(Range range) => new(Position(range.Start, false), Position(range.End, true));

    /// <summary>As in Python.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Start}:{Stop}:{Step}");

    /// <summary>First position, distance and number of positions on an axis of some length.</summary>
    internal (long Start, long Step, long Count) Resolve(long length)
    {
        if (Step == 0)
        {
            throw new ArrayException("A slice with step 0 never ends. Pass a step of 1 or more, or -1 or less to walk backwards.");
        }

        long low = Step > 0 ? 0 : -1, high = Step > 0 ? length : length - 1;
        var start = Start is { } s ? Math.Clamp(s < 0 ? s + length : s, low, high) : Step > 0 ? low : high;
        var stop = Stop is { } e ? Math.Clamp(e < 0 ? e + length : e, low, high) : Step > 0 ? high : low;
        var count = Step > 0 ? (stop - start + Step - 1) / Step : (start - stop - Step - 1) / -Step;
        return (start, Step, Math.Max(0, count));
    }

    private static long? Position(Index index, bool end) => !index.IsFromEnd ? index.Value
        : index.Value != 0 ? -index.Value : end ? null : long.MaxValue;
}
