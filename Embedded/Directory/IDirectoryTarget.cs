using Orleans.Concurrency;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>A silo's part of the grain directory, as other silos call it.</summary>
[Alias("sys.IDirectory")]
internal interface IDirectoryTarget : IGrainWithStringKey
{
    [Alias("Lookup"), AlwaysInterleave, ResponseTimeout("00:00:05")]
    ValueTask<DirectoryAnswer> LookupAsync(GrainId grain, long version);

    [Alias("Register"), AlwaysInterleave, ResponseTimeout("00:00:05")]
    ValueTask<DirectoryAnswer> RegisterAsync(GrainId grain, SiloAddress silo, long number, long version);

    [Alias("Unregister"), AlwaysInterleave]
    ValueTask UnregisterAsync(GrainId grain, SiloAddress silo, long number, long version);

    /// <summary>What the sender hosts of the receiver's part, at a new version of the ring.</summary>
    /// <returns>Those of them that came second.</returns>
    [Alias("Handoff"), AlwaysInterleave]
    ValueTask<DirectoryConflict[]> HandoffAsync(SiloAddress from, long version, DirectoryEntry[] entries, bool last);
}

/// <summary>Where a grain is, or that the one asked does not own it.</summary>
/// <param name="Silo">Where it is; null: nowhere.</param>
/// <param name="Stale">The one asked does not own the grain at <paramref name="Version"/>.</param>
[GenerateSerializer, Immutable, Alias("sys.DirectoryAnswer")]
internal readonly record struct DirectoryAnswer([property: Id(0)] SiloAddress? Silo, [property: Id(1)] bool Stale, [property: Id(2)] long Version);

/// <summary>One activation in the directory.</summary>
[GenerateSerializer, Immutable, Alias("sys.DirectoryEntry")]
internal readonly record struct DirectoryEntry([property: Id(0)] GrainId Grain, [property: Id(1)] long Number);

/// <summary>An activation of the silo that told of it, and the silo of the older one.</summary>
[GenerateSerializer, Immutable, Alias("sys.DirectoryConflict")]
internal readonly record struct DirectoryConflict([property: Id(0)] GrainId Grain, [property: Id(1)] long Number, [property: Id(2)] SiloAddress Winner);
