using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Orleans.Dask.Files;

/// <summary>What stands before the elements of an .npy file.</summary>
/// <param name="Type">Element type and byte order.</param>
/// <param name="Shape">Lengths of the axes.</param>
/// <param name="FortranOrder">Whether the first axis varies fastest.</param>
/// <param name="DataOffset">Bytes before the first element.</param>
/// <remarks>numpy.lib.format: versions 1.0, 2.0 and 3.0. Read as a peer's bytes: within limits, with errors that say where.</remarks>
internal sealed record NpyHeader(NumpyType Type, long[] Shape, bool FortranOrder, int DataOffset)
{
    private const int Alignment = 64;
    private const int LongestHeader = 1 << 20;
    private const int MostAxes = 64;
    private const int FirstBytes = 4096;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Elements in all.</summary>
    public long Count => Shape.Aggregate(1L, (product, length) => checked(product * length));

    /// <summary>Reads the header at the front of <paramref name="start"/>.</summary>
    /// <param name="start">The file's first bytes; 1 MB always suffice.</param>
    /// <param name="file">For errors.</param>
    /// <param name="dataLength">Bytes of the whole file; where given, the elements must fit into what follows the header.</param>
    /// <exception cref="ArrayFileException">Not an .npy file, or one that is cut off.</exception>
    public static NpyHeader Read(ReadOnlySpan<byte> start, string file, long? dataLength = null)
    {
        if (start.Length < 10 || !start[..6].SequenceEqual(Magic))
        {
            throw new ArrayFileException($"{file} is not an .npy file: it does not begin with \\x93NUMPY.");
        }

        int prefix;
        long length;
        switch (start[6])
        {
            case 1:
                (prefix, length) = (10, BinaryPrimitives.ReadUInt16LittleEndian(start[8..]));
                break;
            case 2 or 3 when start.Length >= 12:
                (prefix, length) = (12, BinaryPrimitives.ReadUInt32LittleEndian(start[8..]));
                break;
            default:
                throw new ArrayFileException($"{file}: .npy format {start[6]}.{start[7]} is not read. Expected 1.0, 2.0 or 3.0.");
        }

        if (length > LongestHeader || prefix + length > start.Length)
        {
            throw new ArrayFileException($"{file}: the header says it is {length} bytes long, but {start.Length - prefix} follow (and {LongestHeader} is the limit). The file is cut off or damaged.");
        }

        var header = new PythonLiteral(Encoding.UTF8.GetString(start.Slice(prefix, (int)length)), file).ReadHeader((int)(prefix + length));
        if (dataLength is { } all && all - header.DataOffset < header.Bytes(file))
        {
            throw new ArrayFileException($"{file}: shape ({string.Join(", ", header.Shape)}) of {header.Type} needs {header.Bytes(file)} bytes, but {all - header.DataOffset} follow the header. The file is cut off.");
        }

        return header;
    }

    /// <summary>Reads the header of a file, and holds it against the file's length.</summary>
    public static NpyHeader ReadFile(string path)
    {
        using var file = File.OpenHandle(path);
        return Read(file, 0, RandomAccess.GetLength(file), path);
    }

    /// <summary>Reads the header of an .npy file that is part of another.</summary>
    /// <param name="file">The other.</param>
    /// <param name="offset">Where it begins there.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="name">For errors.</param>
    public static NpyHeader Read(SafeFileHandle file, long offset, long length, string name)
    {
        // Few headers are longer than a page.
        var start = new byte[Math.Min(length, FirstBytes)];
        var read = RandomAccess.Read(file, start, offset);
        if (read == FirstBytes && start.AsSpan(0, 6).SequenceEqual(Magic))
        {
            var needed = start[6] == 1 ? 10 + BinaryPrimitives.ReadUInt16LittleEndian(start.AsSpan(8)) : 12 + (long)BinaryPrimitives.ReadUInt32LittleEndian(start.AsSpan(8));
            if (needed > FirstBytes)
            {
                start = new byte[Math.Min(length, Math.Min(needed, LongestHeader + 12))];
                read = RandomAccess.Read(file, start, offset);
            }
        }

        return Read(start.AsSpan(0, read), name, length);
    }

    /// <summary>The header as bytes, version 1.0, padded so that the elements begin at a multiple of 64.</summary>
    public static byte[] Write(NumpyType type, params ReadOnlySpan<long> shape)
    {
        var axes = shape.Length == 1 ? string.Create(CultureInfo.InvariantCulture, $"{shape[0]},")
            : string.Join(", ", shape.ToArray().Select(length => length.ToString(CultureInfo.InvariantCulture)));
        var text = $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({axes}), }}";
        var length = ((10 + text.Length + 1 + Alignment - 1) / Alignment * Alignment) - 10;
        var bytes = new byte[10 + length];
        Magic.CopyTo(bytes);
        bytes[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), checked((ushort)length));
        bytes.AsSpan(10).Fill((byte)' ');
        Encoding.ASCII.GetBytes(text, bytes.AsSpan(10));
        bytes[^1] = (byte)'\n';
        return bytes;
    }

    private long Bytes(string file)
    {
        try
        {
            _ = StoredElements.Steps(Shape, fortranOrder: false);
            return checked(Count * Type.Size);
        }
        catch (OverflowException e)
        {
            throw new ArrayFileException($"{file}: shape ({string.Join(", ", Shape)}) has more elements than can be counted.", e);
        }
    }

    /// <summary>Just enough of Python's literals: a dictionary of strings, booleans and a tuple of whole numbers.</summary>
    private ref struct PythonLiteral(string text, string file)
    {
        private int _at;

        public NpyHeader ReadHeader(int dataOffset)
        {
            NumpyType? type = null;
            bool? fortran = null;
            long[]? shape = null;
            Expect('{');
            while (!Next('}'))
            {
                var name = Quoted();
                Expect(':');
                switch (name)
                {
                    case "descr":
                        type = NumpyType.Parse(Quoted(), file);
                        break;
                    case "fortran_order":
                        fortran = Word() switch { "True" => true, "False" => false, var other => throw Wrong($"'True' or 'False' instead of '{other}'") };
                        break;
                    case "shape":
                        shape = Tuple();
                        break;
                    default:
                        throw Wrong($"descr, fortran_order or shape instead of '{name}'");
                }

                if (!Next(','))
                {
                    Expect('}');
                    break;
                }
            }

            return type is { } t && fortran is { } f && shape is not null
                ? new NpyHeader(t, shape, f, dataOffset)
                : throw Wrong("all of descr, fortran_order and shape");
        }

        private long[] Tuple()
        {
            var axes = new List<long>();
            Expect('(');
            while (!Next(')'))
            {
                if (axes.Count == MostAxes)
                {
                    throw Wrong($"at most {MostAxes} axes");
                }

                var word = Word().TrimEnd('L');
                axes.Add(long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length
                    : throw Wrong($"the length of an axis instead of '{word}'"));
                if (!Next(','))
                {
                    Expect(')');
                    break;
                }
            }

            return [.. axes];
        }

        private string Quoted()
        {
            SkipSpace();
            if (_at >= text.Length || text[_at] is not ('\'' or '"'))
            {
                throw Wrong("a quoted name (structured types are not read)");
            }

            var end = text.IndexOf(text[_at], _at + 1);
            if (end < 0)
            {
                throw Wrong("a closing quote");
            }

            var inside = text[(_at + 1)..end];
            _at = end + 1;
            return inside;
        }

        private string Word()
        {
            SkipSpace();
            var start = _at;
            while (_at < text.Length && char.IsAsciiLetterOrDigit(text[_at]))
            {
                _at++;
            }

            return text[start.._at];
        }

        private bool Next(char symbol)
        {
            SkipSpace();
            if (_at < text.Length && text[_at] == symbol)
            {
                _at++;
                return true;
            }

            return false;
        }

        private void Expect(char symbol)
        {
            if (!Next(symbol))
            {
                throw Wrong($"'{symbol}'");
            }
        }

        private void SkipSpace()
        {
            while (_at < text.Length && char.IsWhiteSpace(text[_at]))
            {
                _at++;
            }
        }

        private readonly ArrayFileException Wrong(string expected) =>
            new($"{file}: the header is damaged at its character {_at}: expected {expected}.");
    }
}
