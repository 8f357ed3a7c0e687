using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Orleans.Dask.Files;

/// <summary>How an HDF5 file counts: its superblock in four numbers, which travel with what reads it.</summary>
/// <param name="Start">Byte of the file that addresses count from: what stands before is the user's.</param>
/// <param name="End">First address beyond the file.</param>
/// <param name="AddressSize">Bytes of an address.</param>
/// <param name="CountSize">Bytes of a length.</param>
internal sealed record Hdf5Numbering(long Start, long End, int AddressSize, int CountSize);

/// <summary>
/// An open HDF5 file whose structures are taken one at a time, each within the file's bounds. What is taken in all is bounded
/// too, by twice the file: structures that refer to one another in a circle come to an end there.
/// </summary>
internal sealed class Hdf5Source(string path) : IDisposable
{
    /// <summary>An address or length that is not set.</summary>
    public const long Undefined = -1;

    /// <summary>Levels that no honest tree or heap exceeds.</summary>
    public const int MostDepth = 32;

    private const int ChecksumSize = sizeof(uint);
    private readonly SafeFileHandle _file = File.OpenHandle(path);
    private long _left = long.MaxValue;

    /// <summary>A file whose superblock is known.</summary>
    public Hdf5Source(string path, Hdf5Numbering numbering)
        : this(path) => Number(numbering);

    public string Path => path;

    /// <summary>All of the file.</summary>
    public long Length => RandomAccess.GetLength(_file);

    public Hdf5Numbering Numbering { get; private set; } = new(0, long.MaxValue, 8, 8);

    /// <summary>From here on addresses count as the superblock says.</summary>
    public void Number(Hdf5Numbering numbering)
    {
        var length = Length;
        if (numbering.End > length - numbering.Start)
        {
            throw new ArrayFileException($"{path} says that it has {numbering.Start + (Int128)numbering.End} bytes, but has {length}. The file was cut off.");
        }

        Numbering = numbering;
        _left = checked((2 * length) + 65_536);
    }

    /// <summary>The bytes at an address.</summary>
    /// <param name="address">As the file has it.</param>
    /// <param name="count">How many.</param>
    /// <param name="what">What is to lie there.</param>
    /// <param name="isChecked">Whether the last four are a checksum of the others; they are not handed out.</param>
    public Hdf5Cursor Take(long address, long count, string what, bool isChecked = false)
    {
        if (isChecked && count < ChecksumSize)
        {
            throw Damaged($"{what} has {count} bytes, too few for a checksum");
        }

        Spend(address, count, what);
        var bytes = new byte[count];
        Read(address, bytes, what);
        if (!isChecked)
        {
            return new Hdf5Cursor(this, bytes, what);
        }

        var own = bytes.AsMemory(0, bytes.Length - ChecksumSize);
        return Hdf5Checksum.Lookup3(own.Span) == BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(own.Length)) ? new Hdf5Cursor(this, own, what)
            : throw Damaged($"the checksum of {what} at {address} does not fit");
    }

    /// <summary>As many bytes as there are up to <paramref name="most"/>, of a structure that tells its own length.</summary>
    public Hdf5Cursor Begin(long address, long most, string what) =>
        Take(address, address >= 0 ? Math.Clamp(Numbering.End - address, 0, most) : 0, what);

    /// <summary>Fills a buffer from an address.</summary>
    public void Read(long address, Span<byte> bytes, string what)
    {
        CheckBounds(address, bytes.Length, what);
        for (var done = 0; done < bytes.Length;)
        {
            var read = RandomAccess.Read(_file, bytes[done..], Numbering.Start + address + done);
            done += read > 0 ? read : throw new ArrayFileException($"{path} ends within {what}. The file was cut off after it was opened.");
        }
    }

    /// <summary>Refuses what does not lie within the file.</summary>
    public void CheckBounds(long address, long count, string what)
    {
        if (address < 0 || count < 0 || address > Numbering.End || count > Numbering.End - address)
        {
            throw Damaged($"{what} is said to lie at {address} with {count} bytes, but the file ends at {Numbering.End}");
        }
    }

    /// <summary>Refuses to go deeper than any honest file does.</summary>
    public int CheckDepth(long depth, string what) => depth is >= 0 and <= MostDepth ? (int)depth : throw Damaged($"{what} is {depth} levels deep, expected at most {MostDepth}");

    public ArrayFileException Damaged(string found) => new($"{path}: {found}. The file is damaged.");

    /// <summary>What the format has and this reader has not.</summary>
    public ArrayFileException Foreign(string found, string expected) =>
        new($"{path}: {found}, which is not read here. Expected {expected}. If you trust the file, pass trusted: true, and libhdf5 reads it.");

    public void Dispose() => _file.Dispose();

    /// <summary>Counts what is taken, and a little for each piece.</summary>
    private void Spend(long address, long count, string what)
    {
        CheckBounds(address, count, what);
        if (count > Array.MaxLength)
        {
            throw Foreign($"{what} at {address} has {count} bytes", $"at most {Array.MaxLength}");
        }

        _left -= count + 16;
        if (_left < 0)
        {
            throw Damaged($"its structures refer to one another in a circle, seen at {what} at {address}");
        }
    }
}
