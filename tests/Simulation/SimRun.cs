using System.Globalization;
using Orleans.Dask.Simulation.Cluster;
using Orleans.Dask.Simulation.Faults;
using Orleans.Dask.Simulation.Workloads;
using Orleans.Dask.Simulation.World;

namespace Orleans.Dask.Simulation;

/// <summary>What to run.</summary>
/// <param name="Seed">The same seed is the same run, event by event.</param>
/// <param name="Workload">Null: by the seed.</param>
/// <param name="Profile">Null: by the seed.</param>
/// <param name="Log">Where the events are written as text; null: nowhere.</param>
/// <param name="IsAlone">Nothing else runs in this process: what goes to the thread pool is the world's, and remarked in the log.</param>
internal sealed record SimOptions(long Seed, string? Workload = null, Profile? Profile = null, TextWriter? Log = null, bool IsAlone = false);

/// <summary>How it went.</summary>
internal sealed record SimResult(long Seed, string Workload, Profile Profile, ClusterShape Shape, string Incidents, ulong Hash, long Events, TimeSpan VirtualTime, IReadOnlyDictionary<string, int> Strikes, IReadOnlyList<string> Failures)
{
    public bool Held => Failures.Count == 0;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"seed {Seed} {Workload} {Profile} ({Shape.Silos} silos, {Shape.Clients} clients; {Incidents}): {(Held ? "held" : "FAILED")}, {Events} events, {VirtualTime.TotalSeconds:0.0} s of virtual time, hash {Hash:x16}{string.Concat(Failures.Select(f => "\n  " + f))}");
}

/// <summary>One run: a cluster, its clients' programs, what befalls them, and what must hold afterwards.</summary>
internal sealed class SimRun
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    private readonly List<string> _failures = [];
    private readonly SimWorld _world;
    private readonly SimCluster _cluster;
    private readonly Nemesis _nemesis;
    private readonly Profile _profile;
    private readonly string _workloadName;
    private readonly Func<Workload> _workload;

    private SimRun(SimOptions options)
    {
        _world = new SimWorld(options.Seed, options.Log) { WatchesPool = options.IsAlone && options.Log is not null };
        var random = SeededRandom.For(options.Seed, "shape");
        _workloadName = options.Workload ?? Workload.Of(options.Seed);
        _workload = Workload.All.TryGetValue(_workloadName, out var known) ? known
            : throw new ArgumentException($"There is no workload '{_workloadName}'. There are: {string.Join(", ", Workload.All.Keys)}.");
        var isHarsh = Workload.Harsh.Contains(_workloadName);
        var drawn = random.Pick([Profile.Calm, Profile.Embedded, Profile.Embedded, Profile.Embedded, Profile.Orleans, Profile.Orleans, Profile.Orleans]);
        _profile = options.Profile ?? drawn;
        _cluster = new SimCluster(_world, new ClusterShape(
            random.Next(1, 5), random.Next(1, 3), random.Next(1, 4), TimeSpan.FromMilliseconds(random.Pick([2, 50, 500])), _profile == Profile.Orleans,
            isHarsh ? random.Pick([1 << 20, 1 << 20, 4096]) : 1 << 20, isHarsh ? random.Pick([4 << 10, 4 << 10, 0]) : 4 << 10));
        _nemesis = new Nemesis(_cluster, _profile, isHarsh);
    }

    /// <summary>Runs on a thread of its own, which has no context of anybody.</summary>
    public static SimResult Execute(SimOptions options)
    {
        SimResult? result = null;
        var thread = new Thread(() => result = new SimRun(options).Go(), maxStackSize: 16 << 20);
        thread.Start();
        thread.Join();
        return options.IsAlone && Unobserved.Take() is { Count: > 0 } unheard ? result! with { Failures = [.. result!.Failures, .. unheard] } : result!;
    }

    private SimResult Go()
    {
        try
        {
            _cluster.Start();
            _cluster.Supervise();
            _nemesis.Begin();
            Work();
            Leave();
        }
        catch (Exception e)
        {
            _failures.Add(e.ToString());
        }

        _failures.AddRange(_world.Defects);
        _world.End();
        var incidents = string.Join(", ", _nemesis.Done.Select(d => $"{d.Key} {d.Value}"));
        return new SimResult(_world.Seed, _workloadName, _profile, _cluster.Shape, incidents.Length == 0 ? "no incident" : incidents, _world.Log.Hash, _world.Log.Count, _world.Elapsed, _world.Strikes, _failures);
    }

    private readonly List<Workload> _programs = [];

    private void Work()
    {
        var running = new List<(SimClient Client, Task Program)>();
        foreach (var client in _cluster.Clients)
        {
            var program = _workload();
            program.Cluster = _cluster;
            _programs.Add(program);
            var random = SeededRandom.For(_world.Seed, "program of " + client.Process.Name);
            running.Add((client, client.Process.Run("program", () => program.RunAsync(client, random))));
        }

        if (!_world.RunUntil(() => running.TrueForAll(r => r.Program.IsCompleted || !r.Client.Process.IsAlive), s_patience))
        {
            _failures.Add($"Hang: programs have not ended within {s_patience} of virtual time.");
        }

        OldEpochs.Try(_cluster);
        foreach (var (client, program) in running)
        {
            if (program.Exception is { } failed)
            {
                _failures.Add($"{client.Process.Name}: {failed.InnerException}");
            }
        }

        if (_nemesis.HasDoneNoHarm && _profile != Profile.Orleans)
        {
            _failures.AddRange(_world.Runs.Where(run => run.Value > 1 && !_programs[0].MayBeginTwice(run.Key.Key)).Select(run => $"Waste: {run.Key.Key} of {run.Key.Session} began {run.Value} times, though silos have left in good order only."));
        }
    }

    /// <summary>No future holds anything any more, and what is unneeded goes although the session lives.</summary>
    private void LetGo(SimClient client, Workload program)
    {
        var released = client.Process.Run("lets all go", () =>
        {
            program.Release();
            return Task.CompletedTask;
        });
        var session = client.Dask.Session;

        // A value whose writing was not acknowledged is written elsewhere; should it have arrived, nobody knows of it before the session ends.
        var orphans = _cluster.Deaths + _cluster.Left > 0 || _nemesis.Done.Count > 0 || _world.Strikes.ContainsKey(Strike.Lost) ? 2 : 0;
        if (!_world.RunUntil(() => released.IsCompleted && _cluster.Living.Sum(silo => silo.Worker.Store.Count(session)) <= orphans, TimeSpan.FromMinutes(5)))
        {
            _failures.Add($"Leak: nobody holds a future of {session}, and stores keep "
                + string.Join(", ", _cluster.Living.SelectMany(silo => silo.Worker.Store.List(session).Select(value => $"{value.Key} on {silo}"))) + ".");
        }
    }

    /// <summary>Grains that are active on more than one silo.</summary>
    private IEnumerable<GrainId> Twins() =>
        _cluster.Living.SelectMany(silo => silo.Silo.LocalActivations.Where(activation => activation.IsRegistered)).GroupBy(activation => activation.GrainId).Where(same => same.Count() > 1).Select(same => same.Key);

    /// <summary>The sessions end; then nothing of them may be left.</summary>
    private void Leave()
    {
        if (!_world.RunUntil(() => _nemesis.IsOver && _cluster.IsComplete, TimeSpan.FromMinutes(3)))
        {
            _failures.Add("Hang: not all silos serve three minutes after all was mended.");
        }

        if (!_world.RunUntil(() => !Twins().Any(), TimeSpan.FromMinutes(2)))
        {
            _failures.AddRange(Twins().Select(grain => $"Twice: {grain} is active on two silos two minutes after all was mended."));
        }

        foreach (var (client, program) in _cluster.Clients.Zip(_programs).Where(c => c.First.Process.IsAlive))
        {
            LetGo(client, program);
        }

        foreach (var (client, program) in _cluster.Clients.Zip(_programs).Where(c => c.First.Process.IsAlive))
        {
            var closing = client.Process.Run("closes", () =>
            {
                return client.CloseAsync();
            });
            if (!_world.RunUntil(() => closing.IsCompleted, TimeSpan.FromMinutes(1)))
            {
                _failures.Add($"Hang: {client.Process.Name} did not close within a minute.");
            }
            else if (closing.Exception is { } failed)
            {
                _failures.Add($"{client.Process.Name} closing: {failed.InnerException}");
            }
        }

        // What runs heeds no token; it returns when nobody wants it any more.
        if (!_world.RunUntil(() => _cluster.Living.All(silo => silo.Worker.Store.Sessions().Length == 0 && silo.Process.Running == 0), TimeSpan.FromMinutes(5)))
        {
            foreach (var silo in _cluster.Living)
            {
                foreach (var session in silo.Worker.Store.Sessions())
                {
                    _failures.Add($"Leak: {silo} keeps {silo.Worker.Store.Count(session)} values of {session} though it has ended.");
                }
            }
        }
    }
}
