using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask;

/// <summary>Runs a graph task by task on the caller's thread. Short enough to trust, it judges all other schedulers; and a debugger likes it.</summary>
/// <param name="optimize">False to run the graph as it was made, so that the optimiser is judged as well.</param>
public sealed class SynchronousScheduler(bool optimize = true) : IGraphScheduler
{
    /// <inheritdoc/>
    public async Task<object?[]> ComputeAsync(TaskGraph graph, IReadOnlyList<TaskKey> wanted, CancellationToken cancellationToken = default)
    {
        var flat = optimize ? Optimizer.Run(graph, wanted) : FlatGraph.Of(graph, wanted);
        var values = new object?[flat.Count];
        var uses = Uses(flat);
        for (var id = 0; id < flat.Count; id++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            values[id] = flat.Nodes[id] switch
            {
                DataNode data => data.Value,
                AliasNode => values[flat.Dependencies(id)[0]],
                CallNode call => await RunAsync(call, Inputs(flat, id, values), cancellationToken),
                var other => throw LocalGraph.CannotRun(other),
            };
            Release(flat, id, values, uses);
        }

        return LocalGraph.Results(flat, values);
    }

    /// <inheritdoc/>
    public async Task<PersistedGraph> PersistAsync(TaskGraph graph, IReadOnlyList<TaskKey> wanted, CancellationToken cancellationToken = default) =>
        LocalGraph.Persisted(wanted, await ComputeAsync(graph, wanted, cancellationToken));

    private static async ValueTask<object?> RunAsync(CallNode call, object?[] inputs, CancellationToken cancellationToken)
    {
        try
        {
            return await call.Function.InvokeAsync(TaskArguments.Fill(call.Arguments, inputs), new TaskContext(call.Key, Attempt: 1, cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception thrown)
        {
            throw new TaskFailedException(call.Key, worker: null, attempt: 1, thrown);
        }
    }

    private static object?[] Inputs(FlatGraph flat, int id, object?[] values)
    {
        var dependencies = flat.Dependencies(id);
        var inputs = new object?[dependencies.Length];
        for (var i = 0; i < inputs.Length; i++)
        {
            inputs[i] = values[dependencies[i]];
        }

        return inputs;
    }

    // A wanted value has one user more, who never comes: the caller.
    private static int[] Uses(FlatGraph flat)
    {
        var uses = new int[flat.Count];
        for (var id = 0; id < uses.Length; id++)
        {
            uses[id] = flat.Dependants(id).Length;
        }

        foreach (var id in flat.Wanted)
        {
            uses[id]++;
        }

        return uses;
    }

    private static void Release(FlatGraph flat, int id, object?[] values, int[] uses)
    {
        foreach (var input in flat.Dependencies(id))
        {
            if (--uses[input] == 0)
            {
                values[input] = null;
            }
        }
    }
}
