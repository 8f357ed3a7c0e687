using System.Reflection;
using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>What is known of a grain class: read once from its attributes, shared by all silos of the process.</summary>
internal sealed class GrainClass
{
    private static readonly RandomPlacement DefaultPlacement = new();

    public GrainClass(Type type)
    {
        Type = type;
        GrainType = TypeOf(type);
        Interfaces = [.. type.GetInterfaces().Where(IsGrainInterface)];
        Reentrant = type.IsDefined(typeof(ReentrantAttribute), inherit: true);
        Placement = type.GetCustomAttribute<PlacementAttribute>(inherit: true)?.PlacementStrategy ?? DefaultPlacement;
        if (type.GetCustomAttribute<StatelessWorkerAttribute>(inherit: true) is { } worker)
        {
            // As many as processors, like Orleans; read here and not at each call.
            MaxLocalWorkers = worker.MaxLocalWorkers > 0 ? worker.MaxLocalWorkers : System.Environment.ProcessorCount;
        }

        StreamNamespaces = [.. type.GetCustomAttributes<ImplicitStreamSubscriptionAttribute>(inherit: true).Select(a => a.Namespace)];
        Constructor = new GrainConstructor(type);
        Hosted = new HostedGrain
        {
            Type = GrainType.Value,
            ClassName = type.FullName!,
            // Asking for an interface checks its contract: a silo with a grain that cannot be called does not start.
            Interfaces = [.. Interfaces.Select(i => GrainInterfaces.Get(i).Alias)],
            StreamNamespaces = StreamNamespaces,
        };
    }

    public Type Type { get; }

    public GrainType GrainType { get; }

    /// <summary>Interfaces by which the grain can be called.</summary>
    public Type[] Interfaces { get; }

    public bool Reentrant { get; }

    public PlacementStrategy Placement { get; }

    /// <summary>0: one activation in the cluster; else so many in every silo.</summary>
    public int MaxLocalWorkers { get; }

    public bool IsStatelessWorker => MaxLocalWorkers > 0;

    /// <summary>Streams of these namespaces deliver to the grain with the stream's key.</summary>
    public string[] StreamNamespaces { get; }

    public GrainConstructor Constructor { get; }

    /// <summary>What other nodes are told of the class.</summary>
    public HostedGrain Hosted { get; }

    public static bool IsGrainClass(Type type) =>
        type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false }
        && typeof(IGrainBase).IsAssignableFrom(type);

    public static bool IsGrainInterface(Type type) =>
        type.IsInterface
        && typeof(IGrain).IsAssignableFrom(type)
        && type.Namespace + "." + type.Name is not ("Orleans.IGrain" or "Orleans.IGrainWithStringKey" or "Orleans.IGrainWithGuidKey" or "Orleans.IGrainWithIntegerKey");

    private static GrainType TypeOf(Type type)
    {
        if (type.GetCustomAttribute<AliasAttribute>(inherit: false) is { } alias)
        {
            return GrainType.Create(alias.Alias);
        }

        var name = type.Name.ToLowerInvariant();
        return GrainType.Create(name.Length > 5 && name.EndsWith("grain", StringComparison.Ordinal) ? name[..^5] : name);
    }
}
