using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.ClientLib.Tests.Arrays;

/// <summary>
/// Runs a graph as some threads in lockstep would, always the first ready tasks in order, and notes the most bytes of chunks
/// that were there at once. No clock and no collector has a say: the same graph gives the same figure on any machine.
/// </summary>
/// <remarks>
/// A chunk counts from the round that makes it, together with its inputs, until its last user has run; views count once, with
/// the whole buffer behind them. Values that the graph was given do not count, those that it hands back do.
/// </remarks>
internal sealed class MeasuringScheduler(int threads = 2) : IGraphScheduler
{
    private Dictionary<Array, int> _held = new(ReferenceEqualityComparer.Instance);
    private long _liveBytes;

    /// <summary>The most bytes of chunks at once, over all graphs that ran here.</summary>
    public long PeakBytes { get; private set; }

    /// <summary>How many functions were called.</summary>
    public int Calls { get; private set; }

    public async Task<object?[]> ComputeAsync(TaskGraph graph, IReadOnlyList<TaskKey> wanted, CancellationToken cancellationToken = default)
    {
        var flat = Optimizer.Run(graph, wanted);
        var values = new object?[flat.Count];
        var (missing, uses) = (new int[flat.Count], new int[flat.Count]);
        var ready = new PriorityQueue<int, int>();
        var given = new HashSet<Array>(ReferenceEqualityComparer.Instance);
        for (var id = 0; id < flat.Count; id++)
        {
            missing[id] = flat.Dependencies(id).Length;
            uses[id] = flat.Dependants(id).Length;
            if (flat.Nodes[id] is DataNode data)
            {
                given.UnionWith(Buffers(data.Value));
            }

            if (missing[id] == 0)
            {
                ready.Enqueue(id, id);
            }
        }

        foreach (var id in flat.Wanted)
        {
            uses[id]++;
        }

        var round = new List<int>();
        while (ready.Count > 0)
        {
            round.Clear();
            for (var calls = 0; calls < threads && ready.TryDequeue(out var id, out _);)
            {
                calls += flat.Nodes[id] is CallNode ? 1 : 0;
                round.Add(id);
                values[id] = await RunAsync(flat, id, values, cancellationToken);
                Hold(values[id], given, 1);
            }

            PeakBytes = Math.Max(PeakBytes, _liveBytes);
            foreach (var id in round)
            {
                foreach (var input in flat.Dependencies(id))
                {
                    if (--uses[input] == 0)
                    {
                        Hold(values[input], given, -1);
                        values[input] = null;
                    }
                }

                foreach (var dependant in flat.Dependants(id))
                {
                    if (--missing[dependant] == 0)
                    {
                        ready.Enqueue(dependant, dependant);
                    }
                }
            }
        }

        // What is handed back is the caller's from here on.
        (_held, _liveBytes) = (new(ReferenceEqualityComparer.Instance), 0);
        return LocalGraph.Results(flat, values);
    }

    public async Task<PersistedGraph> PersistAsync(TaskGraph graph, IReadOnlyList<TaskKey> wanted, CancellationToken cancellationToken = default) =>
        LocalGraph.Persisted(wanted, await ComputeAsync(graph, wanted, cancellationToken));

    private async ValueTask<object?> RunAsync(FlatGraph flat, int id, object?[] values, CancellationToken cancellationToken)
    {
        switch (flat.Nodes[id])
        {
            case DataNode data:
                return data.Value;
            case AliasNode:
                return values[flat.Dependencies(id)[0]];
            case CallNode call:
                Calls++;
                object?[] inputs = [.. flat.Dependencies(id).ToArray().Select(input => values[input])];
                return await call.Function.InvokeAsync(TaskArguments.Fill(call.Arguments, inputs), new TaskContext(call.Key, Attempt: 1, cancellationToken));
            case var other:
                throw LocalGraph.CannotRun(other);
        }
    }

    private void Hold(object? value, HashSet<Array> given, int change)
    {
        foreach (var buffer in Buffers(value).Where(buffer => !given.Contains(buffer)))
        {
            var before = _held.GetValueOrDefault(buffer);
            _held[buffer] = before + change;
            if (before + change == 0)
            {
                _held.Remove(buffer);
            }

            if (before == 0 || before + change == 0)
            {
                _liveBytes += change * Buffer.ByteLength(buffer);
            }
        }
    }

    /// <summary>What a value keeps alive, each buffer once.</summary>
    private static IEnumerable<Array> Buffers(object? value) => value switch
    {
        NDArray array => [array.Buffer],
        object?[] several => several.SelectMany(Buffers).Distinct<Array>(ReferenceEqualityComparer.Instance),
        _ => [],
    };
}
