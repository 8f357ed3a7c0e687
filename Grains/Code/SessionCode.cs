using System.Collections.Concurrent;
using System.Reflection;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Grains.Code;

/// <summary>
/// One session's view of code on this silo: what is deployed, if it is the same build, else what the session brought, in a
/// load context of its own that goes when the session ends. So two sessions may use two builds of one assembly side by side.
/// </summary>
public sealed class SessionCode : ICodeResolver
{
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<AssemblyIdentity, Assembly> _loaded = new();
    private readonly Dictionary<string, (AssemblyIdentity Identity, byte[] Bytes)> _shipped = new(StringComparer.OrdinalIgnoreCase);
    private SessionLoadContext? _context;
    private readonly bool _unloads;
    private readonly ICodeResolver _deployed;
    private bool _ended;

    /// <summary>Code of one session.</summary>
    /// <param name="session">Whose.</param>
    /// <param name="options">Whether it may bring any.</param>
    public SessionCode(SessionId session, CodeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Session = session;
        _unloads = options.UnloadsCode;
        _deployed = options.Deployed;
        Decoding = new PayloadDecoding { Code = this, Policy = options.AllowClientCode ? null : new FunctionPolicy(options.FunctionAssemblies) };
    }

    /// <summary>Whose code.</summary>
    public SessionId Session { get; }

    /// <summary>For <see cref="Payload.Decode(Type, PayloadDecoding)"/>: this code, under this silo's policy.</summary>
    public PayloadDecoding Decoding { get; }

    /// <summary>Is it deployed or brought, so that a payload that needs it can be decoded?</summary>
    public bool Has(AssemblyIdentity id)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (_loaded.ContainsKey(id) || _deployed.Resolve(id) is not null)
        {
            return true;
        }

        lock (_lock)
        {
            return _shipped.TryGetValue(id.Name, out var shipped) && shipped.Identity == id;
        }
    }

    /// <summary>Adds an assembly the session brought. It is loaded when it is first needed.</summary>
    /// <exception cref="CodeException">The session already uses another build of that name.</exception>
    public void Add(AssemblyIdentity id, byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(id);
        lock (_lock)
        {
            if (_shipped.TryGetValue(id.Name, out var other) && other.Identity != id)
            {
                throw new CodeException($"The session already runs another build of {id.Name}: {other.Identity.Sha256}, now asked for {id.Sha256}. "
                    + "One session has one build of an assembly: connect again for a new one.");
            }

            _shipped[id.Name] = (id, bytes);
        }
    }

    /// <inheritdoc/>
    public Assembly? Resolve(AssemblyIdentity id)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (_loaded.TryGetValue(id, out var assembly))
        {
            return assembly;
        }

        // Same build deployed: its types are then the silo's own, and a client inside this process meets its own types again.
        if ((_deployed.Resolve(id) ?? LoadShipped(id.Name, id)) is not { } found)
        {
            return null;
        }

        _loaded.TryAdd(id, found);
        return found;
    }

    /// <summary>Lets go of all its code. The runtime unloads it when nothing refers to its objects any more.</summary>
    public void End()
    {
        SessionLoadContext? context;
        lock (_lock)
        {
            _ended = true;
            context = _context;
            _context = null;
            _shipped.Clear();
        }

        _loaded.Clear();
        if (_unloads)
        {
            context?.Unload();
        }
    }

    /// <summary>For references between assemblies, which know only names.</summary>
    internal Assembly? ResolveReference(string name)
    {
        AssemblyIdentity? id;
        lock (_lock)
        {
            id = _shipped.TryGetValue(name, out var shipped) ? shipped.Identity : null;
        }

        return id is null ? null : Resolve(id);
    }

    private Assembly? LoadShipped(string name, AssemblyIdentity id)
    {
        lock (_lock)
        {
            if (_ended || !_shipped.TryGetValue(name, out var shipped) || shipped.Identity != id)
            {
                return null;
            }

            _context ??= new SessionLoadContext(this, _unloads);
            var assembly = _context.Load(shipped.Bytes);
            if (assembly.ManifestModule.ModuleVersionId != id.Mvid || !string.Equals(assembly.GetName().Name, id.Name, StringComparison.OrdinalIgnoreCase))
            {
                throw new CodeException($"The assembly brought as {id} calls itself {assembly.GetName().Name}, module {assembly.ManifestModule.ModuleVersionId}: it is not what the client said.");
            }

            LoadedCode.Register(assembly, id);
            return assembly;
        }
    }
}
