using System.Buffers;
using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Orleans.Dask.Grains.Interfaces;

/// <summary>Assemblies of .NET itself: every process has them, so they travel by simple name and are never shipped.</summary>
internal static class Framework
{
    // Keys Microsoft signs the shared frameworks with. A name alone could be anybody's.
    private static readonly HashSet<string> Keys = ["7cec85d7bea7798e", "b03f5f7f11d50a3a", "b77a5c561934e089", "cc7b13ffcd2ddd51", "adb9793829ddae60"];

    private static readonly SearchValues<char> NotInNames = SearchValues.Create(",=\\/\"'");
    private static readonly string[] Folders = FindFolders();

    // Weak in the assembly, so that a session's code can be unloaded.
    private static readonly ConditionalWeakTable<Assembly, StrongBox<bool>> Known = new();
    private static readonly ConcurrentDictionary<string, Assembly> Found = new(StringComparer.Ordinal);

    public static bool Contains(Assembly assembly) =>
        Known.TryGetValue(assembly, out var known) ? known.Value : Known.GetValue(assembly, static a => new StrongBox<bool>(IsFramework(a))).Value;

    private static bool IsFramework(Assembly assembly)
    {
        if (assembly == typeof(object).Assembly)
        {
            return true;
        }

        if (assembly.IsDynamic || assembly.IsCollectible || !Keys.Contains(KeyOf(assembly.GetName())))
        {
            return false;
        }

        // A single-file program has no locations; there only the runtime's own names are taken for framework.
        return assembly.Location.Length == 0
            ? assembly.GetName().Name is { } name && name.StartsWith("System.", StringComparison.Ordinal)
            : Array.Exists(Folders, folder => string.Equals(folder, Path.GetDirectoryName(assembly.Location), StringComparison.Ordinal));
    }

    /// <summary>The framework's assembly of that name; null when this runtime has none, or when it is somebody else's.</summary>
    public static Assembly? Find(string name)
    {
        if (Found.TryGetValue(name, out var found))
        {
            return found;
        }

        if (!IsSimpleName(name))
        {
            return null;
        }

        try
        {
            var assembly = AssemblyLoadContext.Default.LoadFromAssemblyName(new AssemblyName(name));
            return Contains(assembly) ? Found.GetOrAdd(name, assembly) : null;
        }
        catch (Exception error) when (error is IOException or BadImageFormatException)
        {
            return null;
        }
    }

    /// <summary>A name and nothing else: an assembly's display name could say versions, keys and places.</summary>
    public static bool IsSimpleName(string name) => name.Length is > 0 and <= 256 && !name.AsSpan().ContainsAny(NotInNames);

    private static string KeyOf(AssemblyName name) => Convert.ToHexStringLower(name.GetPublicKeyToken() ?? []);

    // Beside the core library, and beside the other shared frameworks this process started with (ASP.NET Core).
    private static string[] FindFolders()
    {
        var folders = new HashSet<string>(StringComparer.Ordinal);
        if (Path.GetDirectoryName(typeof(object).Assembly.Location) is { Length: > 0 } core)
        {
            folders.Add(core);
            var shared = Path.GetDirectoryName(Path.GetDirectoryName(core));
            var trusted = AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "";
            foreach (var path in trusted.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            {
                var folder = Path.GetDirectoryName(path);
                if (folder is not null && shared is { Length: > 0 } && Path.GetDirectoryName(Path.GetDirectoryName(folder)) == shared
                    && Path.GetFileName(Path.GetDirectoryName(folder))!.StartsWith("Microsoft.", StringComparison.Ordinal))
                {
                    folders.Add(folder);
                }
            }
        }

        return [.. folders];
    }
}
