using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Orleans.Dask.Files;

/// <summary>An element type as files hold it: kind and size as npy and Zarr v2 write them (<c>f8</c>), and byte order.</summary>
/// <param name="Kind">One of <see cref="Kinds"/>.</param>
/// <param name="IsBigEndian">Whether bytes stand most significant first.</param>
/// <remarks>complex64 has no array of its own here: it is read as the next wider type and never written.</remarks>
internal readonly record struct NumpyType(string Kind, bool IsBigEndian = false)
{
    // Unit: the bytes that byte order turns around; a complex number is two of them.
    private static readonly (string Kind, DType Type, int Size, int Unit, string Name)[] s_kinds =
    [
        ("b1", DType.Bool, 1, 1, "bool"), ("i1", DType.Int8, 1, 1, "int8"), ("u1", DType.UInt8, 1, 1, "uint8"),
        ("i2", DType.Int16, 2, 2, "int16"), ("u2", DType.UInt16, 2, 2, "uint16"), ("i4", DType.Int32, 4, 4, "int32"), ("u4", DType.UInt32, 4, 4, "uint32"),
        ("i8", DType.Int64, 8, 8, "int64"), ("u8", DType.UInt64, 8, 8, "uint64"),
        ("f2", DType.Float16, 2, 2, "float16"), ("f4", DType.Float32, 4, 4, "float32"), ("f8", DType.Float64, 8, 8, "float64"), ("c16", DType.Complex128, 16, 8, "complex128"),
        ("c8", DType.Complex128, 8, 4, "complex64"),
    ];

    /// <summary>Every kind there is.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [.. s_kinds.Select(k => k.Kind)];

    /// <summary>The names that Zarr v3 gives them.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_kinds.Select(k => k.Name)];

    /// <summary>What arrays hold them as.</summary>
    public DType DType => Entry.Type;

    /// <summary>Bytes an element takes in the file.</summary>
    public int Size => Entry.Size;

    /// <summary>Zarr v3's name, such as <c>float64</c>.</summary>
    public string Name => Entry.Name;

    /// <summary>True where an element in memory is as long as in the file.</summary>
    public bool IsAsInMemory => Size == DType.Size();

    private (string Kind, DType Type, int Size, int Unit, string Name) Entry
    {
        get
        {
            var kind = Kind;
            return Array.Find(s_kinds, k => k.Kind == kind);
        }
    }

    public static NumpyType Of(DType type) => new(Array.Find(s_kinds, k => k.Type == type).Kind);

    /// <summary>Reads <c>&lt;f8</c>, <c>&gt;i4</c>, <c>|b1</c> and their like.</summary>
    public static NumpyType Parse(string text, string file)
    {
        if (text.Length is >= 3 and <= 4 && text[0] is '<' or '>' or '|' or '=' && Kinds.Contains(text[1..]))
        {
            return new NumpyType(text[1..], text[0] == '>' || (text[0] == '=' && !BitConverter.IsLittleEndian));
        }

        throw new ArrayFileException($"{file}: elements are of type '{Shorten(text)}', which is not read. Expected '<' or '>' and one of {string.Join(", ", Kinds)}.");
    }

    /// <summary>Reads <c>float64</c> and its like.</summary>
    public static NumpyType ParseName(string? name, string file)
    {
        var found = Array.Find(s_kinds, k => k.Name == name).Kind;
        return found is not null ? new NumpyType(found)
            : throw new ArrayFileException($"{file}: elements are of type '{Shorten(name ?? "")}', which is not read. Expected one of {string.Join(", ", Names)}.");
    }

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(Size == 1 ? '|' : IsBigEndian ? '>' : '<')}{Kind}");

    /// <summary>Turns bytes as they stand in the file into bytes as this machine has them, in place. A truth value other than 0 becomes 1.</summary>
    public void ToNative(Span<byte> bytes)
    {
        if (DType == DType.Bool)
        {
            if (bytes.ContainsAnyExceptInRange((byte)0, (byte)1))
            {
                foreach (ref var value in bytes)
                {
                    value = value != 0 ? (byte)1 : (byte)0;
                }
            }

            return;
        }

        if (IsBigEndian == !BitConverter.IsLittleEndian)
        {
            return;
        }

        switch (Entry.Unit)
        {
            case 2:
                var shorts = MemoryMarshal.Cast<byte, ushort>(bytes);
                BinaryPrimitives.ReverseEndianness(shorts, shorts);
                break;
            case 4:
                var ints = MemoryMarshal.Cast<byte, uint>(bytes);
                BinaryPrimitives.ReverseEndianness(ints, ints);
                break;
            case 8:
                var longs = MemoryMarshal.Cast<byte, ulong>(bytes);
                BinaryPrimitives.ReverseEndianness(longs, longs);
                break;
        }
    }

    private static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
