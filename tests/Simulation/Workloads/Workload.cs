using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Simulation.Cluster;
using Orleans.Dask.Simulation.World;

namespace Orleans.Dask.Simulation.Workloads;

/// <summary>
/// What a client's program does in a run, and how it knows that what it got is right. To add one: derive, and enter it in
/// <see cref="All"/>. Futures that it makes it keeps (<see cref="Keep"/>) or disposes itself: one that the collector finds would
/// end at no fixed time.
/// </summary>
internal abstract class Workload
{
    private readonly List<IDisposable> _kept = [];

    /// <summary>By the names that <c>--workload</c> takes.</summary>
    public static IReadOnlyDictionary<string, Func<Workload>> All { get; } = new SortedDictionary<string, Func<Workload>>(StringComparer.Ordinal)
    {
        ["cluster-streams"] = static () => new ClusterStreamsWorkload(),
        ["again"] = static () => new AgainWorkload(),
        ["code"] = static () => new CodeWorkload(),
        ["futures"] = static () => new FuturesWorkload(),
        ["graphs"] = static () => new GraphWorkload(),
        ["long"] = static () => new LongWorkload(),
        ["scatter"] = static () => new ScatterWorkload(),
        ["sessions"] = static () => new SessionsWorkload(),
        ["storage"] = static () => new StorageWorkload(),
        ["streams"] = static () => new StreamsWorkload(),
    };

    // In the order in which they came.
    private static readonly string[] s_later = ["cluster-streams"];

    /// <summary>The name of the workload that a seed runs. One that is added takes its share from all, and the other seeds stay what they were.</summary>
    public static string Of(long seed)
    {
        var first = All.Keys.Except(s_later).Except(Harsh).ToArray();
        var name = first[(int)((ulong)seed % (ulong)first.Length)];
        for (var i = 0; i < s_later.Length; i++)
        {
            name = SeededRandom.For(seed, s_later[i]).Next(first.Length + i + 1) == 0 ? s_later[i] : name;
        }

        return name;
    }

    /// <summary>Those that are not drawn by a seed but asked for by name, in a harsher world: the seeds of the others stay what they are.</summary>
    public static IReadOnlyList<string> Harsh { get; } = ["again", "long", "sessions"];

    /// <summary>Where it runs: how it knows what may excuse an error.</summary>
    public SimCluster Cluster { get; set; } = null!;

    /// <summary>Runs in the client's process.</summary>
    /// <exception cref="WrongAnswerException">What came is not what the oracle says.</exception>
    public abstract Task RunAsync(SimClient client, SeededRandom random);

    /// <summary>Lets all kept futures go, in the client's process.</summary>
    public void Release()
    {
        foreach (var kept in _kept)
        {
            kept.Dispose();
        }
    }

    /// <summary>Whether a task may begin again though nothing went wrong. What threw left no value: a new scheduler that is asked for it has it tried again.</summary>
    public virtual bool MayBeginTwice(TaskKey key) => key.Layer.StartsWith(nameof(TaskFunctions.Throws), StringComparison.Ordinal);

    protected T Keep<T>(T future)
        where T : IDisposable
    {
        _kept.Add(future);
        return future;
    }

    protected static void Same<T>(T expected, T found, string what)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, found))
        {
            throw new WrongAnswerException($"{what} is {found}, expected {expected}.");
        }
    }

    /// <summary>The client's program does something else for a while: most do not press all keys at once.</summary>
    protected static Task PauseAsync(SimClient client, SeededRandom random) =>
        random.Chance(0.5) ? Task.CompletedTask : Task.Delay(random.Span(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(6)), client.Process.Time);

    /// <summary>
    /// Errors that what befell the cluster explains: a task that was on three dying silos, a value that nothing can make again. That a
    /// silo left in good order explains nothing. All others are defects.
    /// </summary>
    protected bool IsExcused(Exception error) => error switch
    {
        KilledTaskException => Cluster.Deaths + Cluster.Suspects >= 3,
        ValueLostException => Cluster.Deaths + Cluster.Suspects > 0,
        TaskFailedException { InnerException: { } inner } => IsExcused(inner),
        _ => false,
    };
}

/// <summary>A run gave another answer than the sequential oracle.</summary>
internal sealed class WrongAnswerException(string message) : Exception(message);
