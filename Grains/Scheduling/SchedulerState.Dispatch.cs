using Orleans.Dask.Grains.Placement;

namespace Orleans.Dask.Grains.Scheduling;

/// <summary>
/// Who gets which ready task, and when. Tasks with inputs stand in the queue of the worker where they would start earliest;
/// those without stand in one common queue and go to whoever has room. Handed out is only what a worker can soon begin
/// (<see cref="WorkerView.HasRoomFor"/>), so that the rest can still go elsewhere for nothing, and root tasks don't pile up.
/// </summary>
internal sealed partial class SchedulerState
{
    /// <summary>Queues looked at when an idle worker seeks work: enough to find a long one, few enough for 10,000 workers.</summary>
    private const int StealProbes = 8;

    private readonly PriorityQueue<int, long> _common = new();
    private readonly List<WorkerView> _room = [];
    private readonly HashSet<WorkerView> _touched = [];
    private readonly List<WorkerView> _busy = [];
    private readonly List<PlacementCandidate> _candidates = [];
    private readonly List<WorkerView> _candidateWorkers = [];
    private WorkerView? _nearest;
    private int _commonCount;
    private readonly Dictionary<int, WorkerView> _thieves = [];
    private uint _rotation;

    private void Enqueue(int task)
    {
        ref var record = ref _tasks[task];
        record.State = TaskState.Ready;
        record.Cost = _times.Cost(record.Function);
        if (_running.Count > 0 && _running.Remove(_tasks.Key(task), out var running) && running.Alive)
        {
            BeginRun(running, task);
            return;
        }

        var worker = record.EdgeCount == 0 || _workersByAddress.Count == 0 ? null : BestWorker(task);
        if (worker is null)
        {
            record.Queue = TaskRecord.None;
            _common.Enqueue(task, record.Priority);
            _commonCount++;
            return;
        }

        record.Queue = worker.Number;
        worker.Queue.Enqueue(task, record.Priority);
        worker.Queued++;
        worker.QueuedTicks += record.Cost;
        _touched.Add(worker);
    }

    private void LeaveQueue(ref TaskRecord record)
    {
        if (record.Queue == TaskRecord.None)
        {
            _commonCount--;
            return;
        }

        var worker = _workers[record.Queue];
        worker.Queued--;
        worker.QueuedTicks -= record.Cost;
    }

    /// <summary>The holders of its inputs, and one worker with room, compared.</summary>
    private WorkerView? BestWorker(int task)
    {
        _candidateWorkers.Clear();
        _candidates.Clear();
        ref var record = ref _tasks[task];
        var inputs = Math.Min(record.EdgeCount, 64);
        for (var i = record.FirstEdge; i < record.FirstEdge + inputs; i++)
        {
            AddCandidate(_workers[_tasks[_edges[i].Dependency].Holder]);
            if (_replicas.Count > 0 && _replicas.TryGetValue(_edges[i].Dependency, out var more))
            {
                foreach (var holder in more)
                {
                    AddCandidate(_workers[holder]);
                }
            }
        }

        if (_room.Count > 0)
        {
            AddCandidate(_room[NextOf(_room.Count)]);
        }

        foreach (var worker in _candidateWorkers)
        {
            var (bytes, values) = ToMove(task, worker);
            _candidates.Add(new PlacementCandidate(worker.WorkTicks + worker.QueuedTicks, worker.Slots, bytes, values, worker.BytesPerSecond));
        }

        return _candidates.Count == 0 ? null
            : _candidateWorkers[PlacementPolicy.Choose(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_candidates))];
    }

    private void AddCandidate(WorkerView worker)
    {
        if (worker.Stays && _candidateWorkers.Count < 16 && !_candidateWorkers.Contains(worker))
        {
            _candidateWorkers.Add(worker);
        }
    }

    private (long Bytes, int Values) ToMove(int task, WorkerView worker)
    {
        ref var record = ref _tasks[task];
        var (bytes, values) = (0L, 0);
        for (var i = record.FirstEdge; i < record.FirstEdge + Math.Min(record.EdgeCount, 64); i++)
        {
            var input = _edges[i].Dependency;
            if (!IsHeldBy(input, worker.Number))
            {
                bytes += _tasks[input].Bytes;
                values++;
            }
        }

        return (bytes, values);
    }

    private void Dispatch()
    {
        foreach (var worker in _touched)
        {
            Fill(worker, FairShare());
        }

        _touched.Clear();
        if (_commonCount > 0 && _nearest is { } nearest && nearest.Processing < nearest.Slots)
        {
            // No more than it can begin at once: the rest is shared evenly.
            Fill(nearest, nearest.Slots - nearest.Processing);
        }

        var progress = true;
        while (progress && _commonCount > 0 && _room.Count > 0)
        {
            progress = false;
            var share = FairShare();
            var steps = _room.Count;
            for (var i = 0; i < steps && _commonCount > 0 && _room.Count > 0; i++)
            {
                progress |= Fill(_room[NextOf(_room.Count)], share);
            }
        }

        Steal();
    }

    /// <summary>Each in turn, so that no worker is always asked first.</summary>
    private int NextOf(int count) => (int)(_rotation++ % (uint)count);

    private int FairShare() => _room.Count == 0 ? 0 : (_commonCount + _room.Count - 1) / _room.Count;

    /// <summary>Hands a worker the best of its own queue and, up to its share, of the common one.</summary>
    private bool Fill(WorkerView worker, int share)
    {
        var any = false;
        while (worker.HasRoom)
        {
            var (own, ownPriority) = Peek(worker.Queue, worker.Number);
            var (common, commonPriority) = share > 0 ? Peek(_common, TaskRecord.None) : (TaskRecord.None, long.MaxValue);
            var ownFits = own >= 0 && worker.HasRoomFor(_tasks[own], _times);
            var commonFits = common >= 0 && worker.HasRoomFor(_tasks[common], _times);
            if (!ownFits && !commonFits)
            {
                break;
            }

            var takeOwn = ownFits && (!commonFits || ownPriority <= commonPriority);
            var task = takeOwn ? own : common;

            (takeOwn ? worker.Queue : _common).Dequeue();
            share -= takeOwn ? 0 : 1;
            LeaveQueue(ref _tasks[task]);
            BeginRun(worker, task);
            any = true;
        }

        return any;
    }

    /// <summary>The best task that really stands in a queue. Entries of tasks that left it are dropped on the way.</summary>
    private (int Task, long Priority) Peek(PriorityQueue<int, long> queue, int owner)
    {
        while (queue.TryPeek(out var task, out var priority))
        {
            if (_tasks.IsUsed(task) && _tasks[task].State == TaskState.Ready && _tasks[task].Queue == owner)
            {
                return (task, priority);
            }

            queue.Dequeue();
        }

        return (TaskRecord.None, long.MaxValue);
    }

    /// <summary>Idle workers take what waits elsewhere: ready tasks from queues for nothing, else tasks handed out and not begun.</summary>
    private void Steal()
    {
        if (_busy.Count == 0 || _room.Count == 0)
        {
            return;
        }

        var tries = Math.Min(_room.Count, StealProbes);
        for (var i = 0; i < tries && _room.Count > 0; i++)
        {
            var thief = _room[NextOf(_room.Count)];
            if (thief.Processing >= thief.Slots || thief.Queued > 0 || MostLoaded(thief) is not { } victim)
            {
                continue;
            }

            if (victim.Queued > 0)
            {
                StealReady(thief, victim);
            }
            else
            {
                StealHandedOut(thief, victim);
            }
        }
    }

    private WorkerView? MostLoaded(WorkerView thief)
    {
        WorkerView? most = null;
        var probes = Math.Min(_busy.Count, StealProbes);
        for (var i = 0; i < probes && _busy.Count > 0; i++)
        {
            var place = NextOf(_busy.Count);
            var worker = _busy[place];
            if (!worker.Alive || (worker.Queued == 0 && worker.Processing <= worker.Slots))
            {
                worker.IsListedBusy = false;
                _busy[place] = _busy[^1];
                _busy.RemoveAt(_busy.Count - 1);
            }
            else if (worker != thief && (most is null || Wait(worker) > Wait(most)))
            {
                most = worker;
            }
        }

        return most;
    }

    private static long Wait(WorkerView worker) => (worker.WorkTicks + worker.QueuedTicks) / worker.Slots;

    private void StealReady(WorkerView thief, WorkerView victim)
    {
        var (task, _) = Peek(victim.Queue, victim.Number);
        var (bytes, values) = ToMove(task, thief);
        if (PlacementPolicy.StealPays(Wait(victim), bytes, values, thief.BytesPerSecond) && thief.HasRoomFor(_tasks[task], _times))
        {
            victim.Queue.Dequeue();
            LeaveQueue(ref _tasks[task]);
            BeginRun(thief, task);
        }
    }

    /// <summary>Asks for the last handed out, which is the least likely to have begun. It comes back in a report and is placed anew.</summary>
    private void StealHandedOut(WorkerView thief, WorkerView victim)
    {
        var task = victim.Last;
        ref var record = ref _tasks[task];
        if ((record.Flags & (TaskFlags.Revoking | TaskFlags.Cancelling)) != 0 || record.State != TaskState.Processing)
        {
            return;
        }

        var (bytes, values) = ToMove(task, thief);
        if (PlacementPolicy.StealPays(Wait(victim) - record.Cost, bytes, values, thief.BytesPerSecond))
        {
            record.Flags |= TaskFlags.Revoking;
            _thieves[task] = thief;
            Tell(CommandKind.Revoke, victim.Number, task);
        }
    }

    private void Redistribute(WorkerView lost)
    {
        while (lost.Queue.TryDequeue(out var task, out _))
        {
            if (_tasks.IsUsed(task) && _tasks[task].State == TaskState.Ready && _tasks[task].Queue == lost.Number)
            {
                LeaveQueue(ref _tasks[task]);
                Enqueue(task);
            }
        }
    }

    // ---- runs

    private void BeginRun(WorkerView worker, int task)
    {
        ref var record = ref _tasks[task];
        record.State = TaskState.Processing;
        record.Worker = worker.Number;
        record.Attempt++;
        record.Cost = _times.Cost(record.Function);
        record.Previous = worker.Last;
        record.Next = TaskRecord.None;
        if (worker.Last >= 0)
        {
            _tasks[worker.Last].Next = task;
        }
        else
        {
            worker.First = task;
        }

        worker.Last = task;
        worker.Processing++;
        worker.WorkTicks += record.Cost;
        UpdateRoom(worker);
        Tell(CommandKind.Run, worker.Number, task);
    }

    private void EndRun(WorkerView worker, int task)
    {
        ref var record = ref _tasks[task];
        if (record.Previous >= 0)
        {
            _tasks[record.Previous].Next = record.Next;
        }
        else
        {
            worker.First = record.Next;
        }

        if (record.Next >= 0)
        {
            _tasks[record.Next].Previous = record.Previous;
        }
        else
        {
            worker.Last = record.Previous;
        }

        worker.Processing--;
        worker.WorkTicks -= record.Cost;
        record.Worker = TaskRecord.None;
        if ((record.Flags & TaskFlags.Revoking) != 0)
        {
            _thieves.Remove(task);
        }

        record.Flags &= ~(TaskFlags.Revoking | TaskFlags.Cancelling);
        UpdateRoom(worker);
        _touched.Add(worker);
    }

    /// <summary>Tells the worker that nobody needs the task it was handed, if it has one.</summary>
    private void StopRun(int task)
    {
        ref var record = ref _tasks[task];
        if (record.Worker >= 0 && (record.Flags & TaskFlags.Cancelling) == 0)
        {
            record.Flags |= TaskFlags.Cancelling;
            Tell(CommandKind.Cancel, record.Worker, task);
        }
    }

    private void UpdateRoom(WorkerView worker)
    {
        if (worker.HasRoom == worker.RoomPlace >= 0)
        {
            return;
        }

        if (worker.HasRoom)
        {
            worker.RoomPlace = _room.Count;
            _room.Add(worker);
            return;
        }

        var last = _room[^1];
        _room[worker.RoomPlace] = last;
        last.RoomPlace = worker.RoomPlace;
        _room.RemoveAt(_room.Count - 1);
        worker.RoomPlace = -1;
        if (worker.Alive && !worker.IsListedBusy)
        {
            worker.IsListedBusy = true;
            _busy.Add(worker);
        }
    }
}
