using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Grains.Scheduling;

/// <summary>What happens to a scheduler.</summary>
internal abstract record SchedulerEvent;

/// <summary>A client's batch came; one of a sequence number taken before changes nothing.</summary>
internal sealed record BatchSubmitted(SubmitBatch Batch) : SchedulerEvent;

/// <summary>A worker is there, with what it holds of the session.</summary>
internal sealed record WorkerJoined(WorkerInfo Worker, Inventory? Inventory) : SchedulerEvent;

/// <summary>A worker is gone, with all it held and ran.</summary>
/// <param name="Worker">Its address.</param>
/// <param name="Left">It is known to have left in good order, though it may not have come to say so here: no task is to blame.</param>
internal sealed record WorkerLost(string Worker, bool Left = false) : SchedulerEvent;

/// <summary>A worker said how tasks ended; a report taken before, or of a worker that is gone, changes nothing.</summary>
internal sealed record WorkerReported(WorkerReport Report) : SchedulerEvent;

/// <summary>Somebody asks for a value through its grain.</summary>
internal sealed record ValueEnsured(TaskKey Key) : SchedulerEvent;

/// <summary>Nothing but that it is later: deadlines are looked at.</summary>
internal sealed record TimePassed : SchedulerEvent;

/// <summary>What a worker is to be told.</summary>
internal enum CommandKind : byte
{
    Run,
    Revoke,
    Release,
    Cancel,

    /// <summary>Fetch a value and keep it.</summary>
    Copy,
}

/// <summary>One order to one worker.</summary>
/// <param name="Kind">What to do.</param>
/// <param name="Worker">Who.</param>
/// <param name="Task">Number of the task; it stays the task's own until a run is answered, and means nothing in a release.</param>
/// <param name="Key">Its key.</param>
/// <param name="Holder">Of a value to be copied: who has it.</param>
internal readonly record struct SchedulerCommand(CommandKind Kind, int Worker, int Task, TaskKey Key, int Holder = TaskRecord.None);
