using System.Globalization;
using System.Net;
using Orleans.Dask.Silo.Hosting;
using Orleans.Dask.Simulation.Faults;
using Orleans.Dask.Simulation.World;

namespace Orleans.Dask.Simulation.Cluster;

/// <summary>How large a cluster is, and how fast.</summary>
/// <param name="Silos">Silos.</param>
/// <param name="Clients">Clients.</param>
/// <param name="Slots">Slots of each silo.</param>
/// <param name="LongestTask">How long a task keeps its slot at most.</param>
/// <param name="AsOrleans">The engine promises no more than Microsoft Orleans.</param>
/// <param name="PieceBytes">In how large pieces values go to others.</param>
/// <param name="RidingBytes">How large results are that ride along with the news.</param>
internal sealed record ClusterShape(int Silos, int Clients, int Slots, TimeSpan LongestTask, bool AsOrleans, int PieceBytes = 1 << 20, int RidingBytes = 4 << 10);

/// <summary>Silos and clients of one world.</summary>
internal sealed class SimCluster(SimWorld world, ClusterShape shape)
{
    public const string Name = "simulation";

    private const int FirstSiloPort = 11111;
    private const int FirstGatewayPort = 30000;
    private static readonly string s_secret = Convert.ToHexString([.. Enumerable.Range(0, 32).Select(i => (byte)(i * 7))]);

    private readonly SimSilo?[] _silos = new SimSilo?[shape.Silos];
    private readonly int[] _lives = new int[shape.Silos];
    private readonly (SimProcess Process, Task<SimSilo> Start)?[] _starting = new (SimProcess, Task<SimSilo>)?[shape.Silos];
    private readonly bool[] _restartComes = new bool[shape.Silos];
    private readonly SeededRandom _random = SeededRandom.For(world.Seed, "supervisor");
    private readonly List<SimClient> _clients = [];

    public SimWorld World => world;

    public ClusterShape Shape => shape;

    public SimNetwork Network { get; } = new(world);

    /// <summary>One for all silos.</summary>
    public SimDisk Disk { get; } = new(world);

    public ValueLog Values { get; } = new();

    /// <summary>Silos whose process lives and that have not been told to stop.</summary>
    public IEnumerable<SimSilo> Living => _silos.Where(silo => silo is { Process.IsAlive: true, Silo.IsStopping: false, IsLeaving: false })!;

    public IReadOnlyList<SimClient> Clients => _clients;

    public SimSilo? this[int place] => _silos[place];

    /// <summary>Silos that crashed, or were declared dead and stopped themselves.</summary>
    public int Deaths { get; private set; }

    /// <summary>How often a silo was out of touch for so long that others may have declared it dead.</summary>
    public int Suspects { get; set; }

    /// <summary>Silos that were asked to go.</summary>
    public int Left { get; private set; }

    /// <summary>Every place has a silo that serves.</summary>
    public bool IsComplete => _silos.All(silo => silo is { Process.IsAlive: true, Silo.IsStopping: false, IsLeaving: false });

    /// <summary>Starts all silos, then all clients.</summary>
    public void Start()
    {
        Finish(StartSilo(0), "the first silo's start");
        foreach (var start in Enumerable.Range(1, shape.Silos - 1).Select(StartSilo).ToArray())
        {
            Finish(start, "a silo's start");
        }

        foreach (var start in Enumerable.Range(0, shape.Clients).Select(StartClient).ToArray())
        {
            _clients.Add(Finish(start, "a client's start"));
        }
    }

    public void Crash(SimSilo silo, bool silently)
    {
        Deaths++;
        world.Strike(silently ? Strike.MachineCrash : Strike.Crash);
        world.Strike(Strike.KeeperCrash, silo.IsKeeper ? 1 : 0);
        silo.Process.Crash(silently);
    }

    /// <summary>Asks a silo to leave; its process ends when it has.</summary>
    public void Stop(SimSilo silo)
    {
        Left++;
        world.Strike(Strike.Leave);
        world.Strike(Strike.KeeperLeave, silo.IsKeeper ? 1 : 0);
        silo.IsLeaving = true;
        silo.Process.Run("stops", async () =>
        {
            await silo.StopAsync();
            silo.Process.Crash();
        });
    }

    /// <summary>From now on silos that are gone are started again after a while, as an operator's supervisor would.</summary>
    public void Supervise()
    {
        var supervisor = new SimProcess(world, "operator", Network, Disk);
        _ = supervisor.Time.CreateTimer(_ => Look(supervisor), null, TimeSpan.FromMilliseconds(500), TimeSpan.FromMilliseconds(500));
    }

    private void Look(SimProcess supervisor)
    {
        for (var place = 0; place < _silos.Length; place++)
        {
            if (_starting[place] is { } starting)
            {
                if (!starting.Start.IsCompleted && starting.Process.IsAlive)
                {
                    continue;
                }

                if (!starting.Start.IsCompletedSuccessfully)
                {
                    starting.Process.Crash();
                }

                _starting[place] = null;
            }

            if (_silos[place] is { Process.IsAlive: true, Silo.Stopped.IsCompleted: true } stopped)
            {
                // Declared dead, it stopped itself; its process ends with it.
                Crash(stopped, silently: false);
            }

            if (_silos[place] is not { Process.IsAlive: true } && !_restartComes[place])
            {
                var here = place;
                _restartComes[here] = true;
                supervisor.After(_random.Span(TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(6)), "restarts", null, () =>
                {
                    _restartComes[here] = false;
                    _ = StartSilo(here);
                });
            }
        }
    }

    /// <summary>Starts the silo of a place, again where it ended.</summary>
    public Task<SimSilo> StartSilo(int place)
    {
        var life = ++_lives[place];
        world.Strike(place == 0 ? Strike.FirstRestart : Strike.Restart, life > 1 ? 1 : 0);
        var process = new SimProcess(world, life == 1 ? $"silo{place}" : string.Create(CultureInfo.InvariantCulture, $"silo{place}.{life}"), Network, Disk, shape.AsOrleans);
        process.Slots.Slots = shape.Slots;
        process.Slots.LongestTask = shape.LongestTask;
        var settings = new SiloSettings
        {
            ClusterId = Name,
            Secret = s_secret,
            SiloPort = FirstSiloPort + place,
            GatewayPort = FirstGatewayPort + place,
            Primary = place == 0 ? null : $"127.0.0.1:{FirstSiloPort}",
            Seeds = [.. Enumerable.Range(0, shape.Silos).Select(other => $"127.0.0.1:{FirstSiloPort + other}")],
            // One disk for all silos, as a shared file system or a database would be.
            Storage = new StorageOptions { Folder = "/durable" },
            Dask = new DaskSiloOptions { Slots = shape.Slots, MemoryLimit = 1L << 30 },
        };

        // Assigned in the process: what follows an await out here would be nobody's event.
        var start = process.Run("silo", async () => _silos[place] = await SimSilo.StartAsync(process, settings, shape, Values));
        _starting[place] = (process, start);
        return start;
    }

    private Task<SimClient> StartClient(int number)
    {
        var process = new SimProcess(world, string.Create(CultureInfo.InvariantCulture, $"client{number}"), Network, Disk, shape.AsOrleans);
        var gateways = Enumerable.Range(0, shape.Silos).Select(place => new IPEndPoint(IPAddress.Loopback, FirstGatewayPort + place)).ToArray();
        return process.Run("client", () => SimClient.StartAsync(process, s_secret, gateways));
    }

    /// <summary>Lets the world run until something is done.</summary>
    public T Finish<T>(Task<T> task, string what)
    {
        if (!world.RunUntil(() => task.IsCompleted, TimeSpan.FromMinutes(2)))
        {
            throw new InvalidOperationException($"{what} did not end within two minutes of virtual time.");
        }

        return task.GetAwaiter().GetResult();
    }
}
