using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>
/// One silo, composed by hand from its services: no host, no scan. The hosting layer starts and stops one; tests and simulations
/// make several in a process.
/// </summary>
internal sealed partial class EmbeddedSilo : INode, ILocalSiloDetails, IAsyncDisposable
{
    private readonly ConcurrentDictionary<GrainId, Activation> _activations = new();
    private readonly ConcurrentDictionary<GrainId, StatelessWorkers> _workers = new();
    private readonly ConcurrentDictionary<Activation, byte> _withSequences = new();
    private readonly ConcurrentDictionary<SiloAddress, NodeAddress> _nodes = new();
    private readonly ILogger _logger;
    private readonly SiloSetup _setup;
    private readonly GrainCollectionOptions _collection;
    private readonly IListener _siloDoor;
    private readonly IListener? _gatewayDoor;
    private readonly Prober _prober;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ITimer? _collector;
    private long _lastActivation;
    private int _stopping;

    public EmbeddedSilo(IServiceProvider services)
    {
        Services = services;
        _setup = services.GetRequiredService<IOptions<SiloSetup>>().Value;
        _collection = Options<GrainCollectionOptions>();
        Environment = _setup.Environment with { Time = services.GetService<TimeProvider>() ?? _setup.Environment.Time };
        ClusterId = Options<ClusterOptions>().ClusterId;
        var messaging = Options<SiloMessagingOptions>();
        NetworkOptions = NetworkOptions.From(services, messaging, ClusterId, Environment);

        var endpoints = Options<EndpointOptions>();
        var advertised = endpoints.AdvertisedIPAddress ?? IPAddress.Loopback;
        OffLoopback.Check(advertised, NetworkOptions.Tls);
        _siloDoor = Environment.Network.Bind(new IPEndPoint(advertised, endpoints.SiloPort));
        _gatewayDoor = endpoints.GatewayPort == 0 ? null : Environment.Network.Bind(new IPEndPoint(advertised, Math.Max(0, endpoints.GatewayPort)));
        Address = SiloAddress.New(_siloDoor.Endpoint, _setup.Generation ?? Generations.Now(Environment.Time));
        Name = _setup.SiloName ?? string.Create(CultureInfo.InvariantCulture, $"silo-{Address.Endpoint.Port}");
        _logger = (services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger("Orleans.Silo");
        Hello = new NodeHello(new NodeAddress(Address), ClusterId);
        Catalog = new GrainCatalog(_setup.GrainClasses ?? GrainCatalog.ClassesOfProgram());
        Entry = new MemberEntry
        {
            Silo = Address,
            Status = SiloStatus.Joining,
            Name = Name,
            GatewayPort = _gatewayDoor?.Endpoint.Port ?? 0,
            Grains = [.. Catalog.Classes.Select(c => c.Hosted)],
        };
        Runtime = new SiloRuntime(this, messaging.ResponseTimeout, messaging.MaxForwardCount);
        Links = new Links(this);
        Directory = new GrainDirectory(this);
        Membership = new Membership(this, Entry, Options<ClusterMembershipOptions>());
        ClusterGrains = new ClusterGrains(() => Membership.Table, Entry.Grains);
        Placement = new PlacementService(this);
        _prober = new Prober(this, Options<ClusterMembershipOptions>());
        MembershipTurns = Runtime.Observers.AddSystemTarget(Embedded.Membership.TargetType, Membership);
        Runtime.Observers.AddSystemTarget(GrainDirectory.TargetType, Directory);
    }

    public SiloAddress Address { get; }

    public string Name { get; }

    /// <summary>This silo as it introduces itself to a cluster.</summary>
    public MemberEntry Entry { get; }

    public string ClusterId { get; }

    public IServiceProvider Services { get; }

    public SiloEnvironment Environment { get; }

    public ILogger Logger => _logger;

    public GrainCatalog Catalog { get; }

    public ClusterGrains ClusterGrains { get; }

    public SiloRuntime Runtime { get; }

    public IGrainFactory GrainFactory => Runtime;

    public Links Links { get; }

    public GrainDirectory Directory { get; }

    public Membership Membership { get; }

    public TurnQueue MembershipTurns { get; }

    public PlacementService Placement { get; }

    /// <summary>Filters around every call; resolved with the first one.</summary>
    public IIncomingGrainCallFilter[] CallFilters => field ??= [.. Services.GetServices<IIncomingGrainCallFilter>()];

    public NodeHello Hello { get; }

    public NetworkOptions NetworkOptions { get; }

    public TimeSpan DeactivationTimeout => _collection.DeactivationTimeout;

    public long CoarseNow => Runtime.CoarseNow;

    /// <summary>Completes when the silo no longer serves, for whatever reason.</summary>
    public Task Stopped => _stopped.Task;

    /// <summary>Activations that callers anywhere in the cluster may share, and stateless workers.</summary>
    public IEnumerable<Activation> LocalActivations => _activations.Select(a => a.Value).OrderBy(a => a.Number);

    SiloAddress ILocalSiloDetails.SiloAddress => Address;

    string ILocalSiloDetails.DnsHostName => System.Environment.MachineName;

    public SiloAddress GatewayAddress => _gatewayDoor is null ? Address : SiloAddress.New(_gatewayDoor.Endpoint, Address.Generation);

    RuntimeClient INode.Runtime => Runtime;

    public long TicksOf(TimeSpan span) => Runtime.Ticks(span);

    public NodeAddress NodeOf(SiloAddress silo) => _nodes.GetOrAdd(silo, static silo => new NodeAddress(silo));

    public Activation? Find(GrainId grain) => _activations.GetValueOrDefault(grain);

    /// <summary>The grain's activation here, made if there is none.</summary>
    /// <returns>Null: there is none, and a silo that stops makes no new ones.</returns>
    public Activation? Activate(GrainId grain)
    {
        if (_activations.TryGetValue(grain, out var present))
        {
            return present;
        }

        if (IsStopping)
        {
            return null;
        }

        var grainClass = Catalog.Find(grain.Type)
            ?? throw new OrleansException($"{Address} has no grain class of the kind '{grain.Type}'.");
        var made = NewActivation(grainClass, grain);
        present = _activations.GetOrAdd(grain, made);
        if (ReferenceEquals(present, made))
        {
            made.BeginActivation();
        }

        return present;
    }

    public Activation NewActivation(GrainClass grainClass, GrainId grain) => new(this, grainClass, grain, Interlocked.Increment(ref _lastActivation));

    public StatelessWorkers Worker(GrainId grain, GrainClass grainClass) =>
        _workers.TryGetValue(grain, out var workers) ? workers : _workers.GetOrAdd(grain, id => new StatelessWorkers(this, grainClass, id));

    public void Forget(Activation gone)
    {
        if (gone.Class.IsStatelessWorker)
        {
            if (_workers.TryGetValue(gone.GrainId, out var workers))
            {
                workers.Remove(gone);
            }
        }
        else
        {
            _activations.TryRemove(KeyValuePair.Create(gone.GrainId, gone));
        }

        _withSequences.TryRemove(gone, out _);
    }

    public void WatchSequences(Activation activation) => _withSequences.TryAdd(activation, 0);

    public void UnwatchSequences(Activation activation) => _withSequences.TryRemove(activation, out _);

    public void Opened(IConnection connection)
    {
        Links.Opened(connection);
        if (connection.Peer.Silo is null)
        {
            // A client knows the cluster from its first moment here.
            TellClient(connection.Peer.Address, Membership.Table);
        }
    }

    public void Received(IConnection connection, Message message) => Runtime.Received(connection, message);

    public void Closed(IConnection connection, string reason)
    {
        LogClosed(connection.Peer.Address.ToString(), reason);
        Links.Closed(connection);
        if (connection.Peer.Silo is { } silo)
        {
            _prober.Hurry(silo);
            if (!Links.IsConnectedTo(silo))
            {
                // What was under way is lost with the connection, be it request or answer: better to hear of it now than after the timeout.
                Runtime.FailCallsTo(new NodeAddress(silo), () => new SiloUnavailableException($"The connection to {silo} broke before it answered: {reason}. Whether the call ran is not known."));
            }
        }
        else
        {
            Runtime.FailCallsTo(connection.Peer.Address, () => new SiloUnavailableException("The client left before it answered."));
        }
    }

    public void Refused(string reason) => LogRefused(Handshake.OneLine(reason));

    /// <summary>What a change of membership means for this silo.</summary>
    public void Follow(MembershipTable before, MembershipTable table)
    {
        foreach (var entry in table.DiedSince(before))
        {
            Runtime.ForgetLocations(entry.Silo);
            if (!entry.Left)
            {
                Links.Drop(entry.Silo, "it is dead");
                Runtime.FailCallsTo(NodeOf(entry.Silo), () => new SiloUnavailableException($"{entry.Silo} died before it answered. Whether the call ran is not known."));
            }

            // One that left sends on what still reaches it, and closes its connections itself.
        }

        _prober.Follow(table);
        foreach (var client in Links.Clients)
        {
            TellClient(client.Peer.Address, table);
        }
    }

    /// <summary>Nobody listens to this silo any more: what it still did would only be in the way of those who took over from it.</summary>
    public void DeclaredDead(SiloAddress by)
    {
        if (!IsStopped)
        {
            LogDeclaredDead(Address, by);
            Kill($"the cluster, kept by {by}, declared it dead");
        }
    }

    private TOptions Options<TOptions>()
        where TOptions : class => Services.GetRequiredService<IOptions<TOptions>>().Value;

    private void TellClient(NodeAddress client, MembershipTable table) =>
        _ = Runtime.SystemTarget<IMembershipTarget>(Embedded.Membership.TargetType, client).LearnAsync(table, null);

    [LoggerMessage(LogLevel.Debug, "Connection with {Peer} closed: {Reason}")]
    private partial void LogClosed(string peer, string reason);

    [LoggerMessage(LogLevel.Warning, "Connection refused: {Reason}")]
    private partial void LogRefused(string reason);

    [LoggerMessage(LogLevel.Critical, "Silo {Silo} was declared dead by the cluster that {Keeper} keeps: it was stopped, cut off or too slow for too long. It ends; restart it to join anew.")]
    private partial void LogDeclaredDead(SiloAddress silo, SiloAddress keeper);
}
