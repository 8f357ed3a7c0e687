using Orleans.Embedded.Serialization;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>Messages to frames and back. A header of known size and meaning, then the arguments or the answer as the wire format has them.</summary>
internal sealed class MessageCodec(INode node, NodeAddress peer)
{
    private readonly Dictionary<string, NodeAddress> _nodes = new(StringComparer.Ordinal);
    private readonly NameCache _names = new();
    private readonly Dictionary<string, GrainInterface> _interfaces = new(StringComparer.Ordinal);

    [Flags]
    private enum Has : byte
    {
        Caller = 1,
        Gateway = 2,
        Context = 4,
        Sequence = 8,
        NewPlacement = 16,
        Cancellable = 32,
        AnsweredBy = 64,
        Call = 128,
    }

    /// <summary>From any thread: writing uses nothing of this object that changes.</summary>
    public void Write(Message message, FrameBuffer output)
    {
        var header = new WireWriter(output);
        var has = PartsOf(message);
        header.WriteByte((byte)message.Kind);
        header.WriteByte((byte)has);
        header.WriteVarint((ulong)message.Id);
        header.WriteVarint((ulong)message.Hops);
        if ((has & Has.Caller) != 0)
        {
            header.WriteString(message.Caller.ToString());
        }

        if ((has & Has.Gateway) != 0)
        {
            header.WriteString(message.Gateway!.ToParsableString());
        }

        if ((has & Has.AnsweredBy) != 0)
        {
            header.WriteString(message.AnsweredBy!.ToParsableString());
        }

        if (message.Kind is not (MessageKind.Response or MessageKind.SentOn))
        {
            header.WriteString(message.Target.Type.Value);
            header.WriteString(message.Target.Key.Value);
        }

        if ((has & Has.Sequence) != 0)
        {
            header.WriteVarint((ulong)message.Sequence);
        }

        if ((has & Has.Call) != 0)
        {
            header.WriteString(message.Call.InterfaceAlias);
            header.WriteVarint((ulong)message.Call.MethodIndex);
        }

        header.Complete();
        if ((has & Has.Context) != 0)
        {
            var context = WireSerializer.ToBytes(message.Context!.ToDictionary());
            header.WriteBytes(context);
            header.Complete();
        }

        var body = new WireWriter(output);
        if (message.Kind == MessageKind.Response)
        {
            WriteAnswer(message.Answer, ref body);
        }
        else if ((has & Has.Call) != 0 && message.Sequence == 0)
        {
            message.Call.WriteArguments(ref body);
        }

        body.Complete();
    }

    /// <summary>From the connection's reading loop alone.</summary>
    /// <exception cref="WireException">The header is no header: the connection has lost its place.</exception>
    public Message? Read(ReadOnlySpan<byte> frame)
    {
        var header = new WireReader(frame, node.Runtime);
        var kind = (MessageKind)header.ReadByte();
        var has = (Has)header.ReadByte();
        if (kind is < MessageKind.Request or > MessageKind.SentOn)
        {
            throw new WireException($"A message begins with {(byte)kind}, which is no kind of message.");
        }

        var id = (long)header.ReadVarint();
        var hops = (int)Math.Min(header.ReadVarint(), 100);
        var caller = (has & Has.Caller) != 0 ? NodeNamed(_names.Read(ref header)) : peer;
        var gateway = (has & Has.Gateway) != 0 ? NodeNamed(_names.Read(ref header)).Silo : null;
        var answeredBy = (has & Has.AnsweredBy) != 0 ? NodeNamed(_names.Read(ref header)).Silo : null;
        if (peer.Silo is null && kind is not (MessageKind.Response or MessageKind.SentOn) && !caller.Equals(peer))
        {
            throw new WireException($"The client {peer} speaks for {caller}.");
        }

        var target = default(GrainId);
        if (kind is not (MessageKind.Response or MessageKind.SentOn))
        {
            target = new GrainId(GrainType.Create(_names.Read(ref header)), IdSpan.Create(Required(header.ReadString())));
        }

        var sequence = (has & Has.Sequence) != 0 ? (long)header.ReadVarint() : 0;
        string? alias = null;
        var method = 0UL;
        if ((has & Has.Call) != 0)
        {
            alias = _names.Read(ref header);
            method = header.ReadVarint();
        }

        var context = (has & Has.Context) != 0 ? header.ReadBytes(out _) : default;
        var body = frame[header.Position..];
        header.Dispose();
        var message = new Message
        {
            Kind = kind,
            Id = id,
            Hops = hops,
            Caller = caller,
            Gateway = gateway,
            AnsweredBy = answeredBy,
            Target = target,
            Sequence = sequence,
            NewPlacement = (has & Has.NewPlacement) != 0,
        };
        return kind switch
        {
            MessageKind.Cancel => message,
            MessageKind.SentOn when answeredBy is null => throw new WireException("A notice that a request went on does not say where."),
            MessageKind.SentOn => message,
            MessageKind.Response => ReadAnswer(message, body),
            _ => ReadRequest(message, alias, method, context, body, (has & Has.Cancellable) != 0),
        };
    }

    private static void WriteAnswer(Response answer, ref WireWriter body)
    {
        if (answer is RelayedResponse relayed)
        {
            body.WriteRaw(relayed.Bytes);
        }
        else
        {
            answer.Write(ref body);
        }
    }

    private Has PartsOf(Message message) =>
        (message.Caller.Equals(node.Hello.Address) ? 0 : Has.Caller)
        | (message.Gateway is null ? 0 : Has.Gateway)
        | (message.Context is null ? 0 : Has.Context)
        | (message.Sequence == 0 ? 0 : Has.Sequence)
        | (message.NewPlacement ? Has.NewPlacement : 0)
        | (message.AnsweredBy is null ? 0 : Has.AnsweredBy)
        | (message.Call is null ? 0 : Has.Call)
        | (message.Kind == MessageKind.Request && message.Call!.CancellationToken.CanBeCanceled ? Has.Cancellable : 0);

    private Message? ReadRequest(Message message, string? alias, ulong method, ReadOnlySpan<byte> context, ReadOnlySpan<byte> body, bool isCancellable)
    {
        message.OwnsCall = true;
        try
        {
            if (context.Length > 0 && WireSerializer.FromBytes<Dictionary<string, object>>(context, node.Runtime) is { } values)
            {
                message.Context = ContextValues.From(values);
            }

            var index = (int)Math.Min(method, int.MaxValue);
            message.Call = node.Runtime.Takes(message)
                ? RelayedCall.Read(alias is null ? null : InterfaceNamed(alias), alias, index, body, message.Sequence, node.Runtime)
                : new RelayedCall(alias ?? "", index, body.ToArray());
        }
        catch (Exception e)
        {
            // The header was good, so the connection still knows where it is: only this call fails.
            node.Runtime.Reject(message, e);
            return null;
        }

        if (isCancellable)
        {
            node.Runtime.WatchForCancel(message);
        }

        return message;
    }

    private Message? ReadAnswer(Message message, ReadOnlySpan<byte> body)
    {
        if (!message.Caller.Equals(node.Hello.Address))
        {
            message.Answer = new RelayedResponse(body.ToArray());
            return message;
        }

        if (node.Runtime.Calls.Find(message.Id) is not { } call)
        {
            return null;
        }

        try
        {
            var answer = call.Request.Call.Method.CreateResponse();
            var reader = new WireReader(body, node.Runtime);
            answer.Read(ref reader);
            reader.Dispose();
            message.Answer = answer;
        }
        catch (Exception e)
        {
            message.Answer = Response.FromException(e);
        }

        return message;
    }

    private GrainInterface? InterfaceNamed(string alias)
    {
        if (_interfaces.TryGetValue(alias, out var known))
        {
            return known;
        }

        if (GrainInterfaces.Find(alias) is { } found)
        {
            _interfaces[alias] = found;
            return found;
        }

        return null;
    }

    private NodeAddress NodeNamed(string text)
    {
        if (_nodes.TryGetValue(text, out var known))
        {
            return known;
        }

        if (_nodes.Count > 4096)
        {
            _nodes.Clear();
        }

        try
        {
            return _nodes[text] = NodeAddress.Parse(text);
        }
        catch (FormatException e)
        {
            throw new WireException($"'{text}' stands where a silo or client should.", e);
        }
    }

    private static string Required(string? text) => text ?? throw new WireException("A header lacks a name.");

    /// <summary>Names that come again and again: read without making a new string each time.</summary>
    private sealed class NameCache
    {
        private const int Size = 256;
        private const int LongestKept = 256;
        private readonly (byte[] Bytes, string Text)[] _entries = new (byte[], string)[Size];

        public string Read(ref WireReader reader)
        {
            var bytes = reader.ReadBytes(out var isNull);
            if (isNull)
            {
                throw new WireException("A header lacks a name.");
            }

            var hash = new HashCode();
            hash.AddBytes(bytes);
            ref var entry = ref _entries[hash.ToHashCode() & (Size - 1)];
            if (entry.Bytes is not null && bytes.SequenceEqual(entry.Bytes))
            {
                return entry.Text;
            }

            var text = System.Text.Encoding.UTF8.GetString(bytes);
            if (bytes.Length <= LongestKept)
            {
                entry = (bytes.ToArray(), text);
            }

            return text;
        }
    }
}
