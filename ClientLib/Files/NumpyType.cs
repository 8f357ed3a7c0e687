using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Orleans.Dask.Files;

/// <summary>An element type as npy and Zarr v2 write it: byte order, kind and size, such as <c>&lt;f8</c>.</summary>
/// <param name="Element">The .NET type.</param>
/// <param name="Size">Bytes an element.</param>
/// <param name="IsBigEndian">Whether bytes stand most significant first.</param>
internal readonly record struct NumpyType(Type Element, int Size, bool IsBigEndian)
{
    private static readonly (string Code, Type Element, int Size)[] s_types =
    [
        ("b1", typeof(bool), 1), ("i1", typeof(sbyte), 1), ("u1", typeof(byte), 1),
        ("i2", typeof(short), 2), ("u2", typeof(ushort), 2), ("i4", typeof(int), 4), ("u4", typeof(uint), 4),
        ("i8", typeof(long), 8), ("u8", typeof(ulong), 8),
        ("f2", typeof(Half), 2), ("f4", typeof(float), 4), ("f8", typeof(double), 8), ("c16", typeof(Complex), 16),
    ];

    public static NumpyType Of(Type element)
    {
        foreach (var (_, type, size) in s_types)
        {
            if (type == element)
            {
                return new NumpyType(type, size, IsBigEndian: false);
            }
        }

        throw new ArgumentException($"Elements of type {element.Name} have no NumPy type. Expected one of {Known}.", nameof(element));
    }

    /// <summary>Reads <c>&lt;f8</c>, <c>&gt;i4</c>, <c>|b1</c> and their like.</summary>
    public static NumpyType Parse(string text, string file)
    {
        if (text.Length is >= 3 and <= 5 && text[0] is '<' or '>' or '|' or '=')
        {
            foreach (var (code, type, size) in s_types)
            {
                if (text.AsSpan(1).SequenceEqual(code))
                {
                    return new NumpyType(type, size, text[0] == '>');
                }
            }
        }

        throw new ArrayFileException($"{file}: elements are of type '{text}', which is not read. Expected '<' or '>' and one of {string.Join(", ", s_types.Select(t => t.Code))}.");
    }

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    public override string ToString()
    {
        var element = Element;
        var code = Array.Find(s_types, t => t.Element == element).Code;
        return string.Create(CultureInfo.InvariantCulture, $"{(Size == 1 ? '|' : IsBigEndian ? '>' : '<')}{code}");
    }

    /// <summary>Turns bytes as they stand in the file into bytes as this machine has them, in place.</summary>
    public void ToNative(Span<byte> bytes)
    {
        if (IsBigEndian == !BitConverter.IsLittleEndian)
        {
            return;
        }

        switch (Element == typeof(Complex) ? 8 : Size)
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

    private static string Known => string.Join(", ", s_types.Select(t => t.Element.Name));
}
