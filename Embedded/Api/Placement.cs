using Orleans.Runtime;

namespace Orleans.Runtime
{
    /// <summary>How to choose the silo of a new activation. A strategy is data; its director decides.</summary>
    [GenerateSerializer, Alias("Orleans.PlacementStrategy")]
    public abstract class PlacementStrategy;

    /// <summary>Any silo, all alike.</summary>
    [GenerateSerializer, Immutable, Alias("Orleans.RandomPlacement")]
    public sealed class RandomPlacement : PlacementStrategy;

    /// <summary>The caller's silo where it can, else any.</summary>
    [GenerateSerializer, Immutable, Alias("Orleans.PreferLocalPlacement")]
    public sealed class PreferLocalPlacement : PlacementStrategy;

    /// <summary>A silo by the hash of the grain's identity.</summary>
    [GenerateSerializer, Immutable, Alias("Orleans.HashBasedPlacement")]
    public sealed class HashBasedPlacement : PlacementStrategy;
}

namespace Orleans.Placement
{
    /// <summary>Gives a grain class its placement.</summary>
    [AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
    public abstract class PlacementAttribute(PlacementStrategy placement) : Attribute
    {
        public PlacementStrategy PlacementStrategy { get; } = placement ?? throw new ArgumentNullException(nameof(placement));
    }

    /// <inheritdoc cref="RandomPlacement"/>
    [AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
    public sealed class RandomPlacementAttribute() : PlacementAttribute(new RandomPlacement());

    /// <inheritdoc cref="PreferLocalPlacement"/>
    [AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
    public sealed class PreferLocalPlacementAttribute() : PlacementAttribute(new PreferLocalPlacement());

    /// <inheritdoc cref="HashBasedPlacement"/>
    [AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
    public sealed class HashBasedPlacementAttribute() : PlacementAttribute(new HashBasedPlacement());
}

namespace Orleans.Runtime.Placement
{
    /// <summary>Chooses silos for one kind of <see cref="PlacementStrategy"/>. Asked on the caller's silo or gateway.</summary>
    public interface IPlacementDirector
    {
        /// <summary>Request-context name of a <see cref="SiloAddress"/> where the caller wants the grain.</summary>
        public const string PlacementHintKey = nameof(PlacementHintKey);

        Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context);

        /// <returns>The hinted silo if it is among the compatible ones, else null.</returns>
        public static SiloAddress? GetPlacementHint(Dictionary<string, object>? requestContextData, SiloAddress[] compatibleSilos) =>
            requestContextData is not null
            && requestContextData.TryGetValue(PlacementHintKey, out var value)
            && value is SiloAddress hint
            && compatibleSilos.Contains(hint)
                ? hint
                : null;
    }

    /// <summary>What is to be placed.</summary>
    public readonly struct PlacementTarget(
        GrainId grainIdentity,
        Dictionary<string, object>? requestContextData,
        GrainInterfaceType interfaceType,
        ushort interfaceVersion)
    {
        public GrainId GrainIdentity { get; } = grainIdentity;

        public GrainInterfaceType InterfaceType { get; } = interfaceType;

        public ushort InterfaceVersion { get; } = interfaceVersion;

        public Dictionary<string, object>? RequestContextData { get; } = requestContextData;
    }

    /// <summary>The cluster as placement sees it.</summary>
    public interface IPlacementContext
    {
        /// <exception cref="OrleansException">No active silo has a class for the grain.</exception>
        SiloAddress[] GetCompatibleSilos(PlacementTarget target);

        SiloAddress LocalSilo { get; }

        SiloStatus LocalSiloStatus { get; }
    }
}

namespace Orleans.Runtime
{
    /// <summary>A grain interface by its name on the wire.</summary>
    public readonly record struct GrainInterfaceType(string Value)
    {
        public static GrainInterfaceType Create(string value) => new(value);

        public override string ToString() => Value;
    }
}
