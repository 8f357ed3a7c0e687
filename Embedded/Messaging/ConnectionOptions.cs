namespace Orleans.Embedded;

/// <summary>What a silo's or client's connections may cost. The defaults serve; tests and small machines ask for less.</summary>
public sealed class ConnectionOptions
{
    /// <summary>Connections a door (of silos, of clients) holds at most, those in handshake included. Default 4096.</summary>
    public int MaxConnections { get; set; } = 4096;

    /// <summary>Of these, how many may be in handshake: strangers cost no more than this. Default 256.</summary>
    public int MaxHandshakes { get; set; } = 256;

    /// <summary>How long a handshake may take. Default 10 s.</summary>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Unsent bytes of a connection beyond which calls wait before they are written, and a peer's requests before they begin. Default 4 MB.</summary>
    public int SendAheadBytes { get; set; } = 4 << 20;

    /// <summary>Unsent bytes of a connection beyond which long answers are replaced by an error. Default 256 MB.</summary>
    public long MaxUnsentBytes { get; set; } = 256L << 20;

    /// <summary>Calls that may wait at once: in a silo or client for answers (to within a factor of two), or one-way ones to leave; at a grain to begin. Default 1,048,576.</summary>
    public int MaxPendingCalls { get; set; } = 1 << 20;
}
