using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Grains.Scheduling;

/// <summary>What a task is made from: the edges of the graph, and the graphs that can be none.</summary>
internal sealed partial class SchedulerState
{
    /// <summary>Why a task can never run, as it has just been defined; null: it can.</summary>
    private string? Unfit(int task, TaskSpec spec)
    {
        if (MessageLimits.TooLarge(_tasks.Key(task), spec.Arguments, spec.Dependencies.Length) is { } tooLarge)
        {
            return tooLarge;
        }

        if (_largeFunctions.Count > 0 && _largeFunctions.TryGetValue(spec.Function, out var bytes))
        {
            return $"The function of '{_tasks.Key(task)}' takes {bytes:N0} bytes with what it captured, at most {MessageLimits.ItemBytes:N0} travel with a function. "
                + "Pass the large value as an argument, or scatter it and pass its future.";
        }

        // Only what others depended on before it was defined can close a circle.
        return _tasks[task].FirstDependant >= 0 && _tasks[task].EdgeCount > 0 ? Cycle(task) : null;
    }

    /// <summary>A way round from a task through what it is made from, as text; null: there is none.</summary>
    private string? Cycle(int task)
    {
        var takenBy = new Dictionary<int, int>();
        var pending = new Stack<int>([task]);
        while (pending.TryPop(out var next))
        {
            ref var record = ref _tasks[next];
            for (var i = record.FirstEdge; i < record.FirstEdge + record.EdgeCount; i++)
            {
                var input = _edges[i].Dependency;
                if (!takenBy.TryAdd(input, next))
                {
                    continue;
                }

                if (input == task)
                {
                    return $"'{_tasks.Key(task)}' would have to be there before it is made: {Way(task, takenBy)}. Break the cycle; a task depends on values made before it.";
                }

                pending.Push(input);
            }
        }

        return null;
    }

    /// <summary>At most the first and last few keys of a way round.</summary>
    private string Way(int task, Dictionary<int, int> takenBy)
    {
        const int Shown = 4;
        var keys = new List<string> { _tasks.Key(task).ToString() };
        for (var at = takenBy[task]; at != task; at = takenBy[at])
        {
            keys.Add(_tasks.Key(at).ToString());
        }

        keys.Add(keys[0]);
        return string.Join(" -> ", keys.Count <= 2 * Shown ? keys : [.. keys.Take(Shown), "...", .. keys.TakeLast(Shown)]);
    }

    /// <summary>Whether a task that was given up is made from just what it was made from before: then nothing about its place in the graph changes.</summary>
    private bool HasEdges(int task, string[] layers, WireKey[] dependencies)
    {
        ref var record = ref _tasks[task];
        var same = record.EdgeCount == dependencies.Length && record.EdgeCount > 0;
        for (var i = 0; same && i < dependencies.Length; i++)
        {
            same = _edges[record.FirstEdge + i].Dependency == Find(layers, dependencies[i]);
        }

        return same;
    }

    private void AddEdges(int task, string[] layers, WireKey[] dependencies)
    {
        var first = _edges.Rent(dependencies.Length);
        for (var i = 0; i < dependencies.Length; i++)
        {
            var dependency = Find(layers, dependencies[i]);
            if (dependency < 0)
            {
                dependency = _tasks.Add(layers[dependencies[i].Layer], dependencies[i].Index);
                Fail(dependency, OwnError(dependency, new GraphException(
                    $"Nothing makes '{_tasks.Key(dependency)}', which '{_tasks.Key(task)}' depends on. Submit it before, or keep its future until then.")));
            }

            ref var edge = ref _edges[first + i];
            ref var target = ref _tasks[dependency];
            edge.Task = task;
            edge.Dependency = dependency;
            edge.Previous = TaskRecord.None;
            edge.Next = target.FirstDependant;
            if (edge.Next >= 0)
            {
                _edges[edge.Next].Previous = first + i;
            }

            target.FirstDependant = first + i;
        }

        ref var record = ref _tasks[task];
        record.FirstEdge = first;
        record.EdgeCount = dependencies.Length;
    }

    private void RemoveEdges(int task)
    {
        ref var record = ref _tasks[task];
        for (var i = record.FirstEdge; i < record.FirstEdge + record.EdgeCount; i++)
        {
            ref var edge = ref _edges[i];
            if (edge.Previous >= 0)
            {
                _edges[edge.Previous].Next = edge.Next;
            }
            else
            {
                _tasks[edge.Dependency].FirstDependant = edge.Next;
            }

            if (edge.Next >= 0)
            {
                _edges[edge.Next].Previous = edge.Previous;
            }

            _toForget.Push(edge.Dependency);
        }

        _edges.Return(record.FirstEdge, record.EdgeCount);
        record.EdgeCount = 0;
    }
}
