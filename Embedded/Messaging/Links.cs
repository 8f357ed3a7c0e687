using System.Collections.Concurrent;
using System.Net;
using Orleans.Runtime;
using Orleans.Runtime.Messaging;

namespace Orleans.Embedded;

/// <summary>
/// The connections of a node, by who is at the other end. A message to a silo without a connection waits while one is made; when
/// that fails its request is rejected.
/// </summary>
internal sealed class Links(INode node)
{
    private readonly ConcurrentDictionary<SiloAddress, Link> _silos = new();
    private readonly ConcurrentDictionary<Guid, IConnection> _clients = new();
    private readonly ConcurrentDictionary<IConnection, byte> _all = new();
    private readonly ConcurrentDictionary<IPEndPoint, Task<SiloAddress>> _attempts = new();
    private volatile bool _closed;

    public IEnumerable<IConnection> Clients => _clients.Values;

    /// <summary>Silos with an open connection.</summary>
    public IEnumerable<SiloAddress> ConnectedSilos => _silos.Where(link => link.Value.IsOpen).Select(link => link.Key);

    public bool IsConnectedTo(SiloAddress silo) => _silos.TryGetValue(silo, out var link) && link.IsOpen;

    /// <param name="endpointOf">Where to connect, when that is not the silo's own endpoint: its gateway. Asked only without a connection.</param>
    public void Send(SiloAddress silo, Message message, Func<SiloAddress, IPEndPoint?>? endpointOf = null)
    {
        if (!_silos.TryGetValue(silo, out var link))
        {
            link = _silos.GetOrAdd(silo, new Link(this, silo, endpointOf?.Invoke(silo) ?? silo.Endpoint));
        }

        link.Send(message);
    }

    public IConnection? FindClient(Guid client) => _clients.GetValueOrDefault(client);

    public bool TrySend(Guid client, Message message)
    {
        while (_clients.TryGetValue(client, out var connection))
        {
            if (connection.Send(message))
            {
                return true;
            }

            Closed(connection);
        }

        return false;
    }

    /// <summary>Connects to whatever silo listens there.</summary>
    public async Task<SiloAddress> ConnectAsync(IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        foreach (var (silo, link) in _silos)
        {
            if (link.IsOpen && (silo.Endpoint.Equals(endpoint) || link.Endpoint.Equals(endpoint)))
            {
                return silo;
            }
        }

        // Whoever wants the same joins the attempt under way: one connection is enough.
        var attempt = _attempts.GetOrAdd(endpoint, static (endpoint, links) => links.ConnectNowAsync(endpoint), this);
        try
        {
            return await attempt.WaitAsync(cancellationToken);
        }
        finally
        {
            if (attempt.IsCompleted)
            {
                _attempts.TryRemove(KeyValuePair.Create(endpoint, attempt));
            }
        }
    }

    private async Task<SiloAddress> ConnectNowAsync(IPEndPoint endpoint)
    {
        var connection = await node.Runtime.Environment.Network.ConnectAsync(endpoint, node, CancellationToken.None);
        if (connection.Peer.Silo is not { } address)
        {
            connection.Close("a client was found where a silo was expected");
            throw new ConnectionFailedException($"{endpoint} is a client's. Give the endpoint of a silo.");
        }

        node.Opened(connection);
        return address;
    }

    public void Opened(IConnection connection)
    {
        _all.TryAdd(connection, 0);
        if (_closed)
        {
            connection.Close("this node is stopping");
        }
        else if (connection.Peer.Silo is { } silo)
        {
            _silos.GetOrAdd(silo, _ => new Link(this, silo, silo.Endpoint)).Use(connection);
        }
        else
        {
            _clients[connection.Peer.Address.Client] = connection;
        }
    }

    public void Closed(IConnection connection)
    {
        _all.TryRemove(connection, out _);
        if (connection.Peer.Silo is { } silo)
        {
            if (_silos.TryGetValue(silo, out var link) && link.Lose(connection))
            {
                _silos.TryRemove(KeyValuePair.Create(silo, link));

                // Both sides may have connected at the same time: the other connection serves as well.
                if (_all.Keys.FirstOrDefault(other => silo.Equals(other.Peer.Silo)) is { } spare)
                {
                    Opened(spare);
                }
            }
        }
        else if (_clients.TryRemove(KeyValuePair.Create(connection.Peer.Address.Client, connection))
            && _all.Keys.FirstOrDefault(other => connection.Peer.Address.Equals(other.Peer.Address)) is { } spare)
        {
            // A client that has another one takes itself for connected: it would never come anew, and never hear from here again.
            Opened(spare);
        }
    }

    /// <summary>Closes the connection to a dead silo; what waited for it is rejected.</summary>
    public void Drop(SiloAddress silo, string reason)
    {
        if (_silos.TryRemove(silo, out var link))
        {
            link.Close(reason);
        }

        foreach (var connection in _all.Keys.Where(connection => silo.Equals(connection.Peer.Silo)))
        {
            connection.Close(reason);
        }
    }

    /// <summary>Lets what was sent leave, for a moment: a peer that does not read must not hold up the end.</summary>
    public async Task FlushAsync(TimeSpan atMost)
    {
        var all = _silos.Values.Select(link => link.FlushAsync()).Concat(_clients.Values.Select(client => client.FlushAsync()));
        await Task.WhenAny(Task.WhenAll(all), Task.Delay(atMost, node.Runtime.Environment.Time));
    }

    public void Close(string reason)
    {
        _closed = true;
        // In order, so that a replay closes them in the same.
        foreach (var silo in _silos.Keys.Order())
        {
            Drop(silo, reason);
        }

        foreach (var connection in _all.Keys)
        {
            connection.Close(reason);
        }
    }

    private void Fail(Message message, Exception reason)
    {
        if (message.Kind is MessageKind.Response or MessageKind.Cancel or MessageKind.SentOn)
        {
            node.Runtime.Lost(message, reason);
        }
        else
        {
            node.Runtime.Undelivered(message, reason);
        }
    }

    /// <summary>The way to one silo: a connection, or messages waiting for one.</summary>
    private sealed class Link(Links owner, SiloAddress silo, IPEndPoint endpoint)
    {
        private readonly Lock _lock = new();
        private volatile IConnection? _connection;
        private List<Message>? _waiting;
        private string? _closedBecause;

        public IPEndPoint Endpoint => endpoint;

        public bool IsOpen => _connection is not null;

        public Task FlushAsync() => _connection?.FlushAsync() ?? Task.CompletedTask;

        public void Send(Message message)
        {
            if (_connection is { } open)
            {
                if (!open.Send(message))
                {
                    // It may have ended before it was entered here: then nobody else tells, and nothing would ever leave by it.
                    owner.Closed(open);
                    owner.Send(silo, message, _ => endpoint);
                }

                return;
            }

            // It leaves later, from another thread.
            if (message.Kind is MessageKind.Request or MessageKind.OneWay)
            {
                message.TakeCall(owner.Node.Runtime);
            }

            IConnection? connection;
            var starts = false;
            var waits = false;
            lock (_lock)
            {
                connection = _connection;
                if (_closedBecause is null && connection is null)
                {
                    starts = _waiting is null;
                    waits = true;
                    (_waiting ??= []).Add(message);
                }
            }

            if (starts)
            {
                _ = ConnectAsync();
            }

            if (waits)
            {
                return;
            }

            if (connection is null || !connection.Send(message))
            {
                owner.Fail(message, new SiloUnavailableException($"The connection to {silo} was closed: {_closedBecause ?? "it broke"}."));
            }
        }

        public void Use(IConnection connection)
        {
            List<Message>? waiting;
            lock (_lock)
            {
                // A second one, made from the other side at the same time, only brings messages.
                if (_connection is not null)
                {
                    return;
                }

                waiting = _waiting;
                _waiting = null;
                _connection = connection;
            }

            // Not under the lock: in memory, sending runs the receiver.
            foreach (var message in waiting ?? [])
            {
                if (!connection.Send(message))
                {
                    owner.Fail(message, new SiloUnavailableException($"The connection to {silo} broke at once."));
                }
            }
        }

        /// <returns>Whether this was the connection in use.</returns>
        public bool Lose(IConnection connection)
        {
            lock (_lock)
            {
                if (!ReferenceEquals(_connection, connection))
                {
                    return false;
                }

                _connection = null;
                _closedBecause = "it broke";
                return true;
            }
        }

        public void Close(string reason, Exception? cause = null)
        {
            IConnection? connection;
            List<Message>? waiting;
            lock (_lock)
            {
                _closedBecause = reason;
                connection = _connection;
                _connection = null;
                waiting = _waiting;
                _waiting = null;
            }

            connection?.Close(reason);
            foreach (var message in waiting ?? [])
            {
                owner.Fail(message, new SiloUnavailableException($"No connection to {silo}: {reason}.", cause));
            }
        }

        private async Task ConnectAsync()
        {
            try
            {
                var connection = await owner.Node.Runtime.Environment.Network.ConnectAsync(endpoint, owner.Node, CancellationToken.None);
                if (!silo.Equals(connection.Peer.Silo))
                {
                    connection.Close($"{silo} was expected there");
                    throw new ConnectionFailedException($"{connection.Peer.Address} answers there now");
                }

                owner.Node.Opened(connection);
            }
            catch (Exception e)
            {
                // Unless the other side has connected meanwhile: then nothing waits for this attempt.
                if (!IsOpen)
                {
                    owner._silos.TryRemove(KeyValuePair.Create(silo, this));
                    Close(e.Message, e);
                }
            }
        }
    }

    private INode Node => node;
}
