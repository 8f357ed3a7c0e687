using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>How a node introduces itself.</summary>
/// <param name="Address">Silo, or client id.</param>
/// <param name="ClusterId">Both sides must name the same one.</param>
internal sealed record NodeHello(NodeAddress Address, string ClusterId)
{
    public SiloAddress? Silo => Address.Silo;
}
