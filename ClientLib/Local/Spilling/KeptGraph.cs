using Orleans.Dask.Arrays;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Spilling;

/// <summary>Persisted values some of which lie on the disk: each is a task that reads it.</summary>
internal sealed class KeptGraph : PersistedGraph, IDisposable
{
    // One for all, so that schedulers learn what it takes. Whoever asks has a value of his own, or one that its owner lets go last.
    private static readonly KernelFunction s_read = new("persisted", static arguments => ((KeptValue)arguments[0]!).Read(), lends: true);

    private readonly KeptValues? _values;

    /// <param name="wanted">Their names.</param>
    /// <param name="results">Per name a <see cref="KeptValue"/>, or what the graph was given.</param>
    /// <param name="values">Whose they are.</param>
    public KeptGraph(IReadOnlyList<TaskKey> wanted, object?[] results, KeptValues? values)
        : base(GraphOf(wanted, results)) => _values = values;

    public void Dispose() => _values?.Dispose();

    /// <summary>For those who run graphs elsewhere: values in place of the tasks that would read them here.</summary>
    public static FlatGraph Load(FlatGraph graph)
    {
        foreach (var node in graph.Nodes)
        {
            if (node is CallNode { Arguments: [KeptValue] })
            {
                return graph.Select(static n => n is CallNode { Arguments: [KeptValue kept] } ? new DataNode(n.Key, kept.Read()) : n);
            }
        }

        return graph;
    }

    private static TaskGraph GraphOf(IReadOnlyList<TaskKey> wanted, object?[] results)
    {
        var builder = new TaskGraphBuilder();
        var seen = new HashSet<TaskKey>();
        for (var i = 0; i < results.Length; i++)
        {
            if (seen.Add(wanted[i]))
            {
                builder.Add(results[i] is KeptValue kept ? new CallNode(wanted[i], s_read, [], [kept]) : new DataNode(wanted[i], results[i]));
            }
        }

        return builder.Build();
    }
}
