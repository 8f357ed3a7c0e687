using System.Reflection;
using Orleans.Dask.Grains.Code;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Grains.Tests.Code;

/// <summary>The code grain of one session on some other silo, without an engine. It counts what is asked of it.</summary>
internal sealed class ScriptedCodeGrain(SessionId session, CodeStore store) : ICodeGrain
{
    public int Reads { get; private set; }

    public async Task BringAsync(params Assembly[] assemblies)
    {
        await MissingAsync([.. assemblies.Select(Compiled.Id)]);
        foreach (var assembly in assemblies)
        {
            var bytes = Compiled.Bytes(assembly);
            for (var offset = 0L; offset < bytes.Length;)
            {
                offset = await WriteAsync(Compiled.Id(assembly).Sha256, offset, bytes.Length, bytes[(int)offset..(int)Math.Min(bytes.Length, offset + 1000)]);
            }
        }
    }

    public Task<AssemblyIdentity[]> MissingAsync(AssemblyIdentity[] assemblies) => Task.FromResult(store.Tell(session, assemblies));

    public Task<long> WriteAsync(string sha256, long offset, long total, byte[] bytes) => Task.FromResult(store.Write(session, sha256, offset, total, bytes));

    public Task<AssemblyIdentity[]> ListAsync() => Task.FromResult(store.Told(session));

    public Task<CodePiece?> ReadAsync(string sha256, long offset)
    {
        Reads++;
        return Task.FromResult(store.Read(sha256, offset));
    }

    public Task EndAsync()
    {
        store.End(session);
        return Task.CompletedTask;
    }
}
