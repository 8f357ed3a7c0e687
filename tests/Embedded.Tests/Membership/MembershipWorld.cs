using Orleans.Configuration;
using Orleans.Embedded;

namespace Orleans.Dask.Embedded.Tests;

/// <summary>
/// Some silos' protocols and the messages between them, by one seed: delivered in any order, lost where a link is cut. No clock and
/// no threads; a round is one probe of everybody by everybody.
/// </summary>
internal sealed class MembershipWorld(int seed)
{
    private readonly Random _random = new(seed);
    private readonly List<(SiloAddress From, SiloAddress To, Action<Silo> Do)> _underway = [];
    private readonly HashSet<(SiloAddress, SiloAddress)> _cut = [];
    private readonly Dictionary<long, MembershipTable> _made = [];
    private long _now;
    private int _lastPort;

    public List<Silo> Silos { get; } = [];

    /// <summary>Processes that live, and silos in them that have not stopped.</summary>
    public IEnumerable<Silo> Running => Silos.Where(s => !s.IsCrashed && !s.Protocol.IsStopped && !s.HasLeft);

    /// <summary>There is a silo to go on from: newcomers alone make no cluster, nor do those that the cluster outlived before it ended.</summary>
    public bool IsActive => Running.Any(s => Silos.MaxBy(other => other.Protocol.Table.Version)!.Protocol.Table.StatusOf(s.Address) == SiloStatus.Active);

    public void Found() => Do(New(), new MembershipEvent.Founded(), new MembershipEvent.Wanted(SiloStatus.Active));

    public void Join()
    {
        var newcomer = New();
        Do(newcomer, new MembershipEvent.Wanted(SiloStatus.Active));
        Knock(newcomer);
    }

    public void Crash()
    {
        if (Running.Count() > 1)
        {
            Pick(Running)!.IsCrashed = true;
        }
    }

    public void Leave()
    {
        if (Running.Count() > 1 && Pick(Running.Where(s => !s.IsPaused)) is { } leaver)
        {
            leaver.HasLeft = true;
            Do(leaver, new MembershipEvent.Wanted(SiloStatus.Dead));
        }
    }

    public void PauseOrResume()
    {
        if (Pick(Running) is { } silo)
        {
            silo.IsPaused = !silo.IsPaused;
        }
    }

    /// <summary>One direction between two silos.</summary>
    public void CutOrMend()
    {
        if (Silos.Count > 1)
        {
            var link = (Pick(Silos)!.Address, Pick(Silos)!.Address);
            if (!_cut.Remove(link))
            {
                _cut.Add(link);
            }
        }
    }

    public void Split()
    {
        var left = Silos.Where(_ => _random.Next(2) == 0).ToHashSet();
        foreach (var (a, b) in left.SelectMany(a => Silos.Where(s => !left.Contains(s)).Select(b => (a.Address, b.Address))))
        {
            _cut.Add((a, b));
            _cut.Add((b, a));
        }
    }

    public void Deliver(int atMost)
    {
        for (; atMost > 0 && _underway.Count > 0; atMost--)
        {
            var index = _random.Next(_underway.Count);
            var (from, to, deed) = _underway[index];
            _underway[index] = _underway[^1];
            _underway.RemoveAt(_underway.Count - 1);
            var receiver = Silos.Find(s => s.Address.Equals(to))!;
            if (receiver.IsPaused && !receiver.IsCrashed)
            {
                receiver.Held.Add(deed);
            }
            else if (Reaches(from, to) && !receiver.IsCrashed)
            {
                deed(receiver);
            }
        }
    }

    /// <summary>Everybody probes everybody, and time passes.</summary>
    public void Round()
    {
        _now++;
        foreach (var silo in Running.Where(s => !s.IsPaused).ToArray())
        {
            if (!silo.Protocol.Table.HasLiving(silo.Address))
            {
                Knock(silo);
            }

            foreach (var target in silo.Protocol.Table.Entries.Where(e => e.Status != SiloStatus.Dead && !e.Silo.Equals(silo.Address)).Select(e => e.Silo).ToArray())
            {
                Probe(silo, Silos.Find(s => s.Address.Equals(target))!);
            }

            Do(silo, new MembershipEvent.Ticked());
        }
    }

    /// <summary>All is well again for long enough.</summary>
    public void Heal()
    {
        _cut.Clear();
        foreach (var silo in Silos)
        {
            silo.IsPaused = false;
            foreach (var deed in silo.Held.Where(_ => !silo.IsCrashed))
            {
                deed(silo);
            }

            silo.Held.Clear();
        }

        for (var i = 0; i < 40; i++)
        {
            Round();
            Deliver(int.MaxValue);
        }
    }

    private Silo New()
    {
        var silo = new Silo(SiloAddress.FromParsableString($"127.0.0.1:{++_lastPort}@1"));
        Silos.Add(silo);
        return silo;
    }

    /// <summary>A newcomer asks whomever it finds.</summary>
    private void Knock(Silo newcomer)
    {
        if (Pick(Running.Where(s => s != newcomer && !s.IsPaused)) is { } door)
        {
            Send(newcomer.Address, door.Address, at => Answer(at, newcomer.Address, new MembershipEvent.Announced(newcomer.Entry)));
        }
    }

    private void Probe(Silo silo, Silo target)
    {
        var there = Reaches(silo.Address, target.Address);
        var back = Reaches(target.Address, silo.Address);
        if (there && (target.IsCrashed || target.Protocol.IsStopped || target.HasLeft) && back)
        {
            Do(silo, new MembershipEvent.Probed(target.Address, ProbeOutcome.Refused, _now));
        }
        else if (there && back && !target.IsPaused)
        {
            Do(silo, new MembershipEvent.Probed(target.Address, ProbeOutcome.Answered, _now));
            if (target.Protocol.Table.Version > silo.Protocol.Table.Version)
            {
                Do(silo, new MembershipEvent.Heard(target.Protocol.Table));
            }
            else if (target.Protocol.Table.Version < silo.Protocol.Table.Version)
            {
                var table = silo.Protocol.Table;
                Send(silo.Address, target.Address, at => Do(at, new MembershipEvent.Heard(table, silo.Address)));
            }
        }
        else
        {
            Do(silo, new MembershipEvent.Probed(target.Address, ProbeOutcome.Silent, _now));
        }
    }

    private void Do(Silo silo, params MembershipEvent[] events)
    {
        foreach (var happened in events)
        {
            var before = silo.Protocol.Table.Version;
            foreach (var command in silo.Protocol.Apply(happened))
            {
                Carry(silo, command);
            }

            var table = silo.Protocol.Table;
            Assert.True(table.Version >= before, $"seed {seed}: {silo.Address} went back from {before} to {table.Version}");
            Assert.True(table.Version == 0 || !_made.TryGetValue(table.Version, out var other) || ReferenceEquals(other, table), $"seed {seed}: version {table.Version} was made twice");
            _made[table.Version] = table;
        }
    }

    private void Carry(Silo silo, MembershipCommand command)
    {
        switch (command)
        {
            case MembershipCommand.Tell(var to, var table):
                Send(silo.Address, to, at => Do(at, new MembershipEvent.Heard(table, silo.Address)));
                break;
            case MembershipCommand.Knock(var door, var table):
                Send(silo.Address, Silos.Find(s => s.Address.Endpoint.Equals(door))!.Address, at => Do(at, new MembershipEvent.Heard(table, silo.Address)));
                break;
            case MembershipCommand.Announce(var to, var self):
                Send(silo.Address, to, at => Answer(at, silo.Address, new MembershipEvent.Announced(self)));
                break;
            case MembershipCommand.Vote(var to, var suspects):
                Send(silo.Address, to, at => Answer(at, silo.Address, new MembershipEvent.Voted(silo.Address, suspects, _now)));
                break;
        }
    }

    private void Answer(Silo at, SiloAddress asker, MembershipEvent asked)
    {
        if (at.Protocol.Table.Entries.Length == 0)
        {
            return;
        }

        Do(at, asked);
        var table = at.Protocol.Table;
        Send(at.Address, asker, back => Do(back, new MembershipEvent.Heard(table)));
    }

    private void Send(SiloAddress from, SiloAddress to, Action<Silo> deed) => _underway.Add((from, to, deed));

    private bool Reaches(SiloAddress from, SiloAddress to) => !_cut.Contains((from, to));

    private Silo? Pick(IEnumerable<Silo> among) => among.ToArray() is { Length: > 0 } silos ? silos[_random.Next(silos.Length)] : null;

    internal sealed class Silo(SiloAddress address)
    {
        public SiloAddress Address => address;

        public MemberEntry Entry { get; } = new() { Silo = address, Status = SiloStatus.Joining, Name = "test", GatewayPort = 0, Grains = [] };

        public MembershipProtocol Protocol => field ??= new MembershipProtocol(Entry, new ClusterMembershipOptions(), voteLife: 4);

        public bool IsCrashed { get; set; }

        public bool IsPaused { get; set; }

        public bool HasLeft { get; set; }

        /// <summary>What came for it while it was stopped.</summary>
        public List<Action<Silo>> Held { get; } = [];

        public override string ToString() => $"{address}{(IsCrashed ? " crashed" : "")}{(IsPaused ? " paused" : "")}{(HasLeft ? " left" : "")}{(Protocol.IsStopped ? " stopped" : "")} at {Protocol.Table.Version:x} kept by {Protocol.Table.Keeper}: "
            + string.Join(", ", Protocol.Table.Entries.Select(e => $"{e.Silo.Endpoint.Port} {e.Status}"));
    }
}
