namespace Orleans.Dask.Grains.Execution;

/// <summary>How long the tasks of this silo take, as they did lately.</summary>
internal sealed class WorkerLoad
{
    private const double Weight = 0.05;

    private double _ticks;

    /// <summary>A task's function ran so long. Two at once may count as one: it is an estimate.</summary>
    public void Ran(long ticks) => Volatile.Write(ref _ticks, Volatile.Read(ref _ticks) is 0 ? ticks : Volatile.Read(ref _ticks) * (1 - Weight) + (ticks * Weight));

    /// <summary>Ticks that so many tasks are expected to take, over all slots.</summary>
    public long Expected(int tasks) => (long)(tasks * Volatile.Read(ref _ticks));
}
