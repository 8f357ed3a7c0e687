using System.Reflection;
using System.Runtime.Loader;

namespace Orleans.Dask.Grains.Code;

/// <summary>The assemblies one session brought. What it didn't bring comes from the silo.</summary>
internal sealed class SessionLoadContext(SessionCode code, bool unloads) : AssemblyLoadContext($"session {code.Session}", unloads)
{
    // Once a file is loaded the runtime keeps its own copy; ours must not keep the context alive.
    private readonly WeakReference<SessionCode> _code = new(code);

    public Assembly Load(byte[] bytes)
    {
        using var file = new MemoryStream(bytes, writable: false);
        return LoadFromStream(file);
    }

    protected override Assembly? Load(AssemblyName assemblyName) =>
        _code.TryGetTarget(out var code) && assemblyName.Name is { } name ? code.ResolveReference(name) : null;
}
