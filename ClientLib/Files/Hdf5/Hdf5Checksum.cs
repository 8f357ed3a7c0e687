using System.Buffers.Binary;
using System.Numerics;

namespace Orleans.Dask.Files;

/// <summary>The two checksums of HDF5: Bob Jenkins' lookup3 over structures, Fletcher's over chunks.</summary>
internal static class Hdf5Checksum
{
    public static uint Lookup3(ReadOnlySpan<byte> bytes)
    {
        var a = 0xdeadbeef + (uint)bytes.Length;
        var (b, c) = (a, a);
        while (bytes.Length > 12)
        {
            a += BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            b += BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            c += BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
            a = (a - c) ^ BitOperations.RotateLeft(c, 4);
            c += b;
            b = (b - a) ^ BitOperations.RotateLeft(a, 6);
            a += c;
            c = (c - b) ^ BitOperations.RotateLeft(b, 8);
            b += a;
            a = (a - c) ^ BitOperations.RotateLeft(c, 16);
            c += b;
            b = (b - a) ^ BitOperations.RotateLeft(a, 19);
            a += c;
            c = (c - b) ^ BitOperations.RotateLeft(b, 4);
            b += a;
            bytes = bytes[12..];
        }

        if (bytes.IsEmpty)
        {
            return c;
        }

        Span<byte> last = stackalloc byte[12];
        last.Clear();
        bytes.CopyTo(last);
        a += BinaryPrimitives.ReadUInt32LittleEndian(last);
        b += BinaryPrimitives.ReadUInt32LittleEndian(last[4..]);
        c += BinaryPrimitives.ReadUInt32LittleEndian(last[8..]);
        c = (c ^ b) - BitOperations.RotateLeft(b, 14);
        a = (a ^ c) - BitOperations.RotateLeft(c, 11);
        b = (b ^ a) - BitOperations.RotateLeft(a, 25);
        c = (c ^ b) - BitOperations.RotateLeft(b, 16);
        a = (a ^ c) - BitOperations.RotateLeft(c, 4);
        b = (b ^ a) - BitOperations.RotateLeft(a, 14);
        return (c ^ b) - BitOperations.RotateLeft(b, 24);
    }

    /// <summary>Over words of 16 bits, most significant byte first.</summary>
    public static uint Fletcher32(ReadOnlySpan<byte> bytes)
    {
        uint low = 0, high = 0;
        while (bytes.Length > 1)
        {
            // So many words can't overflow 32 bits.
            for (var words = Math.Min(360, bytes.Length / 2); words > 0; words--, bytes = bytes[2..])
            {
                low += BinaryPrimitives.ReadUInt16BigEndian(bytes);
                high += low;
            }

            (low, high) = (Fold(low), Fold(high));
        }

        if (bytes.Length == 1)
        {
            low += (uint)bytes[0] << 8;
            high += low;
            (low, high) = (Fold(low), Fold(high));
        }

        return (Fold(high) << 16) | Fold(low);
    }

    private static uint Fold(uint sum) => (sum & 0xffff) + (sum >> 16);
}
