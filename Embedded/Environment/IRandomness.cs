using System.Security.Cryptography;

namespace Orleans.Embedded;

/// <summary>Where every random choice of the engine comes from.</summary>
internal interface IRandomness
{
    /// <summary>From 0, below <paramref name="limit"/>.</summary>
    int Next(int limit);

    Guid NewGuid();

    /// <summary>Bytes nobody can guess (in a simulation: bytes from its seed).</summary>
    void FillSecret(Span<byte> bytes);
}

/// <summary>The machine's randomness.</summary>
internal sealed class SystemRandomness : IRandomness
{
    public static readonly SystemRandomness Instance = new();

    public int Next(int limit) => RandomNumberGenerator.GetInt32(limit);

    public Guid NewGuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        return new Guid(bytes);
    }

    public void FillSecret(Span<byte> bytes) => RandomNumberGenerator.Fill(bytes);
}
