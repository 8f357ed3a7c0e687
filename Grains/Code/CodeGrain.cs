using Orleans.Concurrency;
using Orleans.Dask.Grains.Interfaces;
using Orleans.Placement;

namespace Orleans.Dask.Grains.Code;

/// <summary>
/// A door to the code store of the silo it is on. It may be dropped at any time: all it knows is there. Placed by hash, so that
/// it comes back to the same silo while membership stays as it is.
/// </summary>
[HashBasedPlacement, Reentrant]
internal sealed class CodeGrain(CodeStore store) : Grain, ICodeGrain
{
    private SessionId Session => new(this.GetPrimaryKeyString());

    public Task<AssemblyIdentity[]> MissingAsync(AssemblyIdentity[] assemblies) => Task.FromResult(store.Tell(Session, assemblies));

    public Task<long> WriteAsync(string sha256, long offset, long total, byte[] bytes) => Task.FromResult(store.Write(Session, sha256, offset, total, bytes));

    public Task<AssemblyIdentity[]> ListAsync() => Task.FromResult(store.Told(Session));

    public Task<CodePiece?> ReadAsync(string sha256, long offset) => Task.FromResult(store.Read(sha256, offset));

    public Task EndAsync()
    {
        store.End(Session);
        return Task.CompletedTask;
    }
}
