using System.Reflection;
using System.Runtime.Loader;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask;

/// <summary>
/// Brings the code of payloads to the cluster: each assembly with all it refers to, once a session, from the files this program
/// was started from. .NET itself and our own assemblies are everywhere and stay here.
/// </summary>
/// <param name="grain">The session's code grain.</param>
/// <param name="deadline">How long one call may take.</param>
/// <param name="time">The clock of deadlines.</param>
internal sealed class CodeUploader(ICodeGrain grain, TimeSpan deadline, TimeProvider time) : IDisposable
{
    // A grain that moves loses what it had of a file; one that moves this often is not well.
    private const int MostRestarts = 5;

    // Uploads of one session go one after another: they would send the same files twice.
    private readonly SemaphoreSlim _turn = new(1);
    private readonly HashSet<AssemblyIdentity> _brought = [];
    private readonly Dictionary<AssemblyIdentity, Assembly> _told = [];

    /// <summary>Returns when all code the payload needs is in the cluster; at once when it was brought before.</summary>
    /// <exception cref="PayloadException">An assembly has no file: single-file program, or made at run time.</exception>
    /// <exception cref="CodeException">The silos take no code, or not so much.</exception>
    public ValueTask EnsureAsync(IReadOnlyList<AssemblyIdentity> assemblies, CancellationToken cancellationToken)
    {
        lock (_brought)
        {
            if (assemblies.All(_brought.Contains))
            {
                return default;
            }
        }

        return new(BringAsync(assemblies, cancellationToken));
    }

    /// <summary>Brings again what silos could not find any more, and tells once more what refers to what.</summary>
    /// <param name="sha256">Hashes that silos asked for. What this program never told is none of its business.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task BringAgainAsync(IReadOnlyList<string> sha256, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            AssemblyIdentity[] told = [.. _told.Keys];
            var missing = await grain.MissingAsync(told).WaitAsync(deadline, time, cancellationToken);
            foreach (var id in told.Where(id => missing.Contains(id) || sha256.Contains(id.Sha256, StringComparer.Ordinal)))
            {
                await WriteAsync(id, cancellationToken);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task BringAsync(IReadOnlyList<AssemblyIdentity> assemblies, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            foreach (var id in assemblies)
            {
                if (!_told.ContainsKey(id) && !House.Contains(id.Name) && LoadedCode.Instance.Resolve(id) is { } assembly)
                {
                    AddWithReferences(id, assembly);
                }
            }

            foreach (var id in await grain.MissingAsync([.. _told.Keys]).WaitAsync(deadline, time, cancellationToken))
            {
                cancellationToken.ThrowIfCancellationRequested();
                await WriteAsync(id, cancellationToken);
            }

            lock (_brought)
            {
                _brought.UnionWith(_told.Keys);
                _brought.UnionWith(assemblies);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    private void AddWithReferences(AssemblyIdentity id, Assembly assembly)
    {
        var queue = new Queue<(AssemblyIdentity Id, Assembly Assembly)>([(id, assembly)]);
        while (queue.TryDequeue(out var next))
        {
            if (!_told.TryAdd(next.Id, next.Assembly))
            {
                continue;
            }

            foreach (var name in next.Assembly.GetReferencedAssemblies())
            {
                if (Find(next.Assembly, name) is { } reference && LoadedCode.Ships(reference))
                {
                    queue.Enqueue((LoadedCode.IdentityOf(reference), reference));
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    // As the program itself would load it. One that isn't there can't be needed: the program would fail here as well.
    private static Assembly? Find(Assembly from, AssemblyName name)
    {
        try
        {
            return (AssemblyLoadContext.GetLoadContext(from) ?? AssemblyLoadContext.Default).LoadFromAssemblyName(name);
        }
        catch (Exception error) when (error is IOException or BadImageFormatException)
        {
            return null;
        }
    }

    private async Task WriteAsync(AssemblyIdentity id, CancellationToken cancellationToken)
    {
        // Once a session; reading it asynchronously would only move the wait to a thread of the pool.
        var bytes = File.ReadAllBytes(_told[id].Location);
        var (offset, restarts) = (0L, 0);
        while (offset < bytes.Length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var end = (int)Math.Min(bytes.Length, offset + ICodeGrain.PieceBytes);
            var reached = await grain.WriteAsync(id.Sha256, offset, bytes.Length, bytes[(int)offset..end]).WaitAsync(deadline, time, cancellationToken);
            if (reached <= offset && ++restarts > MostRestarts)
            {
                throw new CodeException($"The silos lost what they had of {id} {restarts} times while it was sent.");
            }

            offset = reached;
        }
    }
}
