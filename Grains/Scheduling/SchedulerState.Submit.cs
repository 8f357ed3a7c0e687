using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Grains.Scheduling;

/// <summary>What a client asks for.</summary>
internal sealed partial class SchedulerState
{
    private readonly Dictionary<TaskKey, List<(int Worker, long Bytes)>> _found = [];
    private readonly List<int> _claimed = [];
    private readonly List<int> _defined = [];
    private readonly Dictionary<int, long> _ensuredUntil = [];

    /// <summary>Functions that fit into no message, with their bytes.</summary>
    private readonly Dictionary<int, long> _largeFunctions = [];
    private long _foundUntil;
    private long _submitted;
    private long _priority;
    private bool _holdForget;

    private void OnSubmitted(SubmitBatch batch)
    {
        if (batch.Sequence <= _submitted && !Planted.BatchesCountNoMore)
        {
            return;
        }

        _submitted = batch.Sequence;
        foreach (var function in batch.Functions)
        {
            if (MessageLimits.SizeOf(function.Function) > MessageLimits.ItemBytes)
            {
                _largeFunctions[function.Number] = MessageLimits.SizeOf(function.Function);
            }
        }

        foreach (var scattered in batch.Scattered)
        {
            OnScattered(batch.Layers, scattered);
        }

        foreach (var spec in batch.Tasks)
        {
            Define(batch.Layers, spec);
        }

        foreach (var key in batch.Wanted)
        {
            Want(batch.Layers[key.Layer], key.Index);
        }

        foreach (var key in batch.Unwanted)
        {
            if (Find(batch.Layers, key) is var task and >= 0)
            {
                _tasks[task].Flags &= ~TaskFlags.Wanted;
                _toDrop.Push(task);
            }
        }

        foreach (var key in batch.Cancelled)
        {
            if (Find(batch.Layers, key) is var task and >= 0)
            {
                Cancel(task);
            }
        }

        _holdForget = batch.More;
        if (!batch.More)
        {
            // Only now is it known whether a value found on a worker is of use.
            foreach (var task in _claimed)
            {
                _toDrop.Push(task);
            }

            _claimed.Clear();

            // And only now, whether a task is part of what is wanted.
            foreach (var task in _defined)
            {
                _toForget.Push(task);
            }

            _defined.Clear();
        }
    }

    private int Find(string[] layers, WireKey key) => _tasks.Find(_tasks.FindLayer(layers[key.Layer]), key.Index);

    private void OnScattered(string[] layers, ScatteredValue scattered)
    {
        var task = Find(layers, scattered.Key);
        if (task < 0)
        {
            task = _tasks.Add(layers[scattered.Key.Layer], scattered.Key.Index);
            if (Claim(task))
            {
                _defined.Add(task);
            }
        }

        if (scattered.IsKept && _tasks[task].Function == TaskRecord.Scattered)
        {
            _tasks[task].Function = TaskRecord.Kept;
        }

        if (!_workersByAddress.TryGetValue(scattered.Worker, out var worker))
        {
            if (scattered.IsKept)
            {
                // Released, it is asked for when it is needed; already waited for, it went where nobody is any more.
                if (_tasks[task].State == TaskState.Waiting)
                {
                    TellClient(task, TaskStatusCode.Lost);
                }
                else
                {
                    _defined.Add(task);
                }
            }
            else if (_tasks[task].State == TaskState.Released)
            {
                Fail(task, OwnError(task, new ValueLostException($"'{_tasks.Key(task)}' was scattered to {scattered.Worker}, which is gone. Scatter it again.")));
            }

            return;
        }

        if (_tasks[task].State is TaskState.Failed or TaskState.Cancelled)
        {
            Revive(task);
        }

        if (_tasks[task].State == TaskState.Memory)
        {
            AddHolder(task, worker.Number);
        }
        else if (_tasks[task].State == TaskState.Released)
        {
            Hold(task, worker.Number, scattered.Bytes);
            _claimed.Add(task);
            _defined.Add(task);
        }
        else if (_tasks[task].State == TaskState.Waiting && _tasks[task].Function == TaskRecord.Kept)
        {
            Hold(task, worker.Number, scattered.Bytes);
            if (_tasks[task].IsWanted)
            {
                TellClient(task, TaskStatusCode.Finished);
            }
        }
    }

    private void Define(string[] layers, TaskSpec spec)
    {
        var task = Find(layers, spec.Key);
        if (task < 0)
        {
            task = _tasks.Add(layers[spec.Key.Layer], spec.Key.Index);
        }
        else if (_tasks[task].State == TaskState.Cancelled || (_tasks[task].State == TaskState.Failed && !_tasks[task].IsWanted))
        {
            Revive(task);
            if (!HasEdges(task, layers, spec.Dependencies))
            {
                RemoveEdges(task);
            }
        }
        else
        {
            // The same key means the same value: what is known of it stays.
            return;
        }

        ref var record = ref _tasks[task];
        record.Function = spec.Function;
        record.Arguments = spec.Arguments;
        record.Priority = ++_priority;
        _defined.Add(task);
        if (record.EdgeCount == 0)
        {
            AddEdges(task, layers, spec.Dependencies);
        }

        if (Unfit(task, spec) is { } reason)
        {
            RemoveEdges(task);
            Fail(task, OwnError(task, new GraphException(reason)));
            return;
        }

        Claim(task);
    }

    /// <summary>Workers that were found to hold the value hold it for this task now; what nobody claims is let go after a while.</summary>
    /// <returns>Whether there are such.</returns>
    private bool Claim(int task)
    {
        if (_found.Count == 0 || !_found.Remove(_tasks.Key(task), out var holders))
        {
            return false;
        }

        foreach (var (worker, bytes) in holders)
        {
            if (!_workers[worker].Alive)
            {
                continue;
            }

            if (_tasks[task].State == TaskState.Memory)
            {
                AddHolder(task, worker);
            }
            else
            {
                Hold(task, worker, bytes);
                _claimed.Add(task);
            }
        }

        return _tasks[task].State == TaskState.Memory;
    }

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

    private void Want(string layer, int index)
    {
        var task = _tasks.Find(_tasks.FindLayer(layer), index);
        if (task < 0)
        {
            task = _tasks.Add(layer, index);
            Fail(task, OwnError(task, new GraphException($"Nothing makes '{_tasks.Key(task)}'. Submit its task with it, or before.")));
        }

        ref var record = ref _tasks[task];
        record.Flags |= TaskFlags.Wanted;
        switch (record.State)
        {
            case TaskState.Released: _toActivate.Push(task); break;
            case TaskState.Memory: TellClient(task, TaskStatusCode.Finished); break;
            case TaskState.Failed: TellClient(task, TaskStatusCode.Failed, error: _errors[task]); break;
            case TaskState.Cancelled: TellClient(task, TaskStatusCode.Cancelled); break;
        }
    }

    private void OnEnsured(TaskKey key)
    {
        var task = _tasks.Find(key);
        if (task < 0)
        {
            return;
        }

        ref var record = ref _tasks[task];
        if (record.State is TaskState.Failed or TaskState.Cancelled)
        {
            return;
        }

        record.Flags |= TaskFlags.Ensured;
        _ensuredUntil[task] = _now + _options.EnsuredFor.Ticks;
        if (record.State == TaskState.Released)
        {
            _toActivate.Push(task);
        }
    }

    /// <summary>Gives up a task and all that would be made from it.</summary>
    private void Cancel(int first)
    {
        var pending = new Stack<int>([first]);
        while (pending.TryPop(out var task))
        {
            ref var record = ref _tasks[task];
            if (record.State is TaskState.Failed or TaskState.Cancelled || (record.State is TaskState.Memory or TaskState.Released && task != first))
            {
                continue;
            }

            if (record.IsWanted)
            {
                TellClient(task, TaskStatusCode.Cancelled);
            }

            if (record.State == TaskState.Memory)
            {
                ReleaseHolders(task);
                ValueLeft(task);
            }
            else
            {
                LeaveActive(task);
                StopRun(task);
            }

            record.State = TaskState.Cancelled;
            record.Flags &= ~TaskFlags.Ensured;
            _ensuredUntil.Remove(task);
            for (var edge = record.FirstDependant; edge >= 0; edge = _edges[edge].Next)
            {
                pending.Push(_edges[edge].Task);
            }

            _toForget.Push(task);
        }
    }
}
