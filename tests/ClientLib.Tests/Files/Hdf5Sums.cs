using System.Buffers.Binary;
using System.Text;
using Orleans.Dask.Files;

namespace Orleans.Dask.ClientLib.Tests.Files;

/// <summary>Makes the checksums of an HDF5 file of the latest format fit again, as one would who means harm.</summary>
internal static class Hdf5Sums
{
    private static readonly byte[][] s_signatures = [.. ((string[])["OHDR", "OCHK", "FRHP", "FHDB", "FHIB", "BTHD", "BTLF", "BTIN", "FAHD", "FADB", "EAHD", "EAIB", "EASB", "EADB"]).Select(Encoding.ASCII.GetBytes)];

    /// <summary>Where each structure ends was learnt from the good file: its checksum is the first four bytes that were one.</summary>
    public static List<(int Start, int End)> Find(byte[] good)
    {
        var found = new List<(int, int)>();
        if (good.AsSpan(0, 9)[8] >= 2)
        {
            found.Add((0, 44));
        }

        for (var at = 0; at + 8 < good.Length; at++)
        {
            var here = at;
            if (Array.Exists(s_signatures, s => good.AsSpan(here, 4).SequenceEqual(s)))
            {
                for (var end = at + 4; end + 4 <= good.Length && end < at + 2048; end++)
                {
                    if (Hdf5Checksum.Lookup3(good.AsSpan(at, end - at)) == BinaryPrimitives.ReadUInt32LittleEndian(good.AsSpan(end)))
                    {
                        found.Add((at, end));
                        break;
                    }
                }
            }
        }

        return found;
    }

    public static void Mend(byte[] bytes, List<(int Start, int End)> sums)
    {
        foreach (var (start, end) in sums.Where(s => s.End + 4 <= bytes.Length))
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(end), Hdf5Checksum.Lookup3(bytes.AsSpan(start, end - start)));
        }
    }
}
