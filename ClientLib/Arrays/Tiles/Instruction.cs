namespace Orleans.Dask.Arrays;

/// <summary>What one step of a <see cref="TileProgram"/> does.</summary>
internal enum TileStep
{
    /// <summary>Takes elements of a leaf, along its mapping of axes.</summary>
    Load,

    /// <summary>One value everywhere.</summary>
    Constant,

    /// <summary>Values that depend only on where they stand.</summary>
    Source,

    /// <summary>An elementwise function by name.</summary>
    Call,

    /// <summary>To another element type.</summary>
    Cast,

    /// <summary>One of two by a condition.</summary>
    Where,

    /// <summary>A user's function.</summary>
    Custom,
}

/// <summary>One step; its place in the program is the register it fills. Plain data, so that programs travel.</summary>
internal sealed class Instruction(TileStep step, DType type, int[] inputs)
{
    public TileStep Step { get; } = step;

    /// <summary>Element type of the register.</summary>
    public DType Type { get; } = type;

    /// <summary>Registers it reads.</summary>
    public int[] Inputs { get; } = inputs;

    /// <summary>Call: the function.</summary>
    public string? Name { get; init; }

    /// <summary>Call: the type its arguments have.</summary>
    public DType Loop { get; init; }

    /// <summary>Load: which leaf.</summary>
    public int Leaf { get; init; }

    /// <summary>Load: per axis of the result, the leaf's axis, or -1 where the leaf is repeated.</summary>
    public int[]? Axes { get; init; }

    /// <summary>Constant: the value; Source: the <see cref="PositionSource"/>; Custom: the <see cref="TileKernel"/>.</summary>
    public object? Value { get; init; }
}

/// <summary>Values made from their position alone: ranges, random numbers.</summary>
internal abstract unsafe class PositionSource
{
    /// <summary>Type of the values.</summary>
    public abstract DType Type { get; }

    /// <summary>Content, for tokens: equal texts mean equal values.</summary>
    public abstract string Token { get; }

    /// <param name="output">Room for <paramref name="count"/> values.</param>
    /// <param name="position">Of the first value, in the whole array; the others follow along the last axis.</param>
    /// <param name="count">How many.</param>
    public abstract void Fill(byte* output, ReadOnlySpan<long> position, int count);
}
