using Orleans.Dask.Frames;

namespace Orleans.Dask;

/// <summary>One column in memory with its labels. Immutable; prints as pandas does.</summary>
/// <param name="name">Its name; null where an operation left none.</param>
/// <param name="values">The values.</param>
/// <param name="index">The labels, as many; null: numbers from 0.</param>
public sealed class Series(string? name, Column values, FrameIndex? index = null)
{
    /// <summary>Its name, if it has one.</summary>
    public string? Name { get; } = name;

    /// <summary>The values.</summary>
    public Column Values { get; } = values ?? throw new ArgumentNullException(nameof(values));

    /// <summary>The labels.</summary>
    public FrameIndex Index { get; } = index ?? FrameIndex.Range(values.Length);

    /// <summary>Rows.</summary>
    public int Length => Values.Length;

    /// <summary>What it holds.</summary>
    public ColumnType Type => Values.Type;

    /// <summary>The value of a row, boxed; null where it is missing.</summary>
    /// <param name="row">Position from 0, not the label.</param>
    public object? this[int row] => Values[row];

    /// <summary>The first rows.</summary>
    /// <param name="n">How many at most.</param>
    public Series Head(int n = 5)
    {
        var length = Math.Min(Math.Max(n, 0), Length);
        return new Series(Name, Values.Slice(0, length), Index.Slice(0, length));
    }

    /// <inheritdoc/>
    public override string ToString() => FramePrinter.Print(this);
}
