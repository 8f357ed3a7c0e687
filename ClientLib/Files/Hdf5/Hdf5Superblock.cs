namespace Orleans.Dask.Files;

/// <summary>Where an HDF5 file begins, how it counts, and where its root group lies. After the HDF5 file format specification, version 3.</summary>
internal static class Hdf5Superblock
{
    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'H', (byte)'D', (byte)'F', (byte)'\r', (byte)'\n', 0x1a, (byte)'\n'];

    /// <returns>Address of the root group's header.</returns>
    public static long Read(Hdf5Source source)
    {
        var start = Find(source);
        source.Number(new Hdf5Numbering(start, source.Length - start, 8, 8));
        var block = source.Begin(0, 96, "the superblock").Skip(8);
        var version = block.Version(0, 3);
        var (addressSize, countSize) = version < 2 ? (block.Skip(4).Byte(), block.Byte()) : (block.Byte(), block.Byte());
        if (addressSize is not (2 or 4 or 8) || countSize is not (2 or 4 or 8))
        {
            throw source.Damaged($"addresses of {addressSize} bytes and lengths of {countSize}, expected 2, 4 or 8");
        }

        source.Number(source.Numbering with { AddressSize = addressSize, CountSize = countSize });
        block.Skip(version == 0 ? 9 : version == 1 ? 13 : 1);
        var stated = block.Address();
        block.Address();
        var end = block.Address();
        if (version < 2)
        {
            block.Address();
            block.Address();
        }

        // A user's block may have been put before the file later: the signature tells where addresses count from.
        if (end < 0 || (stated != start && stated != 0))
        {
            throw source.Damaged($"the superblock at {start} says that it is at {stated} and the file ends at {end}");
        }

        var root = block.Address();
        if (version >= 2)
        {
            source.Take(0, block.Position + 4, "the superblock", isChecked: true);
        }

        // As libhdf5: the end counts from the file's own beginning, what is before included.
        source.Number(source.Numbering with { End = Math.Max(0, end - stated) });
        return root;
    }

    private static long Find(Hdf5Source source)
    {
        Span<byte> start = stackalloc byte[8];
        for (long at = 0; at <= source.Length - start.Length; at = at == 0 ? 512 : at * 2)
        {
            source.Read(at, start, "the signature");
            if (start.SequenceEqual(Signature))
            {
                return at;
            }
        }

        throw new ArrayFileException($"{source.Path} is not an HDF5 file: it has no signature \\x89HDF.");
    }
}
