namespace Orleans.Dask;

/// <summary>The labels of rows: running numbers, or the values of one or more columns (the keys of groups).</summary>
public sealed class FrameIndex
{
    private FrameIndex(long start, int length, IReadOnlyList<string?> names, Column[] levels)
    {
        Start = start;
        Length = length;
        Names = names;
        LevelArray = levels;
    }

    /// <summary>Rows.</summary>
    public int Length { get; }

    /// <summary>Are the labels consecutive numbers, as they are unless rows were chosen or grouped.</summary>
    public bool IsRange => LevelArray.Length == 0;

    /// <summary>The first number of a range.</summary>
    public long Start { get; }

    /// <summary>The name of each level; null where it has none.</summary>
    public IReadOnlyList<string?> Names { get; }

    /// <summary>The labels, a column per level; for a range its numbers, made on demand.</summary>
    public IReadOnlyList<Column> Levels => IsRange ? [Numbers()] : LevelArray;

    internal Column[] LevelArray { get; }

    /// <summary>Running numbers.</summary>
    /// <param name="length">How many.</param>
    /// <param name="start">The first.</param>
    public static FrameIndex Range(int length, long start = 0) => new(start, length, [null], []);

    /// <summary>Labels from a column.</summary>
    public static FrameIndex Of(string? name, Column labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        return new(0, labels.Length, [name], [labels]);
    }

    /// <summary>Several levels of equal length, at least one.</summary>
    internal static FrameIndex Of(string?[] names, Column[] levels) => new(0, levels[0].Length, names, levels);

    internal FrameIndex Take(ReadOnlySpan<int> rows)
    {
        if (!IsRange)
        {
            var taken = new Column[LevelArray.Length];
            for (var level = 0; level < taken.Length; level++)
            {
                taken[level] = LevelArray[level].Take(rows);
            }

            return new FrameIndex(0, rows.Length, Names, taken);
        }

        var numbers = new long[rows.Length];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = Start + rows[i];
        }

        return new FrameIndex(0, rows.Length, Names, [new Int64Column(numbers)]);
    }

    internal FrameIndex Slice(int start, int length) => IsRange
        ? Range(length, Start + start)
        : new FrameIndex(0, length, Names, [.. LevelArray.Select(level => level.Slice(start, length))]);

    /// <summary>Labels one after the other: ranges that follow each other stay a range; others keep their labels, even if some occur twice.</summary>
    internal static FrameIndex Concat(IReadOnlyList<FrameIndex> parts)
    {
        var used = parts.Where(part => part.Length > 0).ToArray();
        if (used.Length <= 1)
        {
            return used.Length == 1 ? used[0] : parts[0];
        }

        var length = used.Sum(part => part.Length);
        var next = used[0].Start;
        var follows = true;
        foreach (var part in used)
        {
            follows &= part.IsRange && part.Start == next;
            next = part.Start + part.Length;
        }

        return follows
            ? Range(length, used[0].Start)
            : new FrameIndex(0, length, used[0].Names, [.. Enumerable.Range(0, used[0].Levels.Count).Select(level => Column.Concat([.. used.Select(part => part.Levels[level])]))]);
    }

    private Int64Column Numbers()
    {
        var numbers = new long[Length];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = Start + i;
        }

        return new Int64Column(numbers);
    }
}
