using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Session;

/// <summary>One pass of a graph to the scheduler, in as many messages as it takes.</summary>
internal sealed class GraphEmission(GraphSource source)
{
    private readonly List<(FunctionEntry? Function, Payload? Arguments, ScatteredSource? Scattered)> _prepared = [];
    private int _next;
    private int _end;

    public GraphSource Source => source;

    /// <summary>Some of it has been sent and some has not: nothing of it may be let go for want of dependants.</summary>
    public bool IsUnderWay => _next > 0 && !IsDone;

    public bool IsDone => _next == source.Graph.Count;

    /// <summary>True when the next nodes are encoded.</summary>
    public bool IsPrepared => _next < _end || IsDone;

    /// <summary>Encodes the next nodes, and writes large data into stores; no lock is held meanwhile, since codecs of users run here.</summary>
    public async Task PrepareAsync(SessionLink link, SessionOptions options, CancellationToken cancellationToken)
    {
        _prepared.Clear();
        var id = _next;
        for (var bytes = 0L; id < source.Graph.Count && _prepared.Count < options.MaxBatchTasks && bytes < options.MaxBatchBytes; id++)
        {
            var node = source.Graph.Nodes[id];
            FunctionEntry? function = null;
            Payload? arguments = null;
            ScatteredSource? scattered = null;
            switch (node)
            {
                case CallNode call:
                    function = source.Functions.Of(call.Function);
                    arguments = call.Arguments is null ? null : Limited(call, source.Functions.Coding.Encode(call.Arguments), options);
                    break;
                case DataNode data:
                    arguments = source.Functions.Coding.Encode(data.Value);
                    if (ValueCoding.SizeOf(arguments) > options.MaxArgumentBytes)
                    {
                        scattered = await link.ScatterAsync(node.Key, arguments, null, 1, cancellationToken);
                        arguments = null;
                    }

                    break;
            }

            bytes += arguments is null ? 0 : ValueCoding.SizeOf(arguments);
            _prepared.Add((function, arguments, scattered));
        }

        _end = id;
    }

    private static Payload Limited(CallNode call, Payload arguments, SessionOptions options) =>
        ValueCoding.SizeOf(arguments) <= options.MaxArgumentBytes ? arguments : throw new ArgumentException(
            $"The constant arguments of '{call.Key}' take {arguments.Length:N0} bytes, at most {options.MaxArgumentBytes:N0} travel with a task. "
            + "Make the large value a node of its own, or scatter it.");

    /// <summary>Writes what is prepared.</summary>
    /// <param name="writer">The message.</param>
    /// <param name="want">Notes that a state's key is wanted.</param>
    public void Write(BatchWriter writer, Action<FutureState> want)
    {
        var graph = source.Graph;
        for (var id = _next; id < _end; id++)
        {
            var node = graph.Nodes[id];
            var (function, arguments, scattered) = _prepared[id - _next];
            switch (node)
            {
                case FutureNode:
                    continue;
                case AliasNode:
                    writer.Task(node.Key, -1, writer.Wire(node.Dependencies), null);
                    break;
                case DataNode when scattered is not null:
                    writer.Scattered(node.Key, scattered);
                    break;
                case DataNode:
                    writer.Task(node.Key, 0, [], arguments);
                    break;
                default:
                    writer.Task(node.Key, function!, writer.Wire(node.Dependencies), arguments);
                    break;
            }

            if (source.Wanted.TryGetValue(id, out var state) && state.References > 0)
            {
                want(state);
            }
        }

        _prepared.Clear();
        _next = _end;
    }
}
