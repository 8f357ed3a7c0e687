using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Spilling;

namespace Orleans.Dask;

// Who has room to begin, and what has to go for it. All of it under the gate.
internal sealed partial class SpillingRun
{
    // Those that may go to the disk, the one needed last on top. What has changed since it was put there is looked over.
    private readonly PriorityQueue<int, long> _victims = new();
    private long _counted;           // of the footprints, as the budget knows it

    /// <summary>Bytes not spoken for, with what this run has not told the budget yet.</summary>
    private long Room => _budget.Free - (_footprints.Kept - _counted);

    /// <summary>Tells the budget what came and went.</summary>
    /// <param name="reserved">What tasks spoke for besides.</param>
    private void Count(long reserved = 0)
    {
        var kept = _footprints.Kept;
        _budget.Change(kept - _counted, reserved);
        _counted = kept;
    }

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

            Pin(input, task);
            if (isAway && !(task.Missing ??= []).Contains(input))
            {
                task.Missing.Add(input);
                missing += entry.Bytes;
            }
        }

        var need = function is null ? 0 : _needs.Of(function, takesSpilled ? 0 : inputs);
        task.Reserved = missing + (need ?? inputs);
        if ((need is null || !TryMakeRoom(ref task)) && _running > 0)
        {
            PutBack(ref task);
            Count();
            return false;
        }

        if (function is not null)
        {
            _needs.Try(function);
        }

        // What its victims have is this task's already; it begins when they are gone.
        foreach (var (owner, _) in task.Sheds ?? [])
        {
            owner.Count();
        }

        Count(task.Reserved);
        return true;
    }

    private bool TryMakeRoom(ref Started task)
    {
        // First what was persisted: nobody knows when it is needed.
        var freed = 0L;
        foreach (var owner in task.Reserved > Room ? _budget.Kept : [])
        {
            while (task.Reserved > Room + freed && owner.TryTake(out var index, out var bytes))
            {
                freed += bytes;
                (task.Sheds ??= []).Add((owner, index));
            }
        }

        while (task.Reserved > Room + freed && _victims.TryDequeue(out var id, out var key))
        {
            ref var entry = ref _entries[id];
            if (entry.Place != Place.Memory || entry.Pins > 0 || _uses[id] == 0 || key != -NextUse(id))
            {
                continue;
            }

            if (entry.Spilled is not null)
            {
                Drop(id);
                continue;
            }

            entry.Place = Place.Writing;
            _footprints.Leave(id, _values[id]);
            (task.Victims ??= []).Add(id);
        }

        return task.Reserved <= Room + freed;
    }

    private void PutBack(ref Started task)
    {
        foreach (var id in task.Victims ?? [])
        {
            _entries[id].Place = Place.Memory;
            _footprints.Stay(id, _values[id]);
            Offer(id);
        }

        foreach (var (owner, index) in task.Sheds ?? [])
        {
            owner.PutBack(index);
        }

        Unpin(task);
        (task.Victims, task.Sheds, task.Missing, task.Pins, task.Reserved) = (null, null, null, null, 0);
    }

    /// <summary>Who is pinned while it is written does not go: its memory, promised to another task, is spoken for anew.</summary>
    private void Pin(int id, Started task)
    {
        ref var entry = ref _entries[id];
        if (entry.Pins++ == 0 && entry.Place == Place.Writing)
        {
            _footprints.Stay(id, _values[id]);
        }

        task.Pins!.Add(id);
    }

    private void Unpin(Started task)
    {
        foreach (var id in task.Pins ?? [])
        {
            ref var entry = ref _entries[id];
            if (--entry.Pins == 0 && entry.Place == Place.Writing)
            {
                _footprints.Leave(id, _values[id]);
            }

            Offer(id);
        }
    }
}
