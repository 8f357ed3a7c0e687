namespace Orleans.Embedded.Serialization;

/// <summary>How much a message of a peer may ask of its reader.</summary>
internal sealed record WireLimits
{
    public static WireLimits Default { get; } = new();

    /// <summary>Objects within objects. Each level costs stack, in the writer and the copier too. Default 256.</summary>
    public int MaxDepth { get; init; } = 256;

    /// <summary>Bytes of one message. Default 128 MB; the connection's own limit on frames is usually lower.</summary>
    public int MaxBytes { get; init; } = 128 << 20;

    /// <summary>Memory that a message may fill beyond its own size, because a byte can stand for a large default. Default 32 MB.</summary>
    public long MaxExtraMemory { get; init; } = 32L << 20;

    /// <summary>Memory per byte of a message, added to <see cref="MaxExtraMemory"/>. Default 32.</summary>
    public int MemoryPerByte { get; init; } = 32;
}
