using System.Numerics;

namespace Orleans.Dask.Files;

/// <summary>The records of a B-tree of version 2, in order.</summary>
internal sealed class Hdf5Records(Hdf5Source source, long address)
{
    /// <summary>Kinds of record.</summary>
    public const int LinkNames = 5, Chunks = 10, PackedChunks = 11;

    /// <summary>Signature, version and kind before a node's records; the checksum after them.</summary>
    private const int Frame = 10;

    private const string What = "a tree of records";

    /// <param name="kind">What they are to be.</param>
    public IEnumerable<Hdf5Cursor> Read(int kind)
    {
        var head = source.Take(address, 22 + source.Numbering.AddressSize + source.Numbering.CountSize, What, isChecked: true).Expect("BTHD"u8);
        head.Version(0, 0);
        var (found, nodeSize, recordSize, depth) = (head.Byte(), head.Int(), head.Short(), head.Short());
        var (root, count) = (head.Skip(2).Address(), head.Short());
        if (found != kind || recordSize < 1 || nodeSize < Frame + recordSize)
        {
            throw head.Damaged($"has records of kind {found} and {recordSize} bytes in nodes of {nodeSize}, expected kind {kind}");
        }

        // What a node can hold, level by level, says in how many bytes its children are counted.
        source.CheckDepth(depth, What);
        var most = (nodeSize - Frame) / recordSize;
        var countBytes = Bytes(most);
        var allBytes = new int[depth + 1];
        for (var level = 1; level <= depth; level++)
        {
            var pointer = source.Numbering.AddressSize + countBytes + allBytes[level - 1];
            var here = (nodeSize - Frame - pointer) / (recordSize + pointer);
            most = (Int128)(here + 1) * most + here is var all && all > 0 && all < long.MaxValue ? (long)all : throw head.Damaged($"has a depth of {depth}");
            allBytes[level] = Bytes(most);
        }

        return root < 0 ? [] : Node(root, count, depth);

        IEnumerable<Hdf5Cursor> Node(long at, long records, int level)
        {
            var inner = level > 0;
            var pointer = source.Numbering.AddressSize + countBytes + (inner ? allBytes[level - 1] : 0);
            var node = source.Take(at, Frame + (records * recordSize) + (inner ? (records + 1) * pointer : 0), What, isChecked: true).Expect(inner ? "BTIN"u8 : "BTLF"u8);
            node.Version(0, 0);
            var own = node.Skip(1).Part(records * recordSize);
            for (var i = 0L; i <= records; i++)
            {
                if (inner)
                {
                    var (child, below) = (node.Address(), node.Number(countBytes));
                    node.Skip(allBytes[level - 1]);
                    foreach (var record in Node(child, below, level - 1))
                    {
                        yield return record;
                    }
                }

                if (i < records)
                {
                    yield return own.Part(recordSize);
                }
            }
        }
    }

    private static int Bytes(long most) => (BitOperations.Log2((ulong)most) / 8) + 1;
}
