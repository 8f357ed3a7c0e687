using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using System.Security.Cryptography;

namespace Orleans.Dask.Grains.Interfaces;

/// <summary>The code of this process itself: what its own load contexts hold, found by name and proved by module version id.</summary>
public sealed class LoadedCode : ICodeResolver
{
    // Weak in the assembly, so that a session's code can be unloaded.
    private static readonly ConditionalWeakTable<Assembly, AssemblyIdentity> Identities = new();

    private static readonly ConditionalWeakTable<Assembly, AssemblyIdentity> Shipped = new();
    private static readonly ConditionalWeakTable<Assembly, string?> Everywhere = new();

    // Never collectible assemblies: those belong to sessions.
    private static readonly ConcurrentDictionary<AssemblyIdentity, Assembly> Found = new();

    private LoadedCode()
    {
    }

    /// <summary>The only instance: a process has one set of its own code.</summary>
    public static LoadedCode Instance { get; } = new();

    /// <summary>The identity of a loaded assembly, read from its file once.</summary>
    /// <exception cref="PayloadException">It has no file: made at run time, or bundled into a single-file program.</exception>
    public static AssemblyIdentity IdentityOf(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        return Identities.TryGetValue(assembly, out var known) ? known : Identities.GetValue(assembly, Identify);
    }

    /// <summary>Tells the identity of an assembly that was loaded from bytes instead of a file.</summary>
    public static void Register(Assembly assembly, AssemblyIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        Identities.AddOrUpdate(assembly, identity);
        Shipped.AddOrUpdate(assembly, identity);
    }

    /// <inheritdoc/>
    public Assembly? Resolve(AssemblyIdentity id)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (Found.TryGetValue(id, out var found))
        {
            return found;
        }

        if (Find(id) is not { } assembly)
        {
            return null;
        }

        // Only what was found is kept, so a stranger's inventions take no memory.
        Found.TryAdd(id, assembly);
        return assembly;
    }

    // A session's own, even where it is never unloaded: no other session may meet it.
    private static bool IsShipped(Assembly assembly) => Shipped.TryGetValue(assembly, out _);

    private static Assembly? Find(AssemblyIdentity id)
    {
        if (Deployed(id.Name) is { } deployed && (deployed.ManifestModule.ModuleVersionId == id.Mvid || House.Contains(id.Name)))
        {
            return deployed;
        }

        // Programs loaded by a host (test runners, notebooks, plug-ins) live in contexts of their own.
        foreach (var assembly in AppDomain.CurrentDomain.GetAssemblies())
        {
            if (!assembly.IsDynamic && !assembly.IsCollectible && !IsShipped(assembly) && assembly.ManifestModule.ModuleVersionId == id.Mvid
                && string.Equals(assembly.GetName().Name, id.Name, StringComparison.Ordinal))
            {
                return assembly;
            }
        }

        return null;
    }

    /// <summary>Does code of this assembly have to be brought to silos? Not when it is .NET's or ours.</summary>
    public static bool Ships(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        return NameEverywhere(assembly) is null;
    }

    /// <summary>The name under which every process has this assembly; null for a user's, which goes by its identity.</summary>
    internal static string? NameEverywhere(Assembly assembly) =>
        Everywhere.TryGetValue(assembly, out var name) ? name : Everywhere.GetValue(assembly, static a =>
            a.GetName().Name is { } simple && (Framework.Contains(a) || House.Find(simple) == a) ? simple : null);

    /// <summary>What this process itself would load under that simple name, whatever its build; null when nothing.</summary>
    public static Assembly? Deployed(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!Framework.IsSimpleName(name))
        {
            return null;
        }

        try
        {
            return AssemblyLoadContext.Default.LoadFromAssemblyName(new AssemblyName(name));
        }
        catch (Exception error) when (error is IOException or BadImageFormatException)
        {
            return null;   // not found is the answer, not a failure: the caller looks elsewhere
        }
    }

    private static AssemblyIdentity Identify(Assembly assembly)
    {
        var name = assembly.GetName().Name ?? "";
        if (assembly.IsDynamic)
        {
            throw new PayloadException($"code of the assembly '{name}' can't travel: it was made at run time and has no file. "
                + "Put the code into a project that is compiled to a .dll.");
        }

        if (assembly.Location.Length == 0)
        {
            throw new PayloadException($"code of the assembly '{name}' can't travel: it has no file of its own, because it is bundled into a single-file "
                + "program or was loaded from bytes. Publish without PublishSingleFile, or deploy the assembly beside the silos.");
        }

        using var file = File.OpenRead(assembly.Location);
        return new AssemblyIdentity(name, Convert.ToHexStringLower(SHA256.HashData(file)), assembly.ManifestModule.ModuleVersionId);
    }
}
