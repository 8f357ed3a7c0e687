namespace Orleans.Dask.Silo.Hosting;

/// <summary>What a silo offers to computations.</summary>
public sealed record DaskSiloOptions
{
    /// <summary>Tasks it runs at a time, from 1 to 1,024. Default: one for every processor.</summary>
    public int Slots { get; set; } = Environment.ProcessorCount;

    /// <summary>Bytes its values may take; 0 (the default): what the runtime may use.</summary>
    public long MemoryLimit { get; set; }

    /// <summary>Whether clients may bring code of their own. Default true. False: they may name functions marked <c>[DaskFunction]</c> in <see cref="FunctionAssemblies"/> only.</summary>
    public bool AllowClientCode { get; set; } = true;

    /// <summary>Simple names of deployed assemblies whose marked functions may be named where clients bring no code. Default none.</summary>
    public IList<string> FunctionAssemblies { get; init; } = [];

    /// <summary>How long a silo that is asked to stop takes to hand over its tasks and values before it goes all the same, at most an hour; 0: it goes at once. Default 30 s.</summary>
    public TimeSpan LeaveTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long of that it waits for tasks that have begun; they are cancelled then, and run again elsewhere. At most an hour, default 20 s. Never
    /// more than <see cref="LeaveTimeout"/> less a second, in which cancelled tasks may end.
    /// </summary>
    public TimeSpan LeaveTaskTimeout { get; set; } = TimeSpan.FromSeconds(20);

    internal DaskSiloOptions Checked()
    {
        Within(nameof(LeaveTimeout), LeaveTimeout, TimeSpan.FromHours(1));
        Within(nameof(LeaveTaskTimeout), LeaveTaskTimeout, TimeSpan.FromHours(1));
        Within(nameof(Slots), Slots, 1, 1024);
        Within(nameof(MemoryLimit), MemoryLimit, 0, long.MaxValue);
        return MemoryLimit > 0 ? this : this with { MemoryLimit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes };
    }

    private static void Within(string name, TimeSpan value, TimeSpan most)
    {
        if (value < TimeSpan.Zero || value > most)
        {
            throw new ArgumentException($"{nameof(DaskSiloOptions)}.{name} is {value}, expected 0 to {most}.");
        }
    }

    private static void Within(string name, long value, long least, long most)
    {
        if (value < least || value > most)
        {
            throw new ArgumentException($"{nameof(DaskSiloOptions)}.{name} is {value}, expected {least} to {most}.");
        }
    }
}
