using Orleans.Runtime;

namespace Orleans.Embedded.Serialization;

/// <summary>Grains and observers as their address and interface; their reader makes a proxy of its own runtime.</summary>
internal sealed class GrainReferenceBody<T> : WireBody<T>
    where T : class
{
    private const uint TypeId = 0;
    private const uint KeyId = 1;
    private const uint InterfaceId = 2;

    public override WireKind Kind => WireKind.Group;

    public override bool IsTracked => false;

    public override bool SharesCopies => false;

    public override bool HoldsDerivedTypes => true;

    public override void Write(ref WireWriter writer, T value)
    {
        var reference = Reference(value);
        writer.WriteMemberHeader(TypeId, WireKind.Bytes);
        writer.WriteString(reference.GrainId.Type.Value);
        writer.WriteMemberHeader(KeyId, WireKind.Bytes);
        writer.WriteString(reference.GrainId.Key.Value);
        writer.WriteMemberHeader(InterfaceId, WireKind.Bytes);
        writer.WriteString(reference.Interface.Alias);
        writer.WriteEnd();
    }

    public override T Read(ref WireReader reader, int start)
    {
        string? type = null;
        string? key = null;
        string? alias = null;
        while (true)
        {
            var id = reader.ReadMemberHeader(out var kind);
            if (kind == WireKind.End)
            {
                break;
            }

            if (kind != WireKind.Bytes || id > InterfaceId)
            {
                reader.Skip(kind);
                continue;
            }

            var text = reader.ReadString();
            _ = id switch
            {
                TypeId => type = text,
                KeyId => key = text,
                _ => alias = text,
            };
        }

        if (type is null || key is null || alias is null)
        {
            throw new WireException("A grain reference lacks its grain's type, key or interface.");
        }

        var runtime = reader.Runtime
            ?? throw new WireException($"A reference to {type}/{key} cannot be used here: the message is read outside a silo or client.");
        reader.Charge(1, 48 + (2 * (type.Length + key.Length)));
        var found = GrainInterfaces.Find(alias)
            ?? throw new WireException($"No grain interface is called '{alias}' here. Register the assembly that defines it.");
        if (!found.Type.IsAssignableTo(typeof(T)) && typeof(T) != typeof(GrainReference))
        {
            throw new WireException($"A reference to a {found.Type.DisplayName()} stands where a {typeof(T).DisplayName()} is expected.");
        }

        return (T)(object)ProxyFactory.Create(found.Type, GrainId.Create(type, key), runtime);
    }

    // A proxy never changes, but it calls through its owner's runtime: that of another silo or client in the process gets its own.
    public override T Copy(T value, CopyContext context)
    {
        var reference = Reference(value);
        return CopyContext.Receiver is { } receiver && !ReferenceEquals(receiver, reference.Runtime)
            ? (T)(object)ProxyFactory.Create(reference.Interface.Type, reference.GrainId, receiver)
            : value;
    }

    private static GrainReference Reference(T value) => value as GrainReference
        ?? throw new WireException($"A {value.GetType().DisplayName()} is passed as {typeof(T).DisplayName()}, but only references to grains and observers cross the wire. "
            + "Pass a grain's reference (GrainFactory.GetGrain), and an observer's (CreateObjectReference).");
}
