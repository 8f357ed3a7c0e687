using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Runtime.Messaging;

namespace Orleans.Embedded;

/// <summary>
/// A client of the cluster. It connects to every gateway it hears of, sends a call to the silo that answered for the grain before
/// (else to one by the grain's hash), and goes on with the others when one dies.
/// </summary>
internal sealed partial class EmbeddedClient : RuntimeClient, INode, IMembershipTarget, IAsyncDisposable
{
    private const int MaxLocations = 200_000;
    private const int MaxTries = 2;
    private const int SweepsPerLook = 20;
    private static readonly TimeSpan SilentAtMost = TimeSpan.FromSeconds(6);

    private readonly ConcurrentDictionary<GrainId, SiloAddress> _locations = new();
    private readonly ConcurrentDictionary<SiloAddress, NodeAddress> _nodes = new();
    private readonly ConcurrentDictionary<SiloAddress, byte> _probed = new();
    private readonly Func<SiloAddress, IPEndPoint?> _gatewayOf;
    private readonly ClientSetup _setup;
    private readonly ILogger _logger;
    private readonly Links _links;
    private readonly ClusterGrains _grains;
    private readonly Lock _tableLock = new();
    private readonly TaskCompletionSource _firstTable = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile MembershipTable? _table;
    private volatile SiloAddress[] _open = [];
    private bool _isLost;
    private int _learned;
    private int _looks;
    private int _stopped;

    public EmbeddedClient(IServiceProvider services)
        : this(services, services.GetRequiredService<IOptions<ClientSetup>>().Value)
    {
    }

    private EmbeddedClient(IServiceProvider services, ClientSetup setup)
        : this(services, setup, setup.Environment with { Time = services.GetService<TimeProvider>() ?? setup.Environment.Time })
    {
    }

    private EmbeddedClient(IServiceProvider services, ClientSetup setup, SiloEnvironment environment)
        : base(environment, new NodeAddress(environment.Randomness.NewGuid()), services.GetRequiredService<IOptions<ClientMessagingOptions>>().Value.ResponseTimeout, services.GetRequiredService<IOptions<ConnectionOptions>>().Value.MaxPendingCalls)
    {
        ServiceProvider = services;
        _setup = setup;
        _logger = (services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger("Orleans.Client");
        var clusterId = services.GetRequiredService<IOptions<ClusterOptions>>().Value.ClusterId;
        var messaging = services.GetRequiredService<IOptions<ClientMessagingOptions>>().Value;
        Hello = new NodeHello(Node, clusterId);
        NetworkOptions = NetworkOptions.From(services, messaging, clusterId, environment);
        _links = new Links(this);
        _gatewayOf = GatewayOf;
        _grains = new ClusterGrains(() => _table ?? throw NotConnected(), []);
        Observers.AddSystemTarget(Membership.TargetType, this);
    }

    public override IServiceProvider ServiceProvider { get; }

    public NodeHello Hello { get; }

    public NetworkOptions NetworkOptions { get; }

    RuntimeClient INode.Runtime => this;

    /// <summary>Connects to the first gateway that answers, and learns of the others from it.</summary>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        if (_setup.Gateways.Count == 0)
        {
            throw new OrleansConfigurationException("The client knows no gateway. Call UseLocalhostClustering or UseStaticClustering on the client builder.");
        }

        var began = Environment.Time.GetTimestamp();
        while (true)
        {
            Exception? last = null;
            foreach (var gateway in _setup.Gateways)
            {
                try
                {
                    OffLoopback.Check(gateway.Address, NetworkOptions.Tls);
                    await _links.ConnectAsync(gateway, cancellationToken);
                    await _firstTable.Task.Awaited().WaitAsync(NetworkOptions.HandshakeTimeout, Environment.Time, cancellationToken);
                    return;
                }
                catch (Exception e) when (e is TimeoutException or ConnectionFailedException { IsTransient: true })
                {
                    last = e;
                }
            }

            if (Environment.Time.GetElapsedTime(began) > _setup.ConnectTimeout)
            {
                throw new SiloUnavailableException(
                    $"No gateway answered within {_setup.ConnectTimeout}: {string.Join(", ", _setup.Gateways)}. Start a silo, or correct the addresses. {last?.Message}", last);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), Environment.Time, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    public Task StopAsync()
    {
        if (Interlocked.Exchange(ref _stopped, 1) == 0)
        {
            _links.Close("the client stopped");
            Dispose();
            foreach (var call in Calls.Overdue(long.MaxValue))
            {
                Calls.Remove(call.Id);
                call.TryFail(new SiloUnavailableException("The client was stopped before the answer came."));
            }
        }

        return Task.CompletedTask;
    }

    public void Opened(IConnection connection)
    {
        _links.Opened(connection);
        lock (_tableLock)
        {
            _open = OpenIn(_table);
        }
    }

    public void Closed(IConnection connection, string reason)
    {
        _links.Closed(connection);
        lock (_tableLock)
        {
            _open = OpenIn(_table);
            _isLost |= !_links.ConnectedSilos.Any();
        }

        if (connection.Peer.Silo is not { } silo)
        {
            return;
        }

        LogLost(silo, reason);
        Forget(silo, $"The connection to {silo} broke before it answered: {reason}. Whether the call ran is not known.");
    }

    public void Refused(string reason) => LogRefused(Handshake.OneLine(reason));

    public void Received(IConnection connection, Message message)
    {
        switch (message.Kind)
        {
            case MessageKind.Response:
                Answered(message);
                break;
            case MessageKind.SentOn:
                SentOn(message, _table?.IsDead(message.AnsweredBy!) == true && !_links.IsConnectedTo(message.AnsweredBy!));
                break;
            case MessageKind.Cancel:
                TryCancel(message);
                break;
            default:
                Observers.Deliver(message);
                break;
        }
    }

    Task IMembershipTarget.LearnAsync(MembershipTable table, SiloAddress? from)
    {
        Accept(table);
        return Task.CompletedTask;
    }

    Task IMembershipTarget.FarewellAsync(MembershipTable table)
    {
        Accept(table);
        return Task.CompletedTask;
    }

    ValueTask<long> IMembershipTarget.ProbeAsync() => new(_table?.Version ?? 0);

    Task<MembershipTable> IMembershipTarget.ReadAsync() => Task.FromResult(_table ?? throw NotConnected());

    Task<MembershipTable> IMembershipTarget.AnnounceAsync(MemberEntry silo) => throw NotASilo();

    Task<MembershipTable> IMembershipTarget.VoteAsync(SiloAddress by, SiloAddress[] suspects) => throw NotASilo();

    public override bool Takes(Message request) => true;

    public override void Undelivered(Message request, Exception reason)
    {
        if (NodeGrains.IsNodeBound(request.Target) || request.Hops >= MaxTries || !_locations.TryRemove(request.Target, out _) || _open.Length == 0)
        {
            Reject(request, reason);
        }
        else
        {
            request.Hops++;
            SendRequest(request);
        }
    }

    public override void TurnFailed(string where, Exception exception) => LogTurnFailed(exception, where);

    public override void Lost(Message message, Exception reason) => LogDropped(message.Kind, message.Target, reason.Message);

    protected override void Dropped(Message message, Exception reason) => LogDropped(message.Kind, message.Target, reason.Message);

    protected override GrainType ResolveGrainType(Type interfaceType, string? classPrefix) => _grains.Resolve(interfaceType, classPrefix);

    protected override void SendRequest(Message request)
    {
        SiloAddress? silo;
        if (NodeGrains.IsNodeBound(request.Target))
        {
            var node = NodeGrains.NodeOf(request.Target);
            if (node.Equals(Node))
            {
                Observers.Deliver(request);
                return;
            }

            silo = node.Silo ?? AnyGateway(request.Target);
        }
        else if (!_locations.TryGetValue(request.Target, out silo))
        {
            silo = AnyGateway(request.Target);
        }

        if (request.LocalCaller is { } caller)
        {
            caller.SentTo = _nodes.GetOrAdd(silo, static silo => new NodeAddress(silo));
        }

        _links.Send(silo, request, _gatewayOf);
    }

    protected override void SendResponse(Message response)
    {
        var silo = response.Caller.Silo ?? response.Gateway ?? AnyGateway(response.Target);
        _links.Send(silo, response, _gatewayOf);
    }

    protected override void SendCancel(Message cancel, NodeAddress sentTo)
    {
        if (sentTo.Silo is { } silo)
        {
            _links.Send(silo, cancel, _gatewayOf);
        }
    }

    protected override void Learn(GrainId grain, SiloAddress silo)
    {
        // Nearly every answer says what is known.
        if ((_locations.TryGetValue(grain, out var known) && known.Equals(silo)) || !_open.Contains(silo))
        {
            return;
        }

        // Rebuilt by use; a bounded memory is worth more than a perfect one. (Count would take every lock of the dictionary.)
        if (Interlocked.Increment(ref _learned) > MaxLocations)
        {
            _locations.Clear();
            Volatile.Write(ref _learned, 0);
        }

        _locations[grain] = silo;
    }

    protected override void Swept()
    {
        if (++_looks % SweepsPerLook == 0 && Volatile.Read(ref _stopped) == 0)
        {
            ConnectToAll();
            foreach (var silo in _links.ConnectedSilos.Order().ToArray())
            {
                if (_probed.TryAdd(silo, 0))
                {
                    _ = ProbeAsync(silo);
                }
            }
        }
    }

    private static OrleansException NotASilo() => new("This is a client: it keeps no membership table.");

    private static InvalidOperationException NotConnected() => new("The client is not connected yet. Start its host (StartAsync) before using it.");

    [LoggerMessage(LogLevel.Information, "Connection to silo {Silo} lost: {Reason}")]
    private partial void LogLost(SiloAddress silo, string reason);

    [LoggerMessage(LogLevel.Warning, "A connection was refused: {Reason}")]
    private partial void LogRefused(string reason);

    [LoggerMessage(LogLevel.Debug, "Silo {Silo} was not probed: {Reason}")]
    private partial void LogNotProbed(SiloAddress silo, string reason);

    [LoggerMessage(LogLevel.Debug, "Gateway {Gateway} cannot be reached: {Reason}")]
    private partial void LogNoGateway(IPEndPoint gateway, string reason);

    [LoggerMessage(LogLevel.Error, "{Where} failed outside a call")]
    private partial void LogTurnFailed(Exception exception, string where);

    [LoggerMessage(LogLevel.Debug, "{Kind} for {Target} was dropped: {Reason}")]
    private partial void LogDropped(MessageKind kind, GrainId target, string reason);
}

/// <summary>What a client is told besides Orleans' own options.</summary>
internal sealed class ClientSetup
{
    public SiloEnvironment Environment { get; set; } = new();

    public List<IPEndPoint> Gateways { get; } = [];

    /// <summary>How long to try at the start.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(15);
}
