using System.Collections.Concurrent;
using System.Reflection;
using System.Text;
using Orleans.Embedded.Serialization;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>A grain or observer interface as the wire knows it. One per interface and process.</summary>
internal sealed class GrainInterface
{
    internal GrainInterface(Type type, string alias) => (Type, Alias) = (type, alias);

    public Type Type { get; }

    /// <summary>Its name on the wire: its alias, else its full name; of a generic interface with its arguments.</summary>
    public string Alias { get; }

    /// <summary>The methods that this interface declares itself, by <see cref="GrainMethod.Index"/>. Inherited ones belong to their own interface.</summary>
    public IReadOnlyList<GrainMethod> Methods { get; internal set; } = [];

    internal Func<GrainId, IGrainRuntime, GrainReference> CreateProxy { get; set; } = null!;

    public override string ToString() => Alias;
}

/// <summary>All grain interfaces this process has met. Their proxies and calls are emitted at the first meeting.</summary>
internal static class GrainInterfaces
{
    private static readonly ConcurrentDictionary<Type, Lazy<GrainInterface>> _byType = new();
    private static readonly ConcurrentDictionary<string, GrainInterface> _byAlias = new(StringComparer.Ordinal);

    /// <exception cref="GrainContractException">The interface could not be called on every engine; the message says what to change.</exception>
    public static GrainInterface Get(Type type) => _byType.GetOrAdd(type, static type => new Lazy<GrainInterface>(() => Create(type))).Value;

    /// <summary>The interface a peer means; null when no registered assembly has it.</summary>
    public static GrainInterface? Find(string alias)
    {
        if (_byAlias.TryGetValue(alias, out var known))
        {
            return known;
        }

        var type = WireTypes.FindType(alias);
        return type is { IsInterface: true } && type.IsAssignableTo(typeof(IAddressable)) ? Get(type) : null;
    }

    private static GrainInterface Create(Type type)
    {
        WireTypes.Register(type.Assembly);
        WireContracts.Check(type);
        var made = new GrainInterface(type, Encoding.UTF8.GetString(WireTypes.NameOf(type)));
        GrainInterfaceEmitter.Emit(made);
        _byAlias[made.Alias] = made;
        return made;
    }

    /// <summary>The methods a type of grain interface declares, sorted by their name on the wire.</summary>
    internal static MethodInfo[] MethodsOf(Type type) =>
        [.. type.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly).OrderBy(NameOf, StringComparer.Ordinal)];

    internal static string NameOf(MethodInfo method) => method.GetCustomAttribute<AliasAttribute>()?.Alias ?? method.Name;
}

/// <summary>Makes typed references to grains and observers.</summary>
internal static class ProxyFactory
{
    /// <summary>A reference that implements <paramref name="grainInterface"/> and hands its calls to <paramref name="runtime"/>.</summary>
    public static GrainReference Create(Type grainInterface, GrainId id, IGrainRuntime runtime) =>
        GrainInterfaces.Get(grainInterface).CreateProxy(id, runtime);
}
