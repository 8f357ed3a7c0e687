using System.Globalization;
using System.Net;
using Orleans.Dask.Silo.Hosting;
using Orleans.Dask.Simulation.World;

namespace Orleans.Dask.Simulation.Cluster;

/// <summary>How large a cluster is.</summary>
internal sealed record ClusterShape(int Silos, int Clients, int Slots);

/// <summary>Silos and clients of one world.</summary>
internal sealed class SimCluster(SimWorld world, ClusterShape shape)
{
    private const int FirstSiloPort = 11111;
    private const int FirstGatewayPort = 30000;
    private static readonly string s_secret = Convert.ToHexString([.. Enumerable.Range(0, 32).Select(i => (byte)(i * 7))]);

    private readonly SimSilo?[] _silos = new SimSilo?[shape.Silos];
    private readonly int[] _lives = new int[shape.Silos];
    private readonly List<SimClient> _clients = [];

    public SimWorld World => world;

    public ClusterShape Shape => shape;

    public SimNetwork Network { get; } = new(world);

    /// <summary>One for all silos.</summary>
    public SimDisk Disk { get; } = new();

    /// <summary>Silos whose process lives and that have not been told to stop.</summary>
    public IEnumerable<SimSilo> Living => _silos.Where(silo => silo is { Process.IsAlive: true, Silo.IsStopping: false })!;

    public IReadOnlyList<SimClient> Clients => _clients;

    public SimSilo? this[int place] => _silos[place];

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

    /// <summary>Starts the silo of a place, again where it ended.</summary>
    public Task<SimSilo> StartSilo(int place)
    {
        var life = ++_lives[place];
        var process = new SimProcess(world, life == 1 ? $"silo{place}" : string.Create(CultureInfo.InvariantCulture, $"silo{place}.{life}"), Network, Disk);
        process.Slots.Slots = shape.Slots;
        var settings = new SiloSettings
        {
            ClusterId = "simulation",
            Secret = s_secret,
            SiloPort = FirstSiloPort + place,
            GatewayPort = FirstGatewayPort + place,
            Primary = place == 0 ? null : $"127.0.0.1:{FirstSiloPort}",
            Dask = new DaskSiloOptions { Slots = shape.Slots, MemoryLimit = 1L << 30 },
        };

        // Assigned in the process: what follows an await out here would be nobody's event.
        return process.Run("silo", async () => _silos[place] = await SimSilo.StartAsync(process, settings));
    }

    private Task<SimClient> StartClient(int number)
    {
        var process = new SimProcess(world, string.Create(CultureInfo.InvariantCulture, $"client{number}"), Network, Disk);
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
