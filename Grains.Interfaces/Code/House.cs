using System.Collections.Concurrent;
using System.Reflection;

namespace Orleans.Dask.Grains.Interfaces;

/// <summary>Our own assemblies and the engine's: every silo and client has them, so they are never shipped.</summary>
public static class House
{
    private static readonly HashSet<string> Names = new(
        ["Grains.Interfaces", "Grains", "ClientLib", "Streams", "Silo", "Embedded"], StringComparer.Ordinal);

    private static readonly ConcurrentDictionary<string, Assembly> Found = new(StringComparer.Ordinal);

    /// <summary>
    /// Is it one of ours? The whole list is meant: a program of a user may well be called Orleans.Dask.Something. Which version
    /// meets which is settled when a client connects, so these resolve by name alone.
    /// </summary>
    /// <param name="name">Simple name of an assembly.</param>
    public static bool Contains(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.StartsWith("Orleans.Dask.", StringComparison.Ordinal)
            ? Names.Contains(name["Orleans.Dask.".Length..])
            : name.StartsWith("Orleans.", StringComparison.Ordinal);
    }

    /// <summary>Our assembly of that name in this process; null when it is none of ours, or not here.</summary>
    internal static Assembly? Find(string name)
    {
        if (Found.TryGetValue(name, out var found))
        {
            return found;
        }

        return Contains(name) && LoadedCode.Deployed(name) is { } assembly ? Found.GetOrAdd(name, assembly) : null;
    }
}
