using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>A silo, or a client by its id: whoever can make calls and get answers.</summary>
internal sealed class NodeAddress : IEquatable<NodeAddress>
{
    private readonly string _text;

    public NodeAddress(SiloAddress silo)
    {
        Silo = silo;
        _text = silo.ToParsableString();
    }

    public NodeAddress(Guid client)
    {
        Client = client;
        _text = client.ToString("N");
    }

    public SiloAddress? Silo { get; }

    public Guid Client { get; }

    public static NodeAddress Parse(string text) =>
        Guid.TryParseExact(text, "N", out var client) ? new NodeAddress(client) : new NodeAddress(SiloAddress.FromParsableString(text));

    public bool Equals(NodeAddress? other) => ReferenceEquals(this, other) || other is not null && _text == other._text;

    public override bool Equals(object? obj) => Equals(obj as NodeAddress);

    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    /// <summary>Text that <see cref="Parse"/> reads back.</summary>
    public override string ToString() => _text;
}
