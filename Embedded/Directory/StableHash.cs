using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>A hash that is the same in every process and on every machine, unlike that of <see cref="string"/>.</summary>
internal static class StableHash
{
    private const ulong Seed = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    public static ulong Of(GrainId id) => Mix(Add(Add(Seed, id.Type.Value) * Prime, id.Key.Value));

    public static ulong Of(string text) => Mix(Add(Seed, text));

    private static ulong Add(ulong hash, string text)
    {
        foreach (var c in text)
        {
            hash = (hash ^ c) * Prime;
        }

        return hash;
    }

    // FNV alone leaves keys that differ in their last letter close together: on a ring they would all go to one silo.
    private static ulong Mix(ulong hash)
    {
        hash ^= hash >> 33;
        hash *= 0xff51afd7ed558ccd;
        hash ^= hash >> 33;
        hash *= 0xc4ceb9fe1a85ec53;
        return hash ^ (hash >> 33);
    }
}
