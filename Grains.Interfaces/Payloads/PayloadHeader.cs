using System.Buffers.Binary;
using System.Text;

namespace Orleans.Dask.Grains.Interfaces.Payloads;

/// <summary>Front and back of a payload: magic and flags, and the table of the assemblies it needs.</summary>
internal static class PayloadHeader
{
    private const int IdentityBytes = 32 + 16;
    private const int LongestName = 512;

    public static void Split(ReadOnlySpan<byte> payload, out ReadOnlySpan<byte> body, out ReadOnlySpan<byte> table)
    {
        if (payload.Length < 3 || payload[0] != PayloadWriter.Magic || payload[1] > PayloadWriter.HasAssemblies)
        {
            throw new PayloadException(payload.Length < 3
                ? $"a payload has at least 3 bytes, found {payload.Length}."
                : $"a payload begins with {PayloadWriter.Magic:X2} and flags, found {payload[0]:X2} {payload[1]:X2}: not a payload, or of a newer version.");
        }

        if (payload[1] == 0)
        {
            body = payload[2..];
            table = default;
            return;
        }

        var length = payload.Length < 7 ? -1 : BinaryPrimitives.ReadInt32LittleEndian(payload[^4..]);
        if (length < 1 || length > payload.Length - 6)
        {
            throw new PayloadException($"its table of assemblies claims {length:N0} bytes of {payload.Length:N0}: the payload is cut short or damaged.");
        }

        var end = payload.Length - 4;
        body = payload[2..(end - length)];
        table = payload[(end - length)..end];
    }

    public static AssemblyIdentity[] ReadTable(ReadOnlySpan<byte> table)
    {
        if (table.IsEmpty)
        {
            return [];
        }

        var count = ReadCount(ref table, "assemblies", IdentityBytes + 1);
        var assemblies = new AssemblyIdentity[count];
        for (var i = 0; i < count; i++)
        {
            var length = ReadCount(ref table, "letters in an assembly's name", 1);
            if (length > LongestName || table.Length < length + IdentityBytes)
            {
                throw new PayloadException($"its table of assemblies is cut short at entry {i}.");
            }

            var name = Encoding.UTF8.GetString(table[..length]);
            table = table[length..];
            assemblies[i] = new AssemblyIdentity(name, Convert.ToHexStringLower(table[..32]), new Guid(table[32..IdentityBytes]));
            table = table[IdentityBytes..];
        }

        return assemblies;
    }

    private static int ReadCount(ref ReadOnlySpan<byte> table, string what, int bytesEach)
    {
        var count = 0;
        for (var shift = 0; shift < 28; shift += 7)
        {
            if (table.IsEmpty)
            {
                break;
            }

            var next = table[0];
            table = table[1..];
            count |= (next & 0x7F) << shift;
            if (next < 0x80)
            {
                return count <= table.Length / bytesEach
                    ? count
                    : throw new PayloadException($"its table announces {count:N0} {what}, but only {table.Length:N0} bytes are left.");
            }
        }

        throw new PayloadException($"its table of assemblies has no number of {what}.");
    }
}
