using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Grains.Scheduling;

/// <summary>
/// Workers that leave in good order. From the first word of it a worker gets nothing new; what it has not begun comes back to be handed
/// out elsewhere; and every value that only leaving workers hold is fetched by one that stays. When nothing ties it any more
/// (<see cref="Progress"/>), it goes, and its loss changes nothing.
/// </summary>
/// <remarks>
/// Which values must move is never told, but found: whoever changes the holders of a value says so (<see cref="HoldersChanged(int)"/>), and
/// when the event is through it is asked whether anybody who stays holds it. A move that has ended, or is of no use any more, goes the same way.
/// </remarks>
internal sealed partial class SchedulerState
{
    /// <summary>Workers that a value was asked of in vain before it is said to be stuck.</summary>
    private const int MostMoves = 3;

    /// <summary>Workers compared for one value: enough to find a free one, few enough for 10,000.</summary>
    private const int MoveProbes = 16;

    private readonly Dictionary<TaskKey, Move> _moves = [];
    private readonly Stack<TaskKey> _toRescue = new();
    private readonly List<WorkerView> _receivers = [];
    private int _leaving;
    private int _left;

    /// <summary>Whether a worker has said that it leaves.</summary>
    public bool IsLeaving(string worker) => _workersByAddress.TryGetValue(worker, out var view) && view.Leaving;

    /// <summary>What still ties a leaving worker; null where it is no worker here, or has not said that it leaves.</summary>
    public LeaveProgress? Progress(string worker) => _workersByAddress.TryGetValue(worker, out var view) && view.Leaving
        ? new LeaveProgress(view.Processing, view.Moving.Values, view.Moving.Bytes, view.Stuck.Values, view.Stuck.Bytes)
        : null;

    private void OnLeaving(WorkerView worker, LeavingWorker leaving, string[] layers)
    {
        foreach (var other in leaving.Others)
        {
            if (_workersByAddress.TryGetValue(other.Address, out var view))
            {
                view.Free = other.MemoryLimit - other.Stored;
            }
        }

        for (var i = 0; i < leaving.Written.Length; i++)
        {
            var key = leaving.Written[i];
            Found(worker, Find(layers, key), new TaskKey(layers[key.Layer], key.Index), leaving.Bytes[i]);
        }

        Leave(worker);
    }

    private void Leave(WorkerView worker)
    {
        if (worker.Leaving)
        {
            return;
        }

        worker.Leaving = true;
        worker.LeftAs = ++_left;
        _leaving++;
        UpdateRoom(worker);
        Redistribute(worker);
        for (var task = worker.First; task >= 0; task = _tasks[task].Next)
        {
            ref var record = ref _tasks[task];
            if ((record.Flags & (TaskFlags.Revoking | TaskFlags.Cancelling)) == 0)
            {
                // Back at once, unless it has begun.
                record.Flags |= TaskFlags.Revoking;
                Tell(CommandKind.Revoke, worker.Number, task);
            }
        }

        RescueAll();
    }

    // ---- values

    private void HoldersChanged(int task)
    {
        if (_leaving > 0 || _moves.Count > 0)
        {
            _toRescue.Push(_tasks.Key(task));
        }
    }

    private void HoldersChanged(TaskKey key)
    {
        if (_leaving > 0 || _moves.Count > 0)
        {
            _toRescue.Push(key);
        }
    }

    /// <summary>Who leaves and who stays has changed: all that leaving workers hold is looked at anew.</summary>
    private void RescueAll()
    {
        foreach (var key in _moves.Keys)
        {
            _toRescue.Push(key);
        }

        if (_leaving == 0)
        {
            return;
        }

        for (var task = 0; task < _tasks.Bound; task++)
        {
            if (_tasks.IsUsed(task) && _tasks[task].State == TaskState.Memory && _workers[_tasks[task].Holder].Leaving)
            {
                _toRescue.Push(_tasks.Key(task));
            }
        }

        foreach (var key in _found.Keys)
        {
            _toRescue.Push(key);
        }
    }

    /// <summary>Sees to it that each value noted is on its way to a worker that stays, if it has to be.</summary>
    private void Rescue()
    {
        if (_toRescue.Count == 0)
        {
            return;
        }

        _receivers.Clear();
        _receivers.AddRange(_workersByAddress.Values.Where(worker => worker.Stays));
        while (_toRescue.TryPop(out var key))
        {
            var known = _moves.TryGetValue(key, out var move);
            if (!IsStranded(key, out var holder, out var bytes))
            {
                EndMove(key);
            }
            else if (!known || move.From != holder || move.To is not { Stays: true })
            {
                Plan(key, holder, bytes, known ? move.Tries : 0);
            }
        }
    }

    /// <summary>
    /// Whether only leaving workers hold a value that is there; then also which of them is tied by it: the last to have said so, for those
    /// before may be gone already and their loss not yet be known here.
    /// </summary>
    private bool IsStranded(TaskKey key, out WorkerView holder, out long bytes)
    {
        (holder, bytes) = (null!, 0);
        var task = _tasks.Find(key);
        if (task >= 0 && _tasks[task].State == TaskState.Memory)
        {
            bytes = _tasks[task].Bytes;
            foreach (var at in Holders(task))
            {
                if (!IsLastToLeave(_workers[at], ref holder))
                {
                    return false;
                }
            }
        }
        else if (task < 0 && _found.TryGetValue(key, out var holders) && holders.Count > 0)
        {
            bytes = holders[0].Bytes;
            foreach (var at in holders)
            {
                if (!IsLastToLeave(_workers[at.Worker], ref holder))
                {
                    return false;
                }
            }
        }

        return holder is not null;
    }

    /// <returns>False: it stays.</returns>
    private static bool IsLastToLeave(WorkerView worker, ref WorkerView last)
    {
        last = last is null || worker.LeftAs > last.LeftAs ? worker : last;
        return worker.Leaving;
    }

    private void Plan(TaskKey key, WorkerView holder, long bytes, int tries)
    {
        EndMove(key);
        var receiver = tries < MostMoves && !Planted.LastCopiesStay ? Receiver() : null;
        _moves.Add(key, new Move(holder, receiver, bytes, tries));
        if (receiver is null)
        {
            holder.Stuck = (holder.Stuck.Values + 1, holder.Stuck.Bytes + bytes);
            return;
        }

        holder.Moving = (holder.Moving.Values + 1, holder.Moving.Bytes + bytes);
        receiver.Free -= bytes;
        _commands.Add(new SchedulerCommand(CommandKind.Copy, receiver.Number, TaskRecord.None, key, holder.Number));
    }

    /// <summary>The one with the most free memory, of some. It takes values beyond its limit rather than that they are lost.</summary>
    private WorkerView? Receiver()
    {
        WorkerView? best = null;
        for (var i = Math.Min(_receivers.Count, MoveProbes); i > 0; i--)
        {
            var worker = _receivers[NextOf(_receivers.Count)];
            best = best is null || worker.Free > best.Free ? worker : best;
        }

        return best;
    }

    private void EndMove(TaskKey key)
    {
        if (!_moves.Remove(key, out var move))
        {
            return;
        }

        if (move.To is null)
        {
            move.From.Stuck = (move.From.Stuck.Values - 1, move.From.Stuck.Bytes - move.Bytes);
        }
        else
        {
            move.From.Moving = (move.From.Moving.Values - 1, move.From.Moving.Bytes - move.Bytes);
        }
    }

    /// <summary>A worker could not fetch a value: it was released meanwhile, its holder is out of reach, or it cannot travel.</summary>
    private void OnNotCopied(WorkerView worker, TaskKey key)
    {
        if (_moves.TryGetValue(key, out var move) && move.To == worker)
        {
            worker.Free += move.Bytes;
            if (IsStranded(key, out var holder, out var bytes))
            {
                Plan(key, holder, bytes, move.Tries + 1);
            }
        }
    }

    /// <summary>A value on its way from a worker that leaves.</summary>
    /// <param name="From">The worker it ties.</param>
    /// <param name="To">Who fetches it; null: nobody can.</param>
    /// <param name="Bytes">Its size.</param>
    /// <param name="Tries">How many could not fetch it.</param>
    private readonly record struct Move(WorkerView From, WorkerView? To, long Bytes, int Tries);
}
