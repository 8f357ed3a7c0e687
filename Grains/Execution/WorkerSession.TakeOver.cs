using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Grains.Storage;

namespace Orleans.Dask.Grains.Execution;

/// <summary>Values taken over from workers that leave.</summary>
internal sealed partial class WorkerSession
{
    /// <summary>Under the gate: a value is to be kept here.</summary>
    private void Copy(TaskKey key, string holder)
    {
        if (Store.TryGet(Id, key, out var here))
        {
            _copies.Remove(key);
            Answer(new Ended(key, 0, TaskStatusCode.Finished, here.Size, 0, null, null));
        }
        else
        {
            _core.Copier.Add(this, key, holder);
        }
    }

    public void Copied(TaskKey key, StoredValue value)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            Store.Put(Id, key, value);

            // Fetched for a task as well, it would go with that.
            _copies.Remove(key);
            Answer(new Ended(key, 0, TaskStatusCode.Finished, value.Size, 0, null, null));
        }

        FlushFromTurn();
    }

    public void NotCopied(TaskKey key, string holder, bool unreachable)
    {
        lock (_gate)
        {
            if (!_closed)
            {
                _missing.Add((key, key, holder, unreachable));
            }
        }

        FlushFromTurn();
    }
}
