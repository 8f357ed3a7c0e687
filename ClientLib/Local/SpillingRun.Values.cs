using Orleans.Dask.Arrays;
using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Spilling;

namespace Orleans.Dask;

// Where values are. All of it under the gate, but for what the disk takes its time for.
internal sealed partial class SpillingRun
{
    // Those that may go to the disk, the one needed last on top. What has changed since it was put there is looked over.
    private readonly PriorityQueue<int, long> _victims = new();

    protected override object? Input(int id) => _values[id] ?? (object?)_entries[id].Spilled;

    /// <summary>Pins a task's inputs and speaks for its memory.</summary>
    /// <returns>False, and nothing has happened, where it has to wait for another one.</returns>
    private bool TryBegin(ref Started task)
    {
        var function = (_flat.Nodes[task.Id] as CallNode)?.Function;
        var reads = function is not ITakesSpilled { TakesSpilled: true };
        var (inputs, missing) = (0L, 0L);
        foreach (var input in _flat.Dependencies(task.Id))
        {
            ref var entry = ref _entries[input];
            entry.Pins++;
            inputs += entry.Bytes;
            if (reads && entry.Place is Place.Disk or Place.Reading && !(task.Missing ??= []).Contains(input))
            {
                task.Missing.Add(input);
                missing += entry.Bytes;
            }
        }

        var need = function is null ? 0 : _needs.Of(function, inputs);
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

        (task.HasPins, task.Reserved) = (true, wanted);
        _budget.Change(0, wanted);
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
            bytes -= _footprints.Leave(id, _values[id]);
            (task.Victims ??= []).Add(id);
        }

        return bytes <= 0;
    }

    private void PutBack(ref Started task)
    {
        foreach (var input in _flat.Dependencies(task.Id))
        {
            _entries[input].Pins--;
        }

        foreach (var id in task.Victims ?? [])
        {
            _entries[id].Place = Place.Memory;
            _footprints.Leave(id, _values[id], -1);
        }

        foreach (var id in (ReadOnlySpan<int>)[.. task.Victims ?? [], .. _flat.Dependencies(task.Id)])
        {
            Offer(id);
        }

        (task.Victims, task.Missing) = (null, null);
    }

    /// <summary>Writes the victims, then reads what a task misses.</summary>
    /// <returns>False where the disk does not do its part: the run has failed.</returns>
    private bool BringIn(Started task)
    {
        foreach (var id in task.Victims ?? [])
        {
            Write(id);
        }

        foreach (var id in task.Missing ?? [])
        {
            if (!TryRead(id, ref task))
            {
                return false;
            }
        }

        return Volatile.Read(ref _last) != Nothing;
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
        if (_flat.Nodes[id] is CallNode call && task.HasPins)
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
        foreach (var input in _flat.Dependencies(task.Id))
        {
            ref var entry = ref _entries[input];
            entry.Pins -= task.HasPins ? 1 : 0;
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
