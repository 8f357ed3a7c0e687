using System.Globalization;

namespace Orleans.Dask.Grains.Interfaces;

/// <summary>One user's connection to a cluster: keys and values belong to it and go when it ends.</summary>
/// <param name="Value">Text without '/'.</param>
[GenerateSerializer, Immutable, Alias("dask.SessionId")]
public readonly record struct SessionId([property: Id(0)] string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>
/// The name of one value of a graph, within its session: the layer it belongs to and its place there.
/// A chunked array of 1,000 chunks is one layer with indices 0 to 999 in C order; a single task has index 0.
/// </summary>
/// <param name="Layer">Name of the layer: what it does, and a token of its content, such as <c>sum-1f0c9a…</c>.</param>
/// <param name="Index">Place within the layer, from 0.</param>
[GenerateSerializer, Immutable, Alias("dask.TaskKey")]
public readonly record struct TaskKey([property: Id(0)] string Layer, [property: Id(1)] int Index = 0) : IComparable<TaskKey>
{
    /// <summary>As <c>layer[index]</c>; <see cref="Parse"/> reads it back.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Layer}[{Index}]");

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <exception cref="FormatException">Not of the form <c>layer[index]</c>.</exception>
    public static TaskKey Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var open = text.LastIndexOf('[');
        if (open < 0 || text[^1] != ']' || !int.TryParse(text.AsSpan(open + 1, text.Length - open - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var index))
        {
            throw new FormatException($"'{text}' is not a task key. Expected layer[index], such as sum-1f0c9a[3].");
        }

        return new TaskKey(text[..open], index);
    }

    /// <inheritdoc/>
    public int CompareTo(TaskKey other)
    {
        var byLayer = string.CompareOrdinal(Layer, other.Layer);
        return byLayer != 0 ? byLayer : Index.CompareTo(other.Index);
    }

    /// <summary>Ordinal by layer, then by index.</summary>
    public static bool operator <(TaskKey left, TaskKey right) => left.CompareTo(right) < 0;

    /// <summary>Ordinal by layer, then by index.</summary>
    public static bool operator >(TaskKey left, TaskKey right) => left.CompareTo(right) > 0;

    /// <summary>Ordinal by layer, then by index.</summary>
    public static bool operator <=(TaskKey left, TaskKey right) => left.CompareTo(right) <= 0;

    /// <summary>Ordinal by layer, then by index.</summary>
    public static bool operator >=(TaskKey left, TaskKey right) => left.CompareTo(right) >= 0;
}
