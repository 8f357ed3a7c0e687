using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Grains.Storage;

namespace Orleans.Dask.Grains.Workers;

/// <summary>What a silo offers as a worker.</summary>
public sealed class WorkerOptions
{
    /// <summary>Tasks it runs at a time. Default: its processors.</summary>
    public int Slots { get; set; } = Environment.ProcessorCount;

    /// <summary>Bytes its values may take. Default: what the runtime may use.</summary>
    public long MemoryLimit { get; set; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>Its process; silos with the same hand each other objects. Default: this process.</summary>
    public string Process { get; set; } = ProcessIdentity.Current;

    /// <summary>
    /// Whether each task's inputs are hashed before and after it ran, so that one that changed a value which others share fails by name.
    /// It costs as much as sending them: for tests, and for the hunt after a wrong answer. Default false.
    /// </summary>
    public bool ChecksFrozenValues { get; set; }

    /// <summary>How long a silo that is asked to stop takes to hand over its tasks and values before it goes all the same; 0: it goes at once. Default 30 s.</summary>
    public TimeSpan LeaveTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long of that it waits for tasks that have begun; they are cancelled then, and run again elsewhere. Default 20 s. Never
    /// more than <see cref="LeaveTimeout"/> less a second, in which cancelled tasks may end.
    /// </summary>
    public TimeSpan LeaveTaskTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Larger values go to others in pieces of so many bytes, 1 to 1,048,576. Default 1,048,576.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less or more.</exception>
    public int PieceBytes
    {
        get;
        set => field = value is > 0 and <= ChunkStore.PieceBytes ? value
            : throw new ArgumentOutOfRangeException(nameof(value), $"Pieces of {value:N0} bytes: expected 1 to {ChunkStore.PieceBytes:N0}.");
    } = ChunkStore.PieceBytes;

    /// <summary>A result no larger rides back with the completion. Default 4 kB.</summary>
    public int RidingBytes { get; set; } = 4 << 10;
}
