using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Session;

/// <summary>One pass of a graph to the scheduler, in as many messages as it takes.</summary>
internal sealed class GraphEmission(GraphSource source)
{
    private readonly List<(FunctionEntry? Function, Payload? Arguments, ScatteredSource? Scattered)> _prepared = [];
    private int _first;
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
                    arguments = Limited(call, call.Arguments is null ? null : source.Functions.Coding.Encode(call.Arguments));
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

            bytes += MessageLimits.SizeOf(arguments, node.Dependencies.Length);
            _prepared.Add((function, arguments, scattered));
        }

        (_first, _end) = (_next, id);
    }

    private static Payload? Limited(CallNode call, Payload? arguments) =>
        MessageLimits.TooLarge(call.Key, arguments, call.Dependencies.Length) is { } tooLarge ? throw new ArgumentException(tooLarge) : arguments;

    /// <summary>Writes what is prepared, as far as it fits.</summary>
    /// <param name="writer">The message.</param>
    /// <param name="want">Notes that a state's key is wanted.</param>
    /// <returns>False where some is left for the next message.</returns>
    public bool Write(BatchWriter writer, Action<FutureState> want)
    {
        var graph = source.Graph;
        for (; _next < _end; _next++)
        {
            var node = graph.Nodes[_next];
            var (function, arguments, scattered) = _prepared[_next - _first];
            if (!writer.HasRoomFor(function, arguments, node.Dependencies.Length))
            {
                return false;
            }

            switch (node)
            {
                case FutureNode:
                    continue;
                case AliasNode:
                    writer.Task(node.Key, -1, writer.Wire(node.Dependencies), null);
                    break;
                case DataNode when scattered is not null:
                    writer.Scattered(node.Key, scattered, isKept: true);
                    break;
                case DataNode:
                    writer.Task(node.Key, 0, [], arguments);
                    break;
                default:
                    writer.Task(node.Key, function!.Number, writer.Wire(node.Dependencies), arguments);
                    break;
            }

            if (source.Wanted.TryGetValue(_next, out var state) && state.References > 0)
            {
                want(state);
            }
        }

        _prepared.Clear();
        return true;
    }
}
