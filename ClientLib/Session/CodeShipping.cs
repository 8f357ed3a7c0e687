using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Session;

/// <summary>Sees to it that code is in the cluster before a message that names it: new assemblies are noted as values are encoded.</summary>
internal sealed class CodeShipping(ICodeGrain grain, SessionOptions options, TimeProvider time) : IDisposable
{
    private readonly CodeUploader _uploader = new(grain, options.CallTimeout, time);
    private readonly Lock _gate = new();
    private readonly HashSet<AssemblyIdentity> _seen = [];
    private List<AssemblyIdentity> _new = [];

    /// <summary>An encoded value names the assembly.</summary>
    public void Note(AssemblyIdentity assembly)
    {
        lock (_gate)
        {
            if (_seen.Add(assembly))
            {
                _new.Add(assembly);
            }
        }
    }

    /// <summary>Brings what was noted since the last call; nothing, nearly always.</summary>
    public ValueTask BringAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_new.Count == 0)
            {
                return default;
            }
        }

        return new(BringNewAsync(cancellationToken));
    }

    /// <summary>Brings again what silos could not find any more.</summary>
    public Task BringAgainAsync(IReadOnlyList<string> sha256, CancellationToken cancellationToken) => _uploader.BringAgainAsync(sha256, cancellationToken);

    public void Dispose() => _uploader.Dispose();

    private async Task BringNewAsync(CancellationToken cancellationToken)
    {
        AssemblyIdentity[] assemblies;
        lock (_gate)
        {
            assemblies = [.. _new];
        }

        try
        {
            await _uploader.EnsureAsync(assemblies, cancellationToken);
        }
        catch (CodeException)
        {
            // Silos that take no code, or no more of it, say so in the error of each task that would need it.
            Taken(assemblies);
            return;
        }

        Taken(assemblies);
    }

    private void Taken(AssemblyIdentity[] assemblies)
    {
        lock (_gate)
        {
            _new = [.. _new.Except(assemblies)];
        }
    }
}
