using Orleans.Concurrency;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>A silo's part of the grain directory, as other silos call it.</summary>
[Alias("sys.IDirectory")]
internal interface IDirectoryTarget : IGrainWithStringKey
{
    [Alias("Lookup"), AlwaysInterleave]
    ValueTask<DirectoryAnswer> LookupAsync(GrainId grain, long version);

    [Alias("Register"), AlwaysInterleave]
    ValueTask<DirectoryAnswer> RegisterAsync(GrainId grain, SiloAddress silo, long number, long version);

    [Alias("Unregister"), AlwaysInterleave]
    ValueTask UnregisterAsync(GrainId grain, SiloAddress silo, long number);

    /// <summary>What the sender hosts of the receiver's part, at a new version of the ring.</summary>
    [Alias("Handoff"), AlwaysInterleave]
    ValueTask HandoffAsync(SiloAddress from, long version, DirectoryEntry[] entries, bool last);

    /// <summary>An activation of the receiver's lost against an older one.</summary>
    [Alias("Lost"), OneWay]
    ValueTask LostAsync(GrainId grain, long number, SiloAddress winner);
}

/// <summary>Where a grain is, or that the one asked does not own it.</summary>
/// <param name="Silo">Where it is; null: nowhere.</param>
/// <param name="Stale">The one asked does not own the grain at <paramref name="Version"/>.</param>
[GenerateSerializer, Immutable, Alias("sys.DirectoryAnswer")]
internal readonly record struct DirectoryAnswer([property: Id(0)] SiloAddress? Silo, [property: Id(1)] bool Stale, [property: Id(2)] long Version);

/// <summary>One activation in the directory.</summary>
[GenerateSerializer, Immutable, Alias("sys.DirectoryEntry")]
internal readonly record struct DirectoryEntry([property: Id(0)] GrainId Grain, [property: Id(1)] long Number);
