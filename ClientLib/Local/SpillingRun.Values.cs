using Orleans.Dask.Arrays;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask;

// Values that came, are needed, and go. All of it under the gate.
internal sealed partial class SpillingRun
{
    /// <summary>A task's value is there.</summary>
    private void Keep(Started task, object? value)
    {
        var id = task.Id;
        ref var entry = ref _entries[id];
        _values[id] = value;
        entry.IsDone = true;
        if (_isWanted[id])
        {
            _footprints.Exempt(value);
            entry.Place = Place.Given;
        }
        else
        {
            _footprints.Add(id, value);
            entry.Place = Place.Memory;
        }

        entry.Bytes = _footprints.SizeOf(id, value);
        Count(-task.Reserved);
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
    private void Drop(int id)
    {
        Forget(id);
        _entries[id].Place = Place.Disk;
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

    private void Forget(int id)
    {
        _footprints.Remove(id, _values[id]);
        Lent.LetGo(_values[id]);
        _values[id] = null;
    }
}
