namespace Orleans.Dask.Grains.Interfaces;

/// <summary>What a payload may cost the process that reads it. All limits of decoding are here.</summary>
[GenerateSerializer, Immutable, Alias("dask.PayloadLimits")]
public sealed record PayloadLimits
{
    /// <summary>The limits used where nobody says otherwise.</summary>
    public static PayloadLimits Default { get; } = new();

    /// <summary>Longest payload in bytes. Default 2,147,483,591, the longest array of bytes .NET has.</summary>
    [Id(0)]
    public long Bytes { get; init; } = Array.MaxLength;

    /// <summary>Deepest nesting of objects. Longer chains of plain objects are flattened and don't count. Default 1,000.</summary>
    [Id(1)]
    public int Depth { get; init; } = 1_000;

    /// <summary>Most objects in one payload, strings and boxed values included. Default 100 million.</summary>
    [Id(2)]
    public int Objects { get; init; } = 100_000_000;

    /// <summary>Memory a payload may ask for, as a multiple of its own length, beyond the first megabyte. Default 64.</summary>
    [Id(3)]
    public int Expansion { get; init; } = 64;

    /// <summary>Most different types one payload may name. Default 10,000.</summary>
    [Id(4)]
    public int Types { get; init; } = 10_000;
}
