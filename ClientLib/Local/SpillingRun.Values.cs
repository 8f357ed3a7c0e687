using Orleans.Dask.Arrays;
using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Spilling;

namespace Orleans.Dask;

// Where values are. All of it under the gate, but for what the disk takes its time for.
internal sealed partial class SpillingRun
{
    // Those that may go to the disk, the one needed last on top. What has changed since it was put there is looked over.
    private readonly PriorityQueue<int, long> _victims = new();

    /// <summary>Pins the inputs that a task must have in memory, and speaks for its memory.</summary>
    /// <returns>False, and nothing has happened, where it has to wait for another one.</returns>
    private bool TryBegin(ref Started task)
    {
        var function = (_flat.Nodes[task.Id] as CallNode)?.Function;
        var takesSpilled = function is ITakesSpilled { TakesSpilled: true };
        var (inputs, missing) = (0L, 0L);
        task.Pins = [];
        foreach (var input in _flat.Dependencies(task.Id))
        {
            ref var entry = ref _entries[input];
            inputs += entry.Bytes;
            var isAway = entry.Place is Place.Disk or Place.Reading;
            if (takesSpilled && (isAway ? entry.Spilled!.IsRaw : _values[input] is IRawValue or IRawValue?[]))
            {
                // Wherever it is, and if it is in the way it goes to the disk.
                continue;
            }

            entry.Pins++;
            task.Pins.Add(input);
            if (isAway && !(task.Missing ??= []).Contains(input))
            {
                task.Missing.Add(input);
                missing += entry.Bytes;
            }
        }

        var need = function is null ? 0 : _needs.Of(function, takesSpilled ? 0 : inputs);
        var wanted = missing + (need ?? inputs);
        if ((need is null || !TryMakeRoom(wanted - _budget.Free, ref task)) && _running > 0)
        {
            PutBack(ref task);
            return false;
        }

        if (function is not null)
        {
            _needs.Try(function);
        }

        // What the victims have is this task's already; it begins when they are gone.
        task.Reserved = wanted;
        _budget.Change(0, wanted - (task.Victims ?? []).Sum(id => _entries[id].Leaving));
        return true;
    }

    private bool TryMakeRoom(long bytes, ref Started task)
    {
        while (bytes > 0 && _victims.TryDequeue(out var id, out var key))
        {
            ref var entry = ref _entries[id];
            if (entry.Place != Place.Memory || entry.Pins > 0 || _uses[id] == 0 || key != -NextUse(id))
            {
                continue;
            }

            if (entry.Spilled is not null)
            {
                bytes -= Drop(id);
                continue;
            }

            entry.Place = Place.Writing;
            bytes -= entry.Leaving = _footprints.Leave(id, _values[id]);
            (task.Victims ??= []).Add(id);
        }

        return bytes <= 0;
    }

    private void PutBack(ref Started task)
    {
        foreach (var id in task.Victims ?? [])
        {
            _entries[id].Place = Place.Memory;
            _footprints.Leave(id, _values[id], -1);
            Offer(id);
        }

        Unpin(task);
        (task.Victims, task.Missing, task.Pins) = (null, null, null);
    }

    private void Unpin(Started task)
    {
        foreach (var id in task.Pins ?? [])
        {
            _entries[id].Pins--;
            Offer(id);
        }
    }

    /// <summary>Writes the victims, then reads what a task misses.</summary>
    /// <returns>The task's inputs, on the disk still where its function takes them so; null where the disk does not do its part and the run has failed.</returns>
    private object?[]? BringIn(ref Started task)
    {
        foreach (var id in task.Victims ?? [])
        {
            Write(id);
        }

        foreach (var id in task.Missing ?? [])
        {
            if (!TryRead(id, ref task))
            {
                return null;
            }
        }

        lock (_gate)
        {
            var dependencies = _flat.Dependencies(task.Id);
            var inputs = new object?[dependencies.Length];
            for (var i = 0; i < inputs.Length; i++)
            {
                var id = dependencies[i];
                if (_entries[id].Place is Place.Disk or Place.Reading)
                {
                    inputs[i] = _entries[id].Spilled;
                    continue;
                }

                inputs[i] = _values[id];
                _entries[id].Pins++;
                task.Pins!.Add(id);
            }

            return Volatile.Read(ref _last) == Nothing ? null : inputs;
        }
    }

    private void Write(int id)
    {
        SpilledValue? spilled = null;
        try
        {
            spilled = SpilledValue.Write(_file, _values[id]!);
        }
        catch (PayloadException)
        {
            // Some values can't be encoded: those stay in memory.
            spilled = null;
        }
        catch (Exception thrown)
        {
            FailAll(new SpillException(
                $"The values at hand exceed the memory limit of {_budget.Limit:N0} bytes, and '{_flat.Nodes[id].Key}' could not be put on the disk ({_file.Folder ?? "no folder could be made"}): {thrown.Message} "
                + "Make room there, name another spill folder, or raise the limit.", thrown));
        }

        lock (_gate)
        {
            ref var entry = ref _entries[id];
            _footprints.Leave(id, _values[id], -1);
            (entry.Place, entry.Spilled, entry.Stays) = (Place.Memory, spilled, spilled is null);
            if (_uses[id] == 0)
            {
                Release(id);
            }
            else if (spilled is not null && entry.Pins == 0)
            {
                Drop(id);
            }

            _budget.Change(0, entry.Leaving);
        }
    }

    private bool TryRead(int id, ref Started task)
    {
        lock (_gate)
        {
            // Another thread reads it, which waits for nobody.
            while (_entries[id].Place == Place.Reading)
            {
                Monitor.Wait(_gate);
            }

            if (_entries[id].Place != Place.Disk)
            {
                task.Reserved -= _entries[id].Bytes;
                _budget.Change(0, -_entries[id].Bytes);
                return true;
            }

            _entries[id].Place = Place.Reading;
        }

        object? value = null;
        try
        {
            value = _entries[id].Spilled!.Read();
            Lent.Hold(value);
        }
        catch (Exception thrown)
        {
            FailAll(new SpillException($"'{_flat.Nodes[id].Key}' could not be read back from the disk ({_file.Folder}): {thrown.Message}", thrown));
        }

        lock (_gate)
        {
            ref var entry = ref _entries[id];
            entry.Place = value is null ? Place.Disk : Place.Memory;
            if (value is not null)
            {
                _values[id] = value;
                task.Reserved -= entry.Bytes;
                _budget.Change(_footprints.Add(id, value), -entry.Bytes);
            }

            Monitor.PulseAll(_gate);
            return value is not null;
        }
    }

    /// <summary>A task's value is there.</summary>
    private void Keep(Started task, object? value)
    {
        var id = task.Id;
        ref var entry = ref _entries[id];
        _values[id] = value;
        entry.IsDone = true;
        var held = 0L;
        if (_isWanted[id])
        {
            _footprints.Exempt(value);
            entry.Place = Place.Given;
        }
        else
        {
            held = _footprints.Add(id, value);
            entry.Place = Place.Memory;
        }

        entry.Bytes = _footprints.SizeOf(id, value);
        _budget.Change(held, -task.Reserved);
        Offer(id);
        if (_flat.Nodes[id] is CallNode call && task.Pins is not null)
        {
            Learn(call.Function, task, value);
        }
    }

    private void Learn(TaskFunction function, Started task, object? value)
    {
        if (value is null)
        {
            _needs.Forget(function);
            return;
        }

        var inputs = 0L;
        foreach (var input in _flat.Dependencies(task.Id))
        {
            inputs += _entries[input].Bytes;
        }

        _needs.Learn(function, inputs, _entries[task.Id].Bytes, task.Allocated);
    }

    private void LetInputsGo(Started task)
    {
        Unpin(task);
        foreach (var input in _flat.Dependencies(task.Id))
        {
            ref var entry = ref _entries[input];
            if (--_uses[input] == 0)
            {
                Release(input);
                continue;
            }

            var users = _flat.Dependants(input);
            while (entry.NextUser < users.Length && _entries[users[entry.NextUser]].IsDone)
            {
                entry.NextUser++;
            }

            Offer(input);
        }
    }

    /// <summary>The number of the task that needs a value next.</summary>
    private long NextUse(int id)
    {
        var users = _flat.Dependants(id);
        var next = _entries[id].NextUser;
        return next < users.Length ? users[next] : Everything;
    }

    private void Offer(int id)
    {
        ref var entry = ref _entries[id];
        if (entry is { Place: Place.Memory, Pins: 0, Stays: false } && _footprints.IsWorthSpilling(id, _values[id]))
        {
            _victims.Enqueue(id, -NextUse(id));
        }
    }

    /// <summary>From memory, as it is on the disk.</summary>
    private long Drop(int id)
    {
        var bytes = Forget(id);
        _entries[id].Place = Place.Disk;
        return bytes;
    }

    /// <summary>Nobody needs it any more.</summary>
    private void Release(int id)
    {
        ref var entry = ref _entries[id];
        switch (entry.Place)
        {
            case Place.Writing:
                // Whoever writes it finds that out.
                return;
            case Place.Memory:
                Forget(id);
                break;
            default:
                _values[id] = null;
                break;
        }

        entry.Spilled?.Dispose();
        (entry.Spilled, entry.Place) = (null, Place.Nowhere);
    }

    private long Forget(int id)
    {
        var bytes = _footprints.Remove(id, _values[id]);
        _budget.Change(-bytes, 0);
        Lent.LetGo(_values[id]);
        _values[id] = null;
        return bytes;
    }
}
