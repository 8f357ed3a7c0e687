using Orleans.Embedded;
using Orleans.Embedded.Serialization;

namespace Orleans.Dask.Simulation.World;

/// <summary>One end of a connection: writes and reads the same bytes as over TCP.</summary>
internal sealed class SimConnection(SimNetwork network, SimProcess process, INode owner, NodeHello peer) : IConnection
{
    private readonly MessageCodec _codec = new(owner, peer.Address);

    private readonly int _number = network.NextConnection();

    public SimConnection Other { get; set; } = null!;

    public SimProcess Process => process;

    public NodeHello Peer => peer;

    public bool IsClosed { get; private set; }

    /// <summary>It broke: nothing that was under way arrives.</summary>
    public bool IsAborted { get; private set; }

    /// <summary>When what was sent last arrives: what is sent later does not come before.</summary>
    public long LastArrival { get; set; }

    /// <summary>What a cut link holds back.</summary>
    public Queue<SimEvent> Held { get; } = new();

    // Tables of connections are gone through in the order of this.
    public override int GetHashCode() => _number;

    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    public bool Send(Message message)
    {
        if (IsClosed || IsAborted)
        {
            return false;
        }

        var frame = FrameBuffer.Rent(owner.NetworkOptions.MaxMessageBytes);
        try
        {
            _codec.Write(message, frame);
        }
        catch (Exception e) when (message.Kind == MessageKind.Response)
        {
            frame.Return();
            frame = FrameBuffer.Rent(owner.NetworkOptions.MaxMessageBytes);
            message.Answer = Response.FromException(new WireException($"The answer cannot cross the wire. {e.Message}", e));
            _codec.Write(message, frame);
        }

        var bytes = frame.Message.ToArray();
        frame.Return();
        network.Carry(this, message, bytes);
        return true;
    }

    public Task FlushAsync() => Task.CompletedTask;

    public void Close(string reason)
    {
        if (!IsClosed)
        {
            IsClosed = true;
            network.HangUp(this, reason);
            owner.Closed(this, reason);
        }
    }

    public void Abort()
    {
        IsAborted = true;
        Held.Clear();
    }

    public void Release()
    {
        while (Held.TryDequeue(out var held))
        {
            process.World.Strike(Faults.Strike.Healed);
            LastArrival = Math.Max(LastArrival, process.World.Now + network.Latency().Ticks);
            process.World.Enqueue(held, LastArrival++);
        }
    }

    public void Receive(byte[] bytes)
    {
        Message? message;
        try
        {
            message = _codec.Read(bytes);
        }
        catch (Exception e)
        {
            process.World.Defect($"{process.Name} cannot read what {peer.Address} sent: {e}");
            Close(e.Message);
            return;
        }

        if (message is not null)
        {
            owner.Received(this, message);
        }
    }
}
