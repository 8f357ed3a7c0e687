using System.Runtime.InteropServices;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Grains.Scheduling;

/// <summary>All that the scheduler keeps of one task, some 90 bytes: a million of them are to fit beside the work they describe.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct TaskRecord
{
    /// <summary>As <see cref="TaskSpec.Function"/>: from 1 a function, <see cref="Data"/>, <see cref="Alias"/>, <see cref="Scattered"/>, <see cref="Kept"/>.</summary>
    public const int Data = 0;

    /// <inheritdoc cref="Data"/>
    public const int Alias = -1;

    /// <summary>No recipe: a client wrote it into stores.</summary>
    public const int Scattered = -2;

    /// <summary>No recipe either, but the client that wrote it has it still. While it is being written again, that is the one input it misses.</summary>
    public const int Kept = -3;

    /// <summary>Nobody.</summary>
    public const int None = -1;

    /// <summary>Constants of its arguments.</summary>
    public Payload? Arguments;

    /// <summary>Smaller runs first.</summary>
    public long Priority;

    /// <summary>Size of its value, once known.</summary>
    public long Bytes;

    /// <summary>Its layer's number in the <see cref="TaskTable"/>; -1 in a record that is free.</summary>
    public int Layer;

    /// <summary>Its place there.</summary>
    public int Index;

    public int Function;

    /// <summary>Its edges to dependencies: this many from here on.</summary>
    public int FirstEdge;

    public int EdgeCount;

    /// <summary>The first edge that leads here from a dependant.</summary>
    public int FirstDependant;

    /// <summary>In an active state: how many of its edges lead to values not in memory.</summary>
    public int Missing;

    /// <summary>How many edges lead here from tasks in active states.</summary>
    public int Users;

    /// <summary>The worker that was told to run it and has not said how that ended.</summary>
    public int Worker;

    /// <summary>In memory: the first worker that holds it; more of them stand in a table beside.</summary>
    public int Holder;

    /// <summary>Whose queue it stands in while ready: a worker's, or the common one (<see cref="None"/>).</summary>
    public int Queue;

    /// <summary>Neighbours in its worker's list of tasks handed out.</summary>
    public int Next;

    /// <inheritdoc cref="Next"/>
    public int Previous;

    /// <summary>Ticks that its worker, or queue, was charged for it.</summary>
    public int Cost;

    /// <summary>How often it was handed out.</summary>
    public int Attempt;

    /// <summary>How many workers died while they had it.</summary>
    public byte Blame;

    public TaskState State;

    public TaskFlags Flags;

    public readonly bool IsActive => State is TaskState.Waiting or TaskState.Ready or TaskState.Processing;

    /// <summary>What was given up is needed by nobody; its client may still want it, which is why it is remembered: whoever takes it is given up too.</summary>
    public readonly bool IsNeeded => State != TaskState.Cancelled && (Users > 0 || (Flags & (TaskFlags.Wanted | TaskFlags.Ensured)) != 0);

    public readonly bool IsWanted => (Flags & TaskFlags.Wanted) != 0;
}
