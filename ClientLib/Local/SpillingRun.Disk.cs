using Orleans.Dask.Arrays;
using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Spilling;

namespace Orleans.Dask;

// From memory to the disk and back. Under the gate, but for what the disk takes its time for.
internal sealed partial class SpillingRun
{
    /// <summary>Writes the victims, then reads what a task misses.</summary>
    /// <returns>The task's inputs, on the disk still where its function takes them so; null where the disk does not do its part and the run has failed.</returns>
    private object?[]? BringIn(ref Started task)
    {
        foreach (var (owner, index) in task.Sheds ?? [])
        {
            try
            {
                owner.Write(index);
            }
            catch (SpillException thrown)
            {
                FailAll(thrown);
            }
        }

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
                while (_entries[id] is { Place: Place.Writing, Pins: 0 })
                {
                    // To another task its memory is promised. Who writes it waits for nobody.
                    Monitor.Wait(_gate);
                }

                if (_entries[id].Place is Place.Disk or Place.Reading)
                {
                    inputs[i] = _entries[id].Spilled;
                    continue;
                }

                inputs[i] = _values[id];
                Pin(id, task);
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
            if (entry.Pins == 0)
            {
                _footprints.Stay(id, _values[id]);
            }

            (entry.Place, entry.Spilled, entry.Stays) = (Place.Memory, spilled, spilled is null);
            if (_uses[id] == 0)
            {
                Release(id);
            }
            else if (spilled is not null && entry.Pins == 0)
            {
                Drop(id);
            }

            Count();
            Monitor.PulseAll(_gate);
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
                Count(-_entries[id].Bytes);
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
                _footprints.Add(id, value);
                Count(-entry.Bytes);
            }

            Monitor.PulseAll(_gate);
            return value is not null;
        }
    }
}
