using System.Text;

namespace Orleans.Dask.Files;

/// <summary>Reads numbers from the bytes of one structure, one after the other; beyond its end is an error that names it.</summary>
internal sealed class Hdf5Cursor(Hdf5Source source, ReadOnlyMemory<byte> bytes, string what)
{
    /// <summary>Bytes taken so far.</summary>
    public int Position { get; private set; }

    /// <summary>Bytes that follow.</summary>
    public int Left => bytes.Length - Position;

    public Hdf5Source Source => source;

    public ReadOnlySpan<byte> Take(long count)
    {
        if (count < 0 || count > Left)
        {
            throw Damaged($"has {bytes.Length} bytes, but {count} more are wanted at its byte {Position}");
        }

        Position += (int)count;
        return bytes.Span.Slice(Position - (int)count, (int)count);
    }

    public int Byte() => Take(1)[0];

    public int Short() => (int)Number(2);

    public long Int() => Number(4);

    /// <summary>An address, or <see cref="Hdf5Source.Undefined"/>.</summary>
    public long Address() => OrUndefined(source.Numbering.AddressSize);

    /// <summary>A length, or <see cref="Hdf5Source.Undefined"/>.</summary>
    public long Count() => OrUndefined(source.Numbering.CountSize);

    /// <summary>A number of that many bytes, at most 8.</summary>
    public long Number(int size)
    {
        var number = Raw(size);
        return number <= long.MaxValue ? (long)number : throw Damaged($"holds {number} where a length or place is expected");
    }

    /// <summary>Passes over bytes.</summary>
    /// <returns>Itself, for the next number.</returns>
    public Hdf5Cursor Skip(long count)
    {
        Take(count);
        return this;
    }

    /// <summary>The same bytes from their beginning, by themselves.</summary>
    public Hdf5Cursor Again() => new(source, bytes, what);

    /// <summary>The part that follows, by itself.</summary>
    public Hdf5Cursor Part(long count)
    {
        var from = Position;
        return new Hdf5Cursor(source, bytes.Slice(from, Take(count).Length), what);
    }

    /// <summary>Text up to its zero, which is taken too.</summary>
    /// <param name="multiple">Zeros follow until this many bytes divide it.</param>
    public string Text(int multiple = 1)
    {
        var length = bytes.Span[Position..].IndexOf((byte)0);
        var text = Encoding.UTF8.GetString(Take(length >= 0 ? length : throw Damaged("has text without an end")));
        Skip(1);
        Skip((multiple - ((length + 1) % multiple)) % multiple);
        return text;
    }

    /// <summary>Refuses what does not begin as it should.</summary>
    public Hdf5Cursor Expect(ReadOnlySpan<byte> signature)
    {
        var found = Take(signature.Length);
        return found.SequenceEqual(signature) ? this
            : throw Damaged($"begins with {Convert.ToHexString(found)} where {Encoding.ASCII.GetString(signature)} is expected");
    }

    /// <summary>Refuses another version than those known.</summary>
    public int Version(int least, int most)
    {
        var version = Byte();
        return version >= least && version <= most ? version : throw source.Foreign($"{what} is of version {version}", least == most ? $"{least}" : $"{least} to {most}");
    }

    public ArrayFileException Damaged(string found) => source.Damaged($"{what} {found}");

    private long OrUndefined(int size)
    {
        var number = Raw(size);
        return number == ulong.MaxValue >> (64 - (8 * size)) ? Hdf5Source.Undefined
            : number <= long.MaxValue ? (long)number : throw Damaged($"holds {number} where a length or place is expected");
    }

    private ulong Raw(int size)
    {
        var number = 0UL;
        var taken = Take(size is >= 0 and <= 8 ? size : throw Damaged($"has numbers of {size} bytes"));
        for (var i = size - 1; i >= 0; i--)
        {
            number = (number << 8) | taken[i];
        }

        return number;
    }
}
