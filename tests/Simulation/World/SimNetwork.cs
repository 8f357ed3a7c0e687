using System.Net;
using Orleans.Dask.Simulation.Faults;
using Orleans.Embedded;
using Orleans.Runtime.Messaging;

namespace Orleans.Dask.Simulation.World;

/// <summary>
/// The wires between processes. Messages travel as the bytes that TCP would carry, each connection in order; a link that is cut holds
/// them back until it is healed, as TCP would, or breaks. Lost and overtaking messages are what Orleans allows beyond that.
/// </summary>
internal sealed class SimNetwork(SimWorld world)
{
    private const int MostOrdered = 200;

    private readonly Dictionary<IPEndPoint, SimListener> _listeners = [];
    private readonly HashSet<(SimProcess From, SimProcess To)> _cuts = [];
    private readonly List<SimConnection> _open = [];
    private readonly SeededRandom _random = SeededRandom.For(world.Seed, "network");
    private readonly List<SimEvent> _ordered = [];

    // Attempts under way to a process that has yet to answer.
    private readonly List<(SimProcess At, Action<bool> Fail)> _calling = [];
    private int _connections;

    /// <summary>How long a message is under way at most; most take far less.</summary>
    public TimeSpan MostLatency { get; set; } = TimeSpan.FromMilliseconds(1);

    /// <summary>How many of a thousand messages vanish.</summary>
    public double LostPerMille { get; set; }

    /// <summary>How many of a thousand messages are overtaken by later ones.</summary>
    public double OvertakenPerMille { get; set; }

    /// <summary>How many of a thousand calls of observers vanish: nobody promised that they arrive.</summary>
    public double ObserversLostPerMille { get; set; }

    /// <summary>Connections, both ends of each.</summary>
    public IReadOnlyList<SimConnection> Open => _open;

    public SimListener Bind(SimProcess process, IPEndPoint endpoint)
    {
        if (_listeners.TryGetValue(endpoint, out var present) && present.Process.IsAlive)
        {
            throw new ConnectionFailedException($"{endpoint} is taken by {present.Process.Name}.");
        }

        return _listeners[endpoint] = new SimListener(this, process, endpoint);
    }

    public void Unbind(SimListener listener)
    {
        if (_listeners.TryGetValue(listener.Endpoint, out var present) && present == listener)
        {
            _listeners.Remove(listener.Endpoint);
        }
    }

    public Task<IConnection> ConnectAsync(SimProcess from, IPEndPoint endpoint, INode node, CancellationToken cancellationToken)
    {
        var attempt = new TaskCompletionSource<IConnection>();
        if (cancellationToken.CanBeCanceled)
        {
            cancellationToken.UnsafeRegister(static (attempt, token) => ((TaskCompletionSource<IConnection>)attempt!).TrySetCanceled(token), attempt);
        }

        from.After(Latency() * 2, "connects", endpoint.ToString(), () => Arrive(from, endpoint, node, attempt));
        world.Enqueue(new Patience(from, endpoint, node.NetworkOptions.HandshakeTimeout, attempt), world.Now + node.NetworkOptions.HandshakeTimeout.Ticks);
        return attempt.Task;
    }

    /// <summary>Nothing gets from one process to another any more, until <see cref="Heal"/>.</summary>
    public void Cut(SimProcess from, SimProcess to) => _cuts.Add((from, to));

    public bool IsCut(SimProcess from, SimProcess to) => _cuts.Contains((from, to));

    /// <summary>What was held back arrives now.</summary>
    public void Heal()
    {
        _cuts.Clear();
        foreach (var end in _open.ToArray())
        {
            end.Release();
        }
    }

    /// <summary>Breaks a connection: what is under way is lost, both sides notice.</summary>
    public void Break(SimConnection end)
    {
        world.Strike(Strike.Broken);
        end.Abort();
        end.Other.Abort();
        end.Process.After(Latency(), "broken", end.Peer.ToString(), () => end.Close("the connection was reset"));
        end.Other.Process.After(Latency(), "broken", end.Other.Peer.ToString(), () => end.Other.Close("the connection was reset"));
    }

    /// <summary>A message between client, scheduler and workers that was carried before comes once more: late, or of an epoch that is over.</summary>
    public bool Replay()
    {
        if (_ordered.Count == 0)
        {
            return false;
        }

        world.Strike(Strike.Repeated);
        world.Enqueue(_random.Pick(_ordered), world.Now + Latency().Ticks);
        return true;
    }

    /// <summary>The process is no more. Its peers notice at once, or, where the machine went with it, only by its silence.</summary>
    public void Crashed(SimProcess process, bool silently)
    {
        foreach (var calling in _calling.Where(calling => calling.At == process).ToArray())
        {
            _calling.Remove(calling);
            calling.Fail(silently);
        }

        foreach (var end in _open.Where(end => end.Process == process).ToArray())
        {
            _open.Remove(end);
            _open.Remove(end.Other);
            if (!silently)
            {
                var other = end.Other;
                other.Process.After(Latency(), "hung up", process.Name, () => other.Close("the peer's process ended"));
            }
        }
    }

    internal int NextConnection() => _connections++;

    internal void Carry(SimConnection from, Message message, byte[] bytes)
    {
        if (Vanishes(message))
        {
            world.Strike(IsOfObserver(message) ? Strike.ObserverLost : Strike.Lost);
            world.Note(from.Process, "lost", message.Kind.ToString(), message.Target.Type.Value);
            return;
        }

        var to = from.Other;
        var overtaken = _random.Chance(OvertakenPerMille / 1000);
        var arrival = world.Now + (overtaken ? Latency() * 20 : Latency()).Ticks;
        world.Strike(Strike.Overtaken, overtaken ? 1 : 0);
        world.Strike(Strike.Late, arrival - world.Now > 5 * TimeSpan.TicksPerMillisecond ? 1 : 0);
        if (!overtaken)
        {
            arrival = from.LastArrival = Math.Max(arrival, from.LastArrival);
        }

        var delivery = new Delivery(to, message, bytes);
        if (message.Kind == MessageKind.Request && message.Call.Method.Name is "Command" or "Submit" or "Report")
        {
            _ordered.Add(delivery);
            if (_ordered.Count > MostOrdered)
            {
                _ordered.RemoveAt(0);
            }
        }

        if (IsCut(from.Process, to.Process))
        {
            from.Held.Enqueue(delivery);
            world.Strike(Strike.HeldBack);
            world.Log.Remark(world.Now, from.Process.Name, $"{delivery} is held back on its way to {to.Process.Name}");
        }
        else
        {
            world.Enqueue(delivery, arrival);
        }
    }

    /// <summary>The other end hears that this one was closed, after all that was sent before.</summary>
    internal void HangUp(SimConnection closed, string reason)
    {
        _open.Remove(closed);
        if (closed.IsAborted)
        {
            return;
        }

        var other = closed.Other;
        var farewell = new ActionEvent(other.Process, "hung up", closed.Process.Name, () => other.Close($"the peer closed it: {reason}"));
        if (IsCut(closed.Process, other.Process))
        {
            closed.Held.Enqueue(farewell);
            _open.Add(closed);
        }
        else
        {
            world.Enqueue(farewell, Math.Max(closed.LastArrival, world.Now + Latency().Ticks));
        }
    }

    private bool Vanishes(Message message) =>
        (LostPerMille > 0 && _random.Chance(LostPerMille / 1000))
        || (ObserversLostPerMille > 0 && IsOfObserver(message) && _random.Chance(ObserversLostPerMille / 1000));

    private static bool IsOfObserver(Message message) => message.Kind is MessageKind.Request or MessageKind.OneWay && message.Target.Type.Value == "sys.observer";

    internal TimeSpan Latency() => _random.Span(TimeSpan.FromMicroseconds(30), MostLatency);

    private void Arrive(SimProcess from, IPEndPoint endpoint, INode node, TaskCompletionSource<IConnection> attempt)
    {
        _listeners.TryGetValue(endpoint, out var listener);
        var silent = listener is { Process: var at } && (IsCut(from, at) || IsCut(at, from) || at.HangsUntil > world.Now || (!at.IsAlive && at.EndedSilently));
        if (silent)
        {
            return;
        }

        if (listener is not { Process.IsAlive: true, Node: { } other })
        {
            attempt.TrySetException(new ConnectionFailedException($"{endpoint} cannot be reached: Connection refused") { IsTransient = true });
        }
        else if (!attempt.Task.IsCompleted)
        {
            var calling = (At: listener.Process, Fail: (Action<bool>)(silently => from.After(silently ? node.NetworkOptions.HandshakeTimeout : Latency(), "gives up", endpoint.ToString(), () =>
                attempt.TrySetException(new ConnectionFailedException($"{endpoint} ended during the handshake.") { IsTransient = true }))));
            _calling.Add(calling);
            listener.Process.After(Latency(), "accepts", from.Name, () =>
            {
                _calling.Remove(calling);
                Accept(from, node, listener.Process, other, attempt);
            });
        }
    }

    private void Accept(SimProcess from, INode node, SimProcess at, INode other, TaskCompletionSource<IConnection> attempt)
    {
        if (!from.IsAlive)
        {
            return;
        }

        if (Handshake.Mismatch(node.Hello, other.Hello) is { } mismatch)
        {
            other.Refused(mismatch);
            from.After(Latency(), "refused", mismatch, () => attempt.TrySetException(new ConnectionFailedException(mismatch)));
            return;
        }

        var mine = new SimConnection(this, from, node, other.Hello);
        var theirs = new SimConnection(this, at, other, node.Hello) { Other = mine };
        mine.Other = theirs;
        _open.Add(mine);
        _open.Add(theirs);
        other.Opened(theirs);

        // First on its way, so that no message comes before it.
        var connected = new ActionEvent(from, "connected", at.Name, () =>
        {
            if (!attempt.TrySetResult(mine))
            {
                mine.Close("the attempt was given up");
            }
        });
        theirs.LastArrival = world.Now + Latency().Ticks;
        world.Enqueue(connected, theirs.LastArrival);
        theirs.LastArrival++;
    }

    /// <summary>The end of an attempt whose handshake nobody finished: nobody is there, or he died or hung in the middle of it.</summary>
    private sealed class Patience(SimProcess from, IPEndPoint endpoint, TimeSpan timeout, TaskCompletionSource<IConnection> attempt) : SimEvent(from)
    {
        public override bool IsStale => attempt.Task.IsCompleted;

        public override void Run() =>
            attempt.TrySetException(new ConnectionFailedException($"{endpoint} did not finish the handshake within {timeout}.") { IsTransient = true });

        public override void AddTo(EventLog log, long now) => log.Add(now, Process.Name, "gives up", endpoint.ToString());

        public override string ToString() => $"patience with {endpoint}";
    }

    /// <summary>A message arrives.</summary>
    private sealed class Delivery(SimConnection to, Message sent, byte[] bytes) : SimEvent(to.Process)
    {
        public override bool IsStale => to.IsClosed;

        public override void Run() => to.Receive(bytes);

        public override void AddTo(EventLog log, long now)
        {
            var isCall = sent.Kind is MessageKind.Request or MessageKind.OneWay;
            log.Add(now, Process.Name, sent.Kind.ToString(), isCall ? sent.Target.Key.Value : sent.Caller.ToString(), isCall ? sent.Call?.Method.Name : null);
        }

        public override string ToString() => $"delivery of {sent.Kind} {sent.Target}";
    }
}

/// <summary>The network as one process sees it.</summary>
internal sealed class ProcessDoor(SimNetwork network, SimProcess process) : INetwork
{
    public IListener Bind(IPEndPoint endpoint) => network.Bind(process, endpoint);

    public Task<IConnection> ConnectAsync(IPEndPoint endpoint, INode node, CancellationToken cancellationToken) => network.ConnectAsync(process, endpoint, node, cancellationToken);
}

/// <summary>A taken endpoint of a process.</summary>
internal sealed class SimListener(SimNetwork network, SimProcess process, IPEndPoint endpoint) : IListener
{
    public SimProcess Process => process;

    public IPEndPoint Endpoint => endpoint;

    public INode? Node { get; private set; }

    public void Start(INode node) => Node = node;

    public void Dispose() => network.Unbind(this);
}
