using System.Reflection;

namespace Orleans.Dask.Grains.Interfaces;

/// <summary>Turns the identities a payload names into loaded code. Decoding is synchronous: whatever must be fetched is fetched before.</summary>
public interface ICodeResolver
{
    /// <summary>The loaded assembly of exactly this identity.</summary>
    /// <returns>Null when this process does not have it; decoding then fails and names it.</returns>
    Assembly? Resolve(AssemblyIdentity id);
}
