using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>Which state of which grain. Any text may stand in either, so no store takes the text itself for a path or a key.</summary>
internal readonly record struct RecordName(string State, GrainId Grain)
{
    /// <summary>For people: not every two names differ in it.</summary>
    public override string ToString() => $"'{State}' of {Grain}";

    /// <summary>Tells any two names apart.</summary>
    public byte[] Hash()
    {
        var exact = string.Create(CultureInfo.InvariantCulture, $"{State.Length}:{State}|{Grain.Type.Value.Length}:{Grain}");

        // All characters as they are: in UTF-8 all halves of surrogate pairs would be the same.
        return SHA256.HashData(MemoryMarshal.AsBytes(exact.AsSpan()));
    }
}
