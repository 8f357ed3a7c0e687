using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Grains.Scheduling;

/// <summary>What the scheduler knows of one worker. Numbers count up and are never used again within an epoch.</summary>
internal sealed class WorkerView(int number, WorkerInfo info)
{
    /// <summary>Work handed out ahead to a slot, so that tiny tasks are never waited for: 5 ms.</summary>
    public const long AheadTicks = 50_000;

    public int Number => number;

    public WorkerInfo Info => info;

    public int Slots { get; } = Math.Max(1, info.Slots);

    /// <summary>Tasks handed out whatever they cost: a tenth more than slots, so that one waits when another ends.</summary>
    public int Saturation { get; } = (int)Math.Ceiling(Math.Max(1, info.Slots) * 1.1);

    public bool Alive { get; set; } = true;

    /// <summary>It is about to leave: it gets nothing new, and its values go to others.</summary>
    public bool Leaving { get; set; }

    /// <summary>Which it was to say so, from 1.</summary>
    public int LeftAs { get; set; }

    /// <summary>Living, and not about to leave.</summary>
    public bool Stays => Alive && !Leaving;

    /// <summary>Bytes that its values may still take, as far as is known here.</summary>
    public long Free { get; set; } = info.MemoryLimit - info.Stored;

    /// <summary>Values it is the last to hold and that others are fetching, and their bytes.</summary>
    public (int Values, long Bytes) Moving { get; set; }

    /// <summary>Values it is the last to hold and that nobody can take, and their bytes.</summary>
    public (int Values, long Bytes) Stuck { get; set; }

    /// <summary>Tasks handed out and not answered.</summary>
    public int Processing { get; set; }

    /// <summary>Of these, the first and last handed out.</summary>
    public int First { get; set; } = TaskRecord.None;

    /// <inheritdoc cref="First"/>
    public int Last { get; set; } = TaskRecord.None;

    /// <summary>Ticks they are expected to take.</summary>
    public long WorkTicks { get; set; }

    /// <summary>Ready tasks that would start here earliest, by priority; entries may be out of date.</summary>
    public PriorityQueue<int, long> Queue { get; } = new();

    /// <summary>How many tasks really stand in <see cref="Queue"/>.</summary>
    public int Queued { get; set; }

    public long QueuedTicks { get; set; }

    /// <summary>How fast inputs have come to it lately, as it says itself; 0: not measured yet.</summary>
    public long BytesPerSecond { get; set; }

    /// <summary>The last report taken.</summary>
    public long Reported { get; set; }

    /// <summary>Place in the scheduler's list of workers with room, or -1.</summary>
    public int RoomPlace { get; set; } = -1;

    /// <summary>Whether it stands among those that idle workers may take from.</summary>
    public bool IsListedBusy { get; set; }

    public bool HasRoom => Stays && (Processing < Saturation || WorkTicks < AheadTicks * Slots);

    /// <summary>Whether the task may be handed out now. One that was on a dying worker goes alone, so that it takes no others with it.</summary>
    public bool HasRoomFor(in TaskRecord task, FunctionTimes times) =>
        task.Blame > 0 ? Processing < Slots
        : Processing < Saturation || (times.IsKnown(task.Function) && WorkTicks + times.Cost(task.Function) <= AheadTicks * Slots);
}
