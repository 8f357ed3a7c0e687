using Orleans.Concurrency;
using Orleans.Dask.Grains.Execution;
using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Grains.Placement;
using Orleans.Dask.Grains.Scheduling;

namespace Orleans.Dask.Grains.Workers;

/// <summary>The door to this silo's <see cref="WorkerCore"/>. It may be dropped at any time: all it knows is there.</summary>
[Reentrant, WorkerPlacement]
internal sealed class WorkerGrain(WorkerCore core, InventoryView inventories) : Grain, IWorkerGrain
{
    public Task<WorkerInfo> DescribeAsync() => Task.FromResult(core.Describe());

    public Task<CommandAnswer> CommandAsync(CommandBatch batch)
    {
        MessageCheck.Require(batch);
        return Task.FromResult(core.Command(batch));
    }

    public Task<Inventory> InventoryAsync(SessionId session, long epoch, int from) => Task.FromResult(core.Inventory(session, epoch, from));

    public Task<ValuePiece?> ReadAsync(SessionId session, TaskKey key, long offset, string? readerProcess) =>
        core.Store.ReadAsync(session, key, offset, readerProcess, core.Options.Process);

    public Task<ValuePiece[]> ReadManyAsync(ReadRequest request)
    {
        MessageCheck.Require(request);
        return core.Store.ReadManyAsync(request.Session, [.. request.Keys.Select(key => KeyTable.Read(request.Layers, key))], request.ReaderProcess, core.Options.Process);
    }

    public Task WriteAsync(SessionId session, TaskKey key, ValuePiece piece) => core.WriteAsync(session, key, piece);

    public Task CloseAsync(SessionId session, long epoch)
    {
        core.Close(session, epoch);
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        foreach (var session in Planted.ActivationsTakeValuesAlong ? core.Store.Sessions() : [])
        {
            core.Store.RemoveAll(session);
        }

        return Task.CompletedTask;
    }

    public Task AnnounceAsync(InventoryChange change)
    {
        MessageCheck.Require(change);
        inventories.Apply(change);
        return Task.CompletedTask;
    }

    public Task<WorkerInfo> LeavesAsync(string silo)
    {
        inventories.Leaves(SiloAddress.FromParsableString(silo));
        return DescribeAsync();
    }
}
