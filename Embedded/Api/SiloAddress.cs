using System.Globalization;
using System.Net;

namespace Orleans.Runtime;

/// <summary>Where a silo listens, and which of its lives is meant: a silo that restarts comes back under a later generation.</summary>
[GenerateSerializer, Immutable, Alias("Orleans.SiloAddress")]
public sealed class SiloAddress : IEquatable<SiloAddress>, IComparable<SiloAddress>
{
    // Made once: an address is written into every answer and looked up for every message.
    private string? _text;
    private int _hash;

    private SiloAddress(IPEndPoint endpoint, int generation)
    {
        Endpoint = endpoint;
        Generation = generation;
    }

    [Id(0)] public IPEndPoint Endpoint { get; private set; }

    /// <summary>Grows with every start of the silo.</summary>
    [Id(1)] public int Generation { get; private set; }

    public static SiloAddress New(IPEndPoint endpoint, int generation) => new(endpoint, generation);

    /// <summary>As <c>127.0.0.1:11111@42</c>; <see cref="FromParsableString"/> reads it back.</summary>
    public string ToParsableString() => _text ??= string.Create(CultureInfo.InvariantCulture, $"{Endpoint}@{Generation}");

    public static SiloAddress FromParsableString(string addr)
    {
        ArgumentNullException.ThrowIfNull(addr);
        var at = addr.LastIndexOf('@');
        if (at < 0 || !IPEndPoint.TryParse(addr.AsSpan(0, at), out var endpoint)
            || !int.TryParse(addr.AsSpan(at + 1), CultureInfo.InvariantCulture, out var generation))
        {
            throw new FormatException($"'{addr}' is not a silo address. Expected address:port@generation, such as 127.0.0.1:11111@1.");
        }

        return new SiloAddress(endpoint, generation);
    }

    public bool Equals(SiloAddress? other) => ReferenceEquals(this, other) || other is not null && Generation == other.Generation && Endpoint.Equals(other.Endpoint);

    public override bool Equals(object? obj) => Equals(obj as SiloAddress);

    public override int GetHashCode()
    {
        if (_hash == 0)
        {
            _hash = HashCode.Combine(Endpoint, Generation);
        }

        return _hash;
    }

    public int CompareTo(SiloAddress? other) =>
        other is null ? 1
        : Endpoint.Port != other.Endpoint.Port ? Endpoint.Port.CompareTo(other.Endpoint.Port)
        : Generation != other.Generation ? Generation.CompareTo(other.Generation)
        : string.CompareOrdinal(Endpoint.Address.ToString(), other.Endpoint.Address.ToString());

    public override string ToString() => ToParsableString();

    public static bool operator ==(SiloAddress? left, SiloAddress? right) => Equals(left, right);

    public static bool operator !=(SiloAddress? left, SiloAddress? right) => !Equals(left, right);

    public static bool operator <(SiloAddress? left, SiloAddress? right) => Comparer<SiloAddress>.Default.Compare(left, right) < 0;

    public static bool operator >(SiloAddress? left, SiloAddress? right) => Comparer<SiloAddress>.Default.Compare(left, right) > 0;

    public static bool operator <=(SiloAddress? left, SiloAddress? right) => Comparer<SiloAddress>.Default.Compare(left, right) <= 0;

    public static bool operator >=(SiloAddress? left, SiloAddress? right) => Comparer<SiloAddress>.Default.Compare(left, right) >= 0;
}
