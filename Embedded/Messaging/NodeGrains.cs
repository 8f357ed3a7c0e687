using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>
/// Addresses of what is bound to one node: its system targets (directory, membership) and the observers it made. Their key
/// begins with the node, so that a message finds it without asking the directory.
/// </summary>
internal static class NodeGrains
{
    public const string Prefix = "sys.";
    private const string Observer = "sys.observer";
    private const char Separator = '+';

    public static bool IsNodeBound(GrainId id) => id.Type.Value.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The silos' own: directory and membership, but no observers.</summary>
    public static bool IsSystem(GrainId id) => IsNodeBound(id) && id.Type.Value != Observer;

    public static bool IsObserverOf(GrainId id, NodeAddress node)
    {
        var (key, owner) = (id.Key.Value, node.ToString());
        return id.Type.Value == Observer && key.Length > owner.Length && key[owner.Length] == Separator && key.StartsWith(owner, StringComparison.Ordinal);
    }

    public static GrainId SystemTarget(string type, NodeAddress node) => GrainId.Create(type, node.ToString());

    public static GrainId NewObserver(NodeAddress node, long number) =>
        GrainId.Create(Observer, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{node}{Separator}{number}"));

    /// <summary>The node in an address. Text from a peer: nonsense throws <see cref="FormatException"/>.</summary>
    public static NodeAddress NodeOf(GrainId id)
    {
        var key = id.Key.Value;
        var end = key.IndexOf(Separator, StringComparison.Ordinal);
        return NodeAddress.Parse(end < 0 ? key : key[..end]);
    }
}
