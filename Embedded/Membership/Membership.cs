using System.Net;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>A silo's view of the cluster: feeds the <see cref="MembershipProtocol"/>, carries out what it decides, tells everybody on this silo.</summary>
internal sealed partial class Membership : IMembershipTarget, IClusterMembershipService, ISiloStatusOracle
{
    public const string TargetType = "sys.membership";
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);

    private readonly EmbeddedSilo _silo;
    private readonly ILogger _logger;
    private readonly ClusterMembershipOptions _options;
    private readonly Lock _lock = new();
    private readonly MembershipProtocol _protocol;
    private ITimer? _clock;
    private Following _now;

    public Membership(EmbeddedSilo silo, MemberEntry self, ClusterMembershipOptions options)
    {
        _silo = silo;
        _options = options;
        _logger = silo.Logger;
        // A vote is repeated with every missed probe: an old one has been taken back.
        _protocol = new MembershipProtocol(self, options, silo.TicksOf(options.ProbeTimeout * (options.NumMissedProbesLimit + 1)));
        _now = new Following(_protocol.Table, _protocol.Table.ToSnapshot());
    }

    public MembershipTable Table => _now.Table;

    public string SiloName => _silo.Name;

    public SiloAddress SiloAddress => _silo.Address;

    /// <summary>Becomes active in the cluster that one of the seeds belongs to.</summary>
    /// <param name="seeds">Where silos or gateways may be; those that don't answer are passed over.</param>
    /// <param name="mayFound">With nobody there, this silo begins a cluster; else it waits for one.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task JoinAsync(IReadOnlyList<IPEndPoint> seeds, bool mayFound, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _protocol.Seeds = seeds;
        }

        var began = _silo.Environment.Time.GetTimestamp();
        var heard = began;
        Exception? last = null;
        while (!Table.HasLiving(_silo.Address) && !_silo.IsStopped)
        {
            foreach (var door in seeds.Concat(Table.Entries.Where(e => e.Status != SiloStatus.Dead).Select(e => e.Silo.Endpoint)).Distinct().ToArray())
            {
                var (isMember, silence) = await AskAsync(door, cancellationToken);
                last = silence ?? last;
                if (isMember)
                {
                    heard = _silo.Environment.Time.GetTimestamp();
                }
            }

            if (Table.HasLiving(_silo.Address))
            {
                break;
            }

            if (mayFound && (Table.Entries.Length == 0 || _silo.Environment.Time.GetElapsedTime(heard) > _options.ProbeTimeout * (_options.NumMissedProbesLimit * 2)))
            {
                // Nobody is there, or all of a cluster that was heard of have gone before they could let this silo in.
                Apply(new MembershipEvent.Founded());
            }
            else if (_silo.Environment.Time.GetElapsedTime(began) > _options.MaxJoinAttemptTime)
            {
                throw new OrleansException($"No silo at {string.Join<IPEndPoint>(", ", seeds)} could be joined within {_options.MaxJoinAttemptTime}. Start the primary first, or correct its address.", last);
            }
            else
            {
                await UntilChangedAsync(_silo.Environment.Time).WaitAsync(cancellationToken);
            }
        }

        if (_silo.IsStopped)
        {
            throw new OrleansException($"{_silo.Address} was declared dead and cannot come back. Restart it: it gets a later generation.");
        }

        _clock = _silo.Environment.Time.CreateTimer(static membership => ((Membership)membership!).Apply(new MembershipEvent.Ticked()), this, _options.ProbeTimeout, _options.ProbeTimeout);
    }

    /// <summary>Lets the cluster know of this silo's next step, and waits until it does.</summary>
    /// <exception cref="OrleansException">This silo was declared dead, or its step was not entered within <paramref name="atMost"/>.</exception>
    public async Task ReachAsync(SiloStatus status, TimeSpan atMost, CancellationToken cancellationToken = default)
    {
        var began = _silo.Environment.Time.GetTimestamp();
        Apply(new MembershipEvent.Wanted(status));
        while (Table.StatusOf(_silo.Address) < status)
        {
            // Announced, perhaps to a keeper that is no more: the next tick does it again.
            await UntilChangedAsync(_silo.Environment.Time).WaitAsync(cancellationToken);
            if (_silo.IsStopped)
            {
                throw new OrleansException($"{_silo.Address} was declared dead before it was {status}. Restart it: it gets a later generation.");
            }

            if (atMost != Timeout.InfiniteTimeSpan && _silo.Environment.Time.GetElapsedTime(began) > atMost)
            {
                throw new OrleansException(
                    $"{_silo.Address} is {Table.StatusOf(_silo.Address)} and did not become {status} within {atMost}: {Table.Keeper}, which keeps the table, has not entered it. Look at that silo's log: it is overloaded, hangs, or cannot be reached.");
            }
        }
    }

    /// <summary>After the last table of a silo that leaves: nobody sends it anything when this returns, or they had <paramref name="atMost"/> to agree.</summary>
    public async Task FarewellAsync(TimeSpan atMost)
    {
        var table = Table;
        NodeAddress[] others = [
            .. table.Entries.Where(e => e.Status != SiloStatus.Dead && !e.Silo.Equals(_silo.Address)).Select(e => new NodeAddress(e.Silo)),
            .. _silo.Links.Clients.Select(client => client.Peer.Address).OrderBy(client => client.Client),
        ];
        if (others.Length == 0)
        {
            return;
        }

        var farewells = Task.WhenAll(others.Select(node => SayFarewellAsync(node, table)));
        using var enough = new CancellationTokenSource();
        await Task.WhenAny(farewells, Task.Delay(atMost, _silo.Environment.Time, enough.Token).Awaited());
        enough.Cancel();

        // Whoever had chosen this silo just before it agreed sends a moment later.
        await Task.Delay(Glance, _silo.Environment.Time);
    }

    public bool IsDead(SiloAddress silo) => Table.IsDead(silo);

    public void Probed(SiloAddress target, ProbeOutcome outcome) => Apply(new MembershipEvent.Probed(target, outcome, _silo.Environment.Time.GetTimestamp()));

    public void Heard(MembershipTable table, SiloAddress? from = null) => Apply(new MembershipEvent.Heard(table, from));

    public void Stop() => _clock?.Dispose();

    /// <summary>Until the table changes, or a moment passed: for those who wait for something to get better.</summary>
    public async Task UntilChangedAsync(TimeProvider time)
    {
        using var enough = new CancellationTokenSource();
        await Task.WhenAny(_now.Next.Task.Awaited(), Task.Delay(Glance, time, enough.Token).Awaited());
        enough.Cancel();
    }

    Task<MembershipTable> IMembershipTarget.AnnounceAsync(MemberEntry silo)
    {
        Apply(new MembershipEvent.Announced(silo));
        return Task.FromResult(Table);
    }

    Task<MembershipTable> IMembershipTarget.VoteAsync(SiloAddress by, SiloAddress[] suspects)
    {
        LogSuspected(string.Join<SiloAddress>(", ", suspects), by);
        Apply(new MembershipEvent.Voted(by, suspects, _silo.Environment.Time.GetTimestamp()));
        return Task.FromResult(Table);
    }

    Task IMembershipTarget.LearnAsync(MembershipTable table, SiloAddress? from)
    {
        Heard(table, from);
        return Task.CompletedTask;
    }

    async Task IMembershipTarget.FarewellAsync(MembershipTable table)
    {
        Heard(table);

        // After the turn in which this silo forgets what it knew of the other.
        await Task.Yield();
    }

    ValueTask<long> IMembershipTarget.ProbeAsync() => new(Table.Version);

    Task<MembershipTable> IMembershipTarget.ReadAsync() => Task.FromResult(Table);

    internal IMembershipTarget Target(SiloAddress silo) => Target(new NodeAddress(silo));

    private IMembershipTarget Target(NodeAddress node) => _silo.Runtime.SystemTarget<IMembershipTarget>(TargetType, node);

    private void Apply(MembershipEvent happened)
    {
        IReadOnlyList<MembershipCommand> commands;
        lock (_lock)
        {
            commands = _protocol.Apply(happened);
            foreach (var follow in commands.OfType<MembershipCommand.Follow>())
            {
                var before = _now;
                _now = new Following(follow.Table, follow.Table.ToSnapshot());
                _silo.Directory.Follow(follow.Table);
                before.Next.TrySetResult();

                // Told on this target's turns: in order, and never under the lock.
                _silo.MembershipTurns.Post(new ActionTurn(_ => Tell(follow.Before, follow.Table), null));
            }
        }

        foreach (var command in commands)
        {
            Carry(command);
        }
    }

    private void Carry(MembershipCommand command)
    {
        switch (command)
        {
            case MembershipCommand.Tell(var to, var table):
                _ = Target(to).LearnAsync(table, _silo.Address);
                break;
            case MembershipCommand.Announce(var to, var self):
                _ = HearAsync(() => Target(to).AnnounceAsync(self), to);
                break;
            case MembershipCommand.Vote(var to, var suspects):
                _ = HearAsync(() => Target(to).VoteAsync(_silo.Address, suspects), to);
                break;
            case MembershipCommand.Knock(var door, var table):
                _ = KnockAsync(door, table);
                break;
            case MembershipCommand.Stop(var by):
                _silo.DeclaredDead(by);
                break;
        }
    }

    /// <summary>Says something to a silo and hears the table it answers with.</summary>
    private async Task HearAsync(Func<Task<MembershipTable>> say, SiloAddress to)
    {
        try
        {
            Heard(await say());
        }
        catch (Exception e) when (e is OrleansException or TimeoutException)
        {
            // Said again with the next probe or tick.
            LogNotHeard(new NodeAddress(to), e.Message);
        }
    }

    /// <returns>Whether a member of the cluster answered, and not one who would be let in as well; and why nobody did.</returns>
    private async Task<(bool IsMember, Exception? Silence)> AskAsync(IPEndPoint seed, CancellationToken cancellationToken)
    {
        try
        {
            var silo = await _silo.Links.ConnectAsync(seed, cancellationToken);
            Heard(await Target(silo).AnnounceAsync(_silo.Entry).WaitAsync(cancellationToken));
            return (Table.HasLiving(silo), null);
        }
        catch (Exception e) when (e is SiloUnavailableException or TimeoutException or Runtime.Messaging.ConnectionFailedException { IsTransient: true })
        {
            return (false, e);
        }
    }

    private async Task KnockAsync(IPEndPoint door, MembershipTable table)
    {
        try
        {
            var there = await _silo.Links.ConnectAsync(door, CancellationToken.None);
            if (!Table.HasLiving(there))
            {
                await Target(there).LearnAsync(table, _silo.Address);
            }
        }
        catch (Exception e) when (e is OrleansException or TimeoutException)
        {
            LogNobody(door, e.Message);
        }
    }

    private async Task SayFarewellAsync(NodeAddress node, MembershipTable table)
    {
        try
        {
            await Target(node).FarewellAsync(table);
        }
        catch (Exception e) when (e is OrleansException or TimeoutException)
        {
            LogNotHeard(node, e.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Suspects} suspected by {By}")]
    private partial void LogSuspected(string suspects, SiloAddress by);

    [LoggerMessage(LogLevel.Debug, "{Node} was not reached with news of membership: {Reason}")]
    private partial void LogNotHeard(NodeAddress node, string reason);

    [LoggerMessage(LogLevel.Debug, "Nobody to be told of this cluster answers at {Door}: {Reason}")]
    private partial void LogNobody(IPEndPoint door, string reason);
}
