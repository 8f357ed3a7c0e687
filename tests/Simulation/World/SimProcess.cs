using Orleans.Embedded;

namespace Orleans.Dask.Simulation.World;

/// <summary>
/// A process: everything of the outside world that a silo or client touches. It can crash, and then nothing of it happens any more;
/// it can hang, and then it all happens later.
/// </summary>
internal sealed class SimProcess
{
    public SimProcess(SimWorld world, string name, SimNetwork network, SimDisk disk, bool asOrleans = false)
    {
        World = world;
        Name = name;
        Time = new SimTime(this);
        Context = new SimContext(this);
        Turns = new SimTurns(this);
        Slots = new SimSlots(this);
        Network = network;
        Environment = new SiloEnvironment
        {
            Time = Time,
            Turns = Turns,
            Network = new ProcessDoor(network, this),
            Disk = disk,
            Randomness = new SimRandomness(world.Randomness),
            Executor = new SimDiskQueue(this, disk),
            CallsOutliveTheirSilo = asOrleans,
        };
    }

    public SimWorld World { get; }

    public string Name { get; }

    public bool IsAlive { get; private set; } = true;

    /// <summary>Its machine went with it: nobody refuses connections in its name.</summary>
    public bool EndedSilently { get; private set; }

    /// <summary>Virtual time (100 ns) until which nothing of it happens.</summary>
    public long HangsUntil { get; set; }

    /// <summary>How much longer its executor takes for everything.</summary>
    public int Slowness { get; set; } = 1;

    public TimeProvider Time { get; }

    public SimContext Context { get; }

    public SimTurns Turns { get; }

    public SimSlots Slots { get; }

    public SimNetwork Network { get; }

    public SiloEnvironment Environment { get; }

    /// <summary>Starts something in it; what follows its awaits stays there.</summary>
    public Task<T> Run<T>(string what, Func<Task<T>> start)
    {
        var done = new TaskCompletionSource<T>();
        World.Enqueue(new ActionEvent(this, "starts", what, () => _ = RunAsync(start, done)), World.Soon());
        return done.Task;
    }

    public Task Run(string what, Func<Task> start) => Run(what, async () =>
    {
        await start();
        return true;
    });

    /// <summary>Functions that have begun in it and wait for something.</summary>
    public int Running { get; set; }

    /// <summary>Something that happens in it after a while.</summary>
    public void After(TimeSpan pause, string kind, string? what, Action action) =>
        World.Enqueue(new ActionEvent(this, kind, what, action), World.Now + pause.Ticks);

    /// <summary>Ends it between two events. What it had on its disk stays.</summary>
    public void Crash(bool silently = false)
    {
        World.Note(this, "crash", silently ? "with its machine" : "");
        IsAlive = false;
        EndedSilently = silently;
        Network.Crashed(this, silently);
    }

    private static async Task RunAsync<T>(Func<Task<T>> start, TaskCompletionSource<T> done)
    {
        try
        {
            done.SetResult(await start());
        }
        catch (Exception e)
        {
            done.SetException(e);
        }
    }
}

/// <summary>Brings what follows an await back to its process as an event.</summary>
internal sealed class SimContext(SimProcess process) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state) => process.World.Enqueue(new PostEvent(process, d, state), process.World.Soon());

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    public override SynchronizationContext CreateCopy() => this;
}

/// <summary>One turn an event, in an order drawn from the seed.</summary>
internal sealed class SimTurns(SimProcess process) : ITurnScheduler
{
    public int TurnsPerRun => 1;

    public void Schedule(IThreadPoolWorkItem work) => process.World.Enqueue(new TurnEvent(process, work), process.World.Soon());

    public void Yield(IThreadPoolWorkItem work) => Schedule(work);
}

/// <summary>The engine's randomness, from the seed.</summary>
internal sealed class SimRandomness(SeededRandom random) : IRandomness
{
    public int Next(int limit) => random.Next(limit);

    public Guid NewGuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        FillSecret(bytes);
        return new Guid(bytes);
    }

    public void FillSecret(Span<byte> bytes)
    {
        foreach (ref var b in bytes)
        {
            b = (byte)random.Next(256);
        }
    }
}
