namespace Orleans.Dask.Grains.Interfaces;

/// <summary>Which build of which assembly: two builds of one name are two identities, and code of one never runs for the other.</summary>
/// <param name="Name">Simple name, without version or extension.</param>
/// <param name="Sha256">SHA-256 of the assembly's file, 64 lower-case hexadecimal digits.</param>
/// <param name="Mvid">The module version id the compiler gave this build.</param>
[GenerateSerializer, Immutable, Alias("dask.AssemblyIdentity")]
public sealed record AssemblyIdentity(
    [property: Id(0)] string Name,
    [property: Id(1)] string Sha256,
    [property: Id(2)] Guid Mvid)
{
    /// <summary>Name and the first digits of the hash, as errors show it.</summary>
    public override string ToString() => $"{Name} ({(Sha256.Length > 12 ? Sha256[..12] : Sha256)})";
}
