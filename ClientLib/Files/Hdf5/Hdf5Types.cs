using System.Globalization;
using Orleans.Dask.Arrays;

namespace Orleans.Dask.Files;

/// <summary>Shapes and element types as messages tell them.</summary>
internal static class Hdf5Types
{
    private const int MostAxes = 32, MostDepth = 3;
    private const int Fixed = 0, Float = 1, Compound = 6, Enumeration = 8;
    private const string Numbers = "whole or floating numbers of 1, 2, 4 or 8 bytes, or h5py's bool and complex";

    /// <summary>Lengths of the axes, and how long each may become (<see cref="Hdf5Source.Undefined"/>: without end).</summary>
    public static (long[] Shape, long[] Most) Shape(Hdf5Cursor space, string name)
    {
        var version = space.Version(1, 2);
        var (rank, flags, kind) = (space.Byte(), space.Byte(), space.Byte());
        if (rank > MostAxes || (version == 2 && kind > 1))
        {
            throw space.Source.Foreign($"dataset '{name}' is {(version == 2 && kind > 1 ? "empty" : $"of {rank} axes")}", $"a shape of at most {MostAxes} axes");
        }

        space.Skip(version == 1 ? 4 : 0);
        var shape = new long[rank];
        for (var axis = 0; axis < rank; axis++)
        {
            shape[axis] = space.Count() is >= 0 and var length ? length : throw space.Damaged($"gives axis {axis} no length");
        }

        var most = (long[])shape.Clone();
        for (var axis = 0; axis < rank && (flags & 1) != 0; axis++)
        {
            most[axis] = space.Count();
            if (most[axis] >= 0 && most[axis] < shape[axis])
            {
                throw space.Damaged($"gives axis {axis} the length {shape[axis]}, but at most {most[axis]}");
            }
        }

        try
        {
            StoredElements.Steps(shape, fortranOrder: false);
            return (shape, most);
        }
        catch (OverflowException e)
        {
            throw new ArrayFileException($"{space.Source.Path}: dataset '{name}' claims shape {Strided.Text(shape)}, more elements than can be counted.", e);
        }
    }

    public static NumpyType Element(Hdf5Cursor type, string name, int depth = 0)
    {
        var first = type.Byte();
        var (kind, version) = (first & 15, first >> 4);
        var (bits, signAt, high, size) = (type.Byte(), type.Byte(), type.Byte(), type.Int());
        var found = kind switch
        {
            Fixed when size is 1 or 2 or 4 or 8 && type.Short() == 0 && type.Short() == 8 * size => new NumpyType($"{((bits & 8) != 0 ? 'i' : 'u')}{size}", (bits & 1) != 0),
            Float when IsIeee(type, bits, signAt, size) => new NumpyType(string.Create(CultureInfo.InvariantCulture, $"f{size}"), (bits & 1) != 0),
            Enumeration when depth < MostDepth && IsTruth(type, version, bits + (signAt << 8), size, name, depth) => new NumpyType("b1"),
            Compound when depth < MostDepth && size is 8 or 16 && bits == 2 && signAt == 0 => Complex(type, version, (int)size, name, depth),
            _ => default(NumpyType?),
        };
        return found is { } known && version is >= 1 and <= 3 && high == 0 ? known
            : throw type.Source.Foreign($"elements of dataset '{name}' are of class {kind} (version {version}) with {size} bytes", Numbers);
    }

    /// <summary>IEEE 754 in 2, 4 or 8 bytes, and nothing that only looks like it.</summary>
    private static bool IsIeee(Hdf5Cursor type, int bits, int signAt, long size)
    {
        var (exponent, bias) = size switch { 2 => (5, 15), 4 => (8, 127), 8 => (11, 1023), _ => (0, 0) };
        var mantissa = (int)(8 * size) - 1 - exponent;

        // Bits 4 and 5: the mantissa's first bit is not stored. Bit 6 with bit 0: the order of a VAX.
        return exponent > 0 && (bits & 0x7e) == 0x20 && signAt == (8 * size) - 1 && type.Short() == 0 && type.Short() == 8 * size
            && type.Byte() == mantissa && type.Byte() == exponent && type.Byte() == 0 && type.Byte() == mantissa && type.Int() == bias;
    }

    /// <summary>h5py's bool: an enumeration of bytes, FALSE 0 and TRUE 1.</summary>
    private static bool IsTruth(Hdf5Cursor type, int version, int members, long size, string name, int depth)
    {
        var multiple = version < 3 ? 8 : 1;
        return members == 2 && size == 1 && Element(type, name, depth + 1).Kind is "i1" or "u1"
            && type.Text(multiple) == "FALSE" && type.Text(multiple) == "TRUE" && type.Byte() == 0 && type.Byte() == 1;
    }

    /// <summary>h5py's complex numbers: parts r and i of one floating type.</summary>
    private static NumpyType? Complex(Hdf5Cursor type, int version, int size, string name, int depth)
    {
        NumpyType? part = null;
        for (var i = 0; i < 2; i++)
        {
            var member = type.Text(version < 3 ? 8 : 1);
            var at = type.Number(version < 3 ? 4 : 1);
            if (version == 1 && type.Byte() != 0)
            {
                return null;
            }

            type.Skip(version == 1 ? 27 : 0);
            var element = Element(type, name, depth + 1);
            if (at != i * size / 2 || element.Kind[0] != 'f' || element.Size != size / 2 || (part is { } first && first != element)
                || !(i == 0 ? member is "r" or "real" : member is "i" or "imag"))
            {
                return null;
            }

            part = element;
        }

        return new NumpyType(string.Create(CultureInfo.InvariantCulture, $"c{size}"), part!.Value.IsBigEndian);
    }

    /// <summary>The bytes of the element that stands where nothing was written; null for zeros.</summary>
    public static byte[]? Fill(Hdf5Header header, NumpyType type)
    {
        if (header.Find(Hdf5Message.Fill) is { } fill)
        {
            var version = fill.Version(1, 3);
            var flags = version == 3 ? fill.Byte() : fill.Skip(2).Byte();
            var hasValue = version == 1 || (version == 2 ? flags != 0 : (flags & 32) != 0);
            return hasValue ? Value(fill, type) : null;
        }

        return header.Find(Hdf5Message.OldFill) is { } old ? Value(old, type) : null;
    }

    private static byte[]? Value(Hdf5Cursor fill, NumpyType type)
    {
        var size = fill.Int();
        return size == type.Size ? fill.Take(size).ToArray()
            : size == 0 || size == uint.MaxValue ? null : throw fill.Damaged($"has {size} bytes, but elements have {type.Size}");
    }
}
