using System.Numerics;

namespace Orleans.Dask.Files;

/// <summary>
/// A fractal heap, where large groups keep their links: blocks in rows that double in size, direct ones with the objects, and
/// above a size indirect ones with rows of their own. An object's place counts through all direct blocks, their beginnings included.
/// </summary>
internal sealed class Hdf5Heap
{
    private const string What = "a heap of links";
    private readonly Hdf5Source _source;
    private readonly int _offsetBytes, _lengthBytes, _width, _rootRows, _directRows;
    private readonly long _first, _root;

    public Hdf5Heap(Hdf5Source source, long address)
    {
        _source = source;
        var (each, length) = (source.Numbering.AddressSize, source.Numbering.CountSize);
        var head = source.Take(address, 26 + (12 * length) + (3 * each), What, isChecked: true).Expect("FRHP"u8);
        head.Version(0, 0);
        var (_, filters, _, largest) = (head.Short(), head.Short(), head.Byte(), head.Int());
        _width = head.Skip((10 * length) + (2 * each)).Short();
        _first = head.Count();
        var most = head.Count();
        var bits = head.Short();
        head.Skip(2);
        (_root, _rootRows) = (head.Address(), head.Short());
        if (filters != 0 || _first < 1 || most < _first || !BitOperations.IsPow2(_first) || !BitOperations.IsPow2(most) || bits is < 1 or > 64 || !BitOperations.IsPow2(_width))
        {
            throw filters != 0 ? source.Foreign($"{What} is packed", "a plain one") : head.Damaged($"has blocks of {_first} to {most} bytes, {_width} a row and places of {bits} bits");
        }

        _offsetBytes = (bits + 7) / 8;
        _lengthBytes = Math.Min((BitOperations.Log2((ulong)most) + 7) / 8, (BitOperations.Log2((ulong)largest) / 8) + 1);
        _directRows = BitOperations.Log2((ulong)most) - BitOperations.Log2((ulong)_first) + 2;
    }

    /// <param name="id">Place and length of an object.</param>
    public Hdf5Cursor Object(Hdf5Cursor id)
    {
        var kind = id.Byte();
        if (kind != 0)
        {
            throw _source.Foreign($"{What} has an object of kind {kind}", "one within its blocks");
        }

        return Find(_root, _rootRows, id.Number(_offsetBytes), id.Number(_lengthBytes), 0);
    }

    private Hdf5Cursor Find(long block, int rows, long offset, long count, int depth)
    {
        _source.CheckDepth(depth, What);
        if (rows == 0)
        {
            _source.Begin(block, 4, What).Expect("FHDB"u8);
            _source.CheckBounds(block, offset, What);
            return _source.Take(block + offset, count, What);
        }

        // Rows 0 and 1 have blocks of the first size, each later row of twice the size.
        var row = 0;
        var (size, before) = ((Int128)_first, (Int128)0);
        while (row < rows && offset - before >= size * _width)
        {
            before += size * _width;
            size = row == 0 ? size : size * 2;
            row++;
        }

        if (row >= rows)
        {
            throw _source.Damaged($"{What} has an object at {offset}, beyond its {rows} rows");
        }

        var (column, within) = Int128.DivRem(offset - before, size);
        var at = _source.Numbering.AddressSize;
        var head = 5L + at + _offsetBytes;
        _source.Begin(block, 4, What).Expect("FHIB"u8);
        _source.CheckBounds(block, head, What);
        var child = _source.Take(block + head + (((row * (long)_width) + (long)column) * at), at, What).Address();

        // An indirect block has as many rows as make up its size.
        return Find(child, row < _directRows ? 0 : row - BitOperations.Log2((uint)_width), (long)within, count, depth + 1);
    }
}
