using Orleans.Dask.Grains.Scheduling;
using Orleans.Dask.Simulation.Cluster;
using Orleans.Dask.Simulation.World;
using Orleans.Embedded;

namespace Orleans.Dask.Simulation.Faults;

/// <summary>
/// Draws from the seed what befalls the cluster, and when. It stops after a while, mends everything and has missing silos started again:
/// from then on whatever was promised must come true.
/// </summary>
internal sealed class Nemesis
{
    private readonly SimCluster _cluster;
    private readonly SeededRandom _random;
    private readonly SimProcess _process;
    private readonly Profile _profile;
    private readonly bool _isHarsh;
    private readonly TimeSpan _storm;
    private readonly SeededRandom _streams;
    private bool _losesMessages;
    private readonly Dictionary<string, int> _done = new(StringComparer.Ordinal);

    public Nemesis(SimCluster cluster, Profile profile, bool isHarsh)
    {
        _cluster = cluster;
        _profile = profile;
        _isHarsh = isHarsh;
        _random = SeededRandom.For(cluster.World.Seed, "nemesis");
        _streams = SeededRandom.For(cluster.World.Seed, "streams emptied");
        _process = new SimProcess(cluster.World, "nemesis", cluster.Network, cluster.Disk);
        _storm = _random.Span(TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(25));
    }

    /// <summary>How often each thing was done.</summary>
    public IReadOnlyDictionary<string, int> Done => _done;

    public bool IsOver { get; private set; }

    /// <summary>Silos left in good order, and nothing else went wrong: that costs no value and no second run.</summary>
    public bool HasDoneNoHarm => !_losesMessages && _cluster.Deaths == 0 && _done.Keys.All(name => name == "stop");

    /// <summary>Draws all incidents and lets them come.</summary>
    public void Begin()
    {
        if (_profile == Profile.Calm)
        {
            IsOver = true;
            return;
        }

        Weather();
        var kinds = _profile == Profile.Leaves ? [("stop", StopSilo)] : Kinds().Where(_ => _random.Chance(0.4)).ToArray();
        var incidents = kinds.Length == 0 ? 0 : _random.Next(1, 10);
        for (var i = 0; i < incidents; i++)
        {
            var (name, incident) = _random.Pick(kinds);
            _process.After(_random.Span(TimeSpan.Zero, _storm), "incident", name, () =>
            {
                if (incident())
                {
                    _done[name] = _done.GetValueOrDefault(name) + 1;
                }

                OldEpochs.Try(_cluster);
            });
        }

        _process.After(_storm, "mended", null, Mend);
    }

    private IEnumerable<(string Name, Func<bool> Incident)> Kinds()
    {
        yield return ("crash", Crash);
        yield return ("hang", Hang);
        yield return ("cut", Cut);
        yield return ("break", Break);
        yield return ("forget", DropActivations);
        yield return ("disk", SpoilDisk);
        yield return ("slow", SlowDown);
        yield return ("stop", StopSilo);
        yield return ("client", CrashClient);
        yield return ("replay", Replay);
        if (_isHarsh)
        {
            yield return ("succession", Succession);
        }

        if (_profile == Profile.Orleans)
        {
            yield return ("sequences", ExpireSequences);
        }
    }

    /// <summary>How the network is as long as the storm lasts.</summary>
    private void Weather()
    {
        var network = _cluster.Network;
        network.MostLatency = TimeSpan.FromMilliseconds(_random.Pick([1, 1, 10, 100, 500]));
        if (_profile == Profile.Leaves)
        {
            return;
        }

        network.LostPerMille = _random.Pick([0, 0, 0, 1, 5, 20]);
        network.OvertakenPerMille = _random.Pick([0, 0, 10, 100]);
        _losesMessages = network.LostPerMille > 0;
        if (_profile == Profile.Orleans)
        {
            network.ObserversLostPerMille = _random.Pick([0, 100, 500]);
        }
    }

    private void Mend()
    {
        var network = _cluster.Network;
        network.MostLatency = TimeSpan.FromMilliseconds(1);
        network.LostPerMille = network.OvertakenPerMille = network.ObserversLostPerMille = 0;
        network.Heal();
        _cluster.Disk.Slowness = 1;
        _cluster.Disk.IsFull = false;
        foreach (var silo in _cluster.Living)
        {
            silo.Process.Slowness = 1;
        }

        IsOver = true;
    }

    /// <summary>A silo that may be lost, be it the keeper of the membership table; never the last.</summary>
    private SimSilo? Victim() => _cluster.Living.ToArray() is { Length: > 1 } living ? _random.Pick(living) : null;

    private SimSilo? Anyone() => _cluster.Living.ToArray() is { Length: > 0 } living ? _random.Pick(living) : null;

    private bool Crash()
    {
        if (Victim() is not { } victim)
        {
            return false;
        }

        if (_profile == Profile.Orleans)
        {
            var calls = _cluster.Living.Where(silo => silo != victim).Select(silo => silo.Silo.Runtime.Calls).Concat(_cluster.Clients.Where(client => client.Process.IsAlive).Select(client => client.Connection.Calls));
            var node = new NodeAddress(victim.Silo.Address);
            _cluster.World.Strike(Strike.LateFailure, calls.Sum(table => table.Overdue(long.MinValue, call => node.Equals(call.SentTo)).Count));
        }

        _cluster.World.Strike(Strike.StreamEmptied, HubsOf(victim).Sum(hub => hub.Behind));
        _cluster.Crash(victim, silently: _random.Chance(0.4));
        if (_profile == Profile.Orleans)
        {
            // Survivors drop the activations whose directory entries the dead one owned.
            foreach (var silo in _cluster.Living)
            {
                Drop(silo, _ => true);
            }
        }

        return true;
    }

    private bool StopSilo()
    {
        if (Victim() is not { } victim)
        {
            return false;
        }

        _cluster.Stop(victim);
        return true;
    }

    private bool Hang()
    {
        if (Anyone() is not { } silo)
        {
            return false;
        }

        // Longer than its probes, and it is declared dead meanwhile.
        _cluster.Suspects++;
        _cluster.World.Strike(Strike.Hang);
        _cluster.World.Strike(Strike.KeeperHang, silo.IsKeeper ? 1 : 0);
        var time = _random.Span(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(9));
        silo.Process.HangsUntil = _cluster.World.Now + time.Ticks;
        _process.After(time, "wakes", silo.Process.Name, () => CountTwins(silo));
        return true;
    }

    /// <summary>Grains that others have activated again while the silo was out of touch, and that live in it still.</summary>
    private void CountTwins(SimSilo silo)
    {
        if (silo.Process.IsAlive)
        {
            var others = _cluster.Living.Where(other => other != silo).SelectMany(other => other.Silo.LocalActivations).Select(activation => activation.GrainId).ToHashSet();
            _cluster.World.Strike(Strike.SecondActivation, silo.Silo.LocalActivations.Count(activation => others.Contains(activation.GrainId)));
        }
    }

    private bool Cut()
    {
        var all = _cluster.Living.Select(silo => silo.Process).Concat(_cluster.Clients.Select(client => client.Process).Where(process => process.IsAlive)).ToArray();
        var (one, other) = (_random.Pick(all), _random.Pick(all));
        if (one == other)
        {
            return false;
        }

        _cluster.Suspects++;
        _cluster.Network.Cut(one, other);
        var both = _random.Chance(0.5);
        if (both)
        {
            _cluster.Network.Cut(other, one);
        }

        _cluster.World.Strike(both ? Strike.Cut : Strike.OneWayCut);

        _process.After(_random.Span(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(12)), "healed", null, _cluster.Network.Heal);
        return true;
    }

    /// <summary>A scheduler goes while a worker is out of its reach: its successor begins without what that one has, and hears of it later.</summary>
    private bool Succession()
    {
        var schedulers = _cluster.Living.SelectMany(silo => silo.Silo.LocalActivations.Where(activation => activation.Class.Type == typeof(SchedulerGrain)).Select(activation => (Silo: silo, Activation: activation))).ToArray();
        if (schedulers.Length == 0 || _cluster.Living.Count() < 2)
        {
            return false;
        }

        var (silo, scheduler) = _random.Pick(schedulers);
        var worker = _random.Pick(_cluster.Living.Where(other => other != silo).ToArray());
        _cluster.Suspects++;
        _cluster.Network.Cut(worker.Process, silo.Process);
        _cluster.Network.Cut(silo.Process, worker.Process);
        _cluster.World.Strike(Strike.Cut);
        _process.After(_random.Span(TimeSpan.Zero, TimeSpan.FromSeconds(2)), "succeeds", null, () =>
        {
            _cluster.World.Strike(Strike.Succession);
            scheduler.Deactivate(new DeactivationReason(DeactivationReasonCode.RuntimeRequested, "Another is to succeed it."));
        });
        _process.After(_random.Span(TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(6)), "healed", null, _cluster.Network.Heal);
        return true;
    }

    private bool Break()
    {
        if (_cluster.Network.Open.Count == 0)
        {
            return false;
        }

        _cluster.Network.Break(_random.Pick(_cluster.Network.Open));
        return true;
    }

    private bool Replay()
    {
        var any = false;
        for (var i = 0; i < 10; i++)
        {
            any |= _cluster.Network.Replay();
        }

        return any;
    }

    private bool DropActivations()
    {
        if (Anyone() is not { } silo)
        {
            return false;
        }

        if (_profile == Profile.Orleans)
        {
            EmptyStreams();
        }

        Drop(silo, activation => _profile == Profile.Orleans || !activation.Class.Type.FullName!.StartsWith("Orleans.Embedded", StringComparison.Ordinal));
        return true;
    }

    /// <summary>A random third of what is active.</summary>
    private void Drop(SimSilo silo, Func<Orleans.Embedded.Activation, bool> which)
    {
        var reason = new DeactivationReason(DeactivationReasonCode.RuntimeRequested, "It may vanish at any turn.");
        foreach (var activation in silo.Silo.LocalActivations.OrderBy(a => a.Number).Where(a => which(a) && _random.Chance(1 / 3.0)))
        {
            _cluster.World.Strike(Strike.Dropped);
            activation.Deactivate(reason);
        }
    }

    /// <summary>Orleans' queues live in the memory of grains: what they hold goes when these go, and subscriptions stay.</summary>
    private void EmptyStreams()
    {
        foreach (var hub in _cluster.Living.SelectMany(HubsOf).Where(_ => _streams.Chance(0.7)).ToArray())
        {
            hub.LoseEvents(lost => _cluster.World.Strike(Strike.StreamEmptied, lost));
        }
    }

    private static IEnumerable<StreamHub> HubsOf(SimSilo silo) =>
        silo.Silo.LocalActivations.OrderBy(activation => activation.Number).Select(activation => activation.GrainInstance).OfType<StreamHub>();

    private bool ExpireSequences()
    {
        foreach (var activation in Anyone()?.Silo.LocalActivations.OrderBy(a => a.Number) ?? Enumerable.Empty<Orleans.Embedded.Activation>())
        {
            _cluster.World.Strike(Strike.SequenceExpired, activation.HasSequences ? 1 : 0);
            activation.DropUnpulled(all: true);
        }

        return true;
    }

    private bool SpoilDisk()
    {
        if (_random.Chance(0.5))
        {
            _cluster.Disk.IsFull = true;
            _process.After(_random.Span(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(4)), "disk", "has room again", () => _cluster.Disk.IsFull = false);
        }
        else
        {
            _cluster.Disk.Slowness = _random.Pick([10, 100, 300]);
        }

        return true;
    }

    private bool SlowDown()
    {
        if (Anyone() is not { } silo)
        {
            return false;
        }

        silo.Process.Slowness = _random.Pick([10, 100, 1000]);
        return true;
    }

    private bool CrashClient()
    {
        var living = _cluster.Clients.Where(client => client.Process.IsAlive).ToArray();
        if (living.Length < 2)
        {
            return false;
        }

        _cluster.World.Strike(Strike.ClientCrash);
        _random.Pick(living).Process.Crash(silently: _random.Chance(0.4));
        return true;
    }
}
