using System.Collections.Concurrent;
using System.Reflection;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>The grain classes a silo hosts, by kind.</summary>
internal sealed class GrainCatalog
{
    private static readonly ConcurrentDictionary<Assembly, Type[]> Found = new();
    private static readonly ConcurrentDictionary<Type, GrainClass> Known = new();

    private readonly Dictionary<GrainType, GrainClass> _classes = [];

    public GrainCatalog(IEnumerable<Type> classes)
    {
        foreach (var type in classes.Distinct())
        {
            var grainClass = Known.GetOrAdd(type, static type => new GrainClass(type));
            if (!_classes.TryAdd(grainClass.GrainType, grainClass))
            {
                throw new OrleansConfigurationException(
                    $"{type} and {_classes[grainClass.GrainType].Type} are both grains of the kind '{grainClass.GrainType}'. Give one of them an [Alias] of its own.");
            }
        }
    }

    public IEnumerable<GrainClass> Classes => _classes.Values;

    public GrainClass? Find(GrainType type) => _classes.GetValueOrDefault(type);

    /// <summary>
    /// Grain classes of all assemblies that were loaded or that the program refers to, and that use this engine. Scanned once per
    /// process and assembly.
    /// </summary>
    public static IEnumerable<Type> ClassesOfProgram()
    {
        var engine = typeof(GrainCatalog).Assembly.GetName().Name;
        var assemblies = new Dictionary<string, Assembly>(StringComparer.Ordinal);
        var toVisit = new Queue<Assembly>(AppDomain.CurrentDomain.GetAssemblies());
        if (Assembly.GetEntryAssembly() is { } entry)
        {
            toVisit.Enqueue(entry);
        }

        while (toVisit.TryDequeue(out var assembly))
        {
            // Code shipped by a client lives in a collectible context: it brings tasks, never grains.
            if (assembly.IsDynamic || assembly.IsCollectible || !assemblies.TryAdd(assembly.FullName!, assembly))
            {
                continue;
            }

            var references = assembly.GetReferencedAssemblies();
            if (!Array.Exists(references, reference => reference.Name == engine))
            {
                continue;
            }

            foreach (var reference in references)
            {
                if (!IsFramework(reference.Name!) && !assemblies.ContainsKey(reference.FullName))
                {
                    toVisit.Enqueue(Assembly.Load(reference));
                }
            }
        }

        return assemblies.Values.Where(a => UsesEngine(a, engine!)).OrderBy(a => a.FullName, StringComparer.Ordinal).SelectMany(ClassesOf);
    }

    public static Type[] ClassesOf(Assembly assembly) => Found.GetOrAdd(assembly, static assembly => [.. assembly.GetTypes().Where(GrainClass.IsGrainClass)]);

    private static bool UsesEngine(Assembly assembly, string engine) =>
        assembly.GetName().Name == engine || Array.Exists(assembly.GetReferencedAssemblies(), reference => reference.Name == engine);

    private static bool IsFramework(string name) =>
        name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.", StringComparison.Ordinal) || name is "System" or "mscorlib" or "netstandard";
}
