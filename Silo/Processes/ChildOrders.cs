using Orleans.Dask.Silo.Hosting;

namespace Orleans.Dask.Silo.Processes;

/// <summary>The first line a child reads from its standard input, as JSON. Secrets never stand on a command line.</summary>
/// <param name="ClusterId">Name of the cluster.</param>
/// <param name="Secret">In hex.</param>
/// <param name="Primary">The silo to join, <c>address:port</c>; null: be the first.</param>
/// <param name="Slots">Tasks at a time.</param>
/// <param name="MemoryLimit">Bytes its values may take; 0: the default.</param>
/// <param name="Storage">Where its grains keep what is to outlive it.</param>
/// <param name="LeaveTimeout">As <see cref="DaskSiloOptions.LeaveTimeout"/>.</param>
internal sealed record ChildOrders(string ClusterId, string Secret, string? Primary, int Slots, long MemoryLimit, StorageOptions Storage, TimeSpan LeaveTimeout)
{
    /// <summary>The second line, if it comes: hand over to the others, leave the cluster, then end. The end of the input alone means: the parent is gone, end at once.</summary>
    public const string Stop = "stop";

    /// <summary>Or this one: the whole cluster ends, so there is nobody to hand over to.</summary>
    public const string End = "end";
}

/// <summary>The first line a child writes to its standard output, as JSON: it is ready.</summary>
/// <param name="Silo">Where other silos reach it.</param>
/// <param name="Gateway">Where clients reach it.</param>
/// <param name="Address">Key of its worker grain.</param>
/// <param name="ProcessId">Its process.</param>
internal sealed record ChildReport(string Silo, string Gateway, string Address, int ProcessId);
