using System.Globalization;
using System.Runtime.InteropServices;
using Orleans.Dask.Arrays;

namespace Orleans.Dask.Files;

/// <summary>Datasets as libhdf5 sees them: every feature of the format, and no guard against files made to break it.</summary>
internal static unsafe class Hdf5Library
{
    private const int IntegerClass = 0, FloatClass = 1, CompoundClass = 6, EnumClass = 8;
    private const int ContiguousLayout = 1, ChunkedLayout = 2;
    private const int ScalarSpace = 0, SimpleSpace = 1;
    private const int MostAxes = 32;

    public static Hdf5Dataset Open(string path, string name)
    {
        Hdf5.Require(path);
        lock (Hdf5.Gate)
        {
            using var file = Hdf5Handle.Check(Hdf5.H5Fopen(path, 0, 0), Hdf5.H5Fclose, path);
            using var dataset = Hdf5Handle.Check(Hdf5.H5Dopen2(file.Id, name, 0), Hdf5.H5Dclose, $"{path}: dataset '{name}'");
            using var space = Hdf5Handle.Check(Hdf5.H5Dget_space(dataset.Id), Hdf5.H5Sclose, $"{path}: the shape of '{name}'");
            using var type = Hdf5Handle.Check(Hdf5.H5Dget_type(dataset.Id), Hdf5.H5Tclose, $"{path}: the type of '{name}'");
            using var layout = Hdf5Handle.Check(Hdf5.H5Dget_create_plist(dataset.Id), Hdf5.H5Pclose, $"{path}: the layout of '{name}'");

            var shape = Lengths(space.Id, path, name);
            var element = ElementOf(type.Id, path, name);
            long[]? chunks = null;
            if (Hdf5.H5Pget_layout(layout.Id) == ChunkedLayout)
            {
                var lengths = stackalloc ulong[shape.Length];
                chunks = Hdf5.H5Pget_chunk(layout.Id, shape.Length, lengths) == shape.Length ? [.. new ReadOnlySpan<ulong>(lengths, shape.Length).ToArray().Select(n => (long)Math.Clamp(n, 1, int.MaxValue))]
                    : throw new ArrayFileException($"{path}: dataset '{name}' has chunks of other axes than its {shape.Length}. The file is damaged.");
            }

            // Not written yet, in another file, or to be unfiltered: the library's work.
            long? offset = null;
            if (Hdf5.H5Pget_layout(layout.Id) == ContiguousLayout && Hdf5.H5Pget_nfilters(layout.Id) == 0 && Hdf5.H5Pget_external_count(layout.Id) == 0
                && Hdf5.H5Dget_offset(dataset.Id) is not ulong.MaxValue and var at && Fits(path, at, shape, element))
            {
                offset = (long)at;
            }

            return new Hdf5Dataset(element, shape, chunks, offset is { } start ? new FileRegion(path, start, element, shape, fortranOrder: false) : new Hdf5LibraryReader(path, name, element.DType));
        }
    }

    /// <summary>The same elements, as they are in memory: the library converts what it reads.</summary>
    public static Hdf5Handle MemoryType(DType type, string what) => type switch
    {
        DType.Complex128 => Complex(what),
        DType.Float16 => Half(what),
        _ => new Hdf5Handle(Hdf5.Variable(type switch
        {
            DType.Bool or DType.Int8 => "H5T_NATIVE_INT8_g",
            DType.UInt8 => "H5T_NATIVE_UINT8_g",
            DType.Int16 => "H5T_NATIVE_INT16_g",
            DType.UInt16 => "H5T_NATIVE_UINT16_g",
            DType.Int32 => "H5T_NATIVE_INT32_g",
            DType.UInt32 => "H5T_NATIVE_UINT32_g",
            DType.Int64 => "H5T_NATIVE_INT64_g",
            DType.UInt64 => "H5T_NATIVE_UINT64_g",
            DType.Float32 => "H5T_NATIVE_FLOAT_g",
            _ => "H5T_NATIVE_DOUBLE_g",
        }), _ => 0),
    };

    /// <summary>IEEE's 16 bits, which not every version of the library has a name for: one for the sign, five for the exponent, ten for the mantissa.</summary>
    private static Hdf5Handle Half(string what)
    {
        var half = Hdf5Handle.Check(Hdf5.H5Tcopy(Hdf5.Variable("H5T_NATIVE_FLOAT_g")), Hdf5.H5Tclose, what);
        Hdf5.Check(Hdf5.H5Tset_fields(half.Id, 15, 10, 5, 0, 10), what);
        Hdf5.Check(Hdf5.H5Tset_size(half.Id, 2), what);
        Hdf5.Check(Hdf5.H5Tset_ebias(half.Id, 15), what);
        return half;
    }

    /// <summary>The truth values of h5py: an enumeration of bytes.</summary>
    public static Hdf5Handle Truth(string what)
    {
        var truth = Hdf5Handle.Check(Hdf5.H5Tenum_create(Hdf5.Variable("H5T_NATIVE_INT8_g")), Hdf5.H5Tclose, what);
        sbyte value = 0;
        Hdf5.Check(Hdf5.H5Tenum_insert(truth.Id, "FALSE", &value), what);
        value = 1;
        Hdf5.Check(Hdf5.H5Tenum_insert(truth.Id, "TRUE", &value), what);
        return truth;
    }

    /// <summary>The complex numbers of h5py: real part r, imaginary part i.</summary>
    private static Hdf5Handle Complex(string what)
    {
        var complex = Hdf5Handle.Check(Hdf5.H5Tcreate(CompoundClass, 16), Hdf5.H5Tclose, what);
        Hdf5.Check(Hdf5.H5Tinsert(complex.Id, "r", 0, Hdf5.Variable("H5T_NATIVE_DOUBLE_g")), what);
        Hdf5.Check(Hdf5.H5Tinsert(complex.Id, "i", 8, Hdf5.Variable("H5T_NATIVE_DOUBLE_g")), what);
        return complex;
    }

    private static long[] Lengths(long space, string path, string name)
    {
        var kind = Hdf5.H5Sget_simple_extent_type(space);
        if (kind == ScalarSpace)
        {
            return [];
        }

        var rank = Hdf5.H5Sget_simple_extent_ndims(space);
        if (kind != SimpleSpace || rank is < 0 or > MostAxes)
        {
            throw new ArrayFileException($"{path}: dataset '{name}' is empty or of {rank} axes. Expected at most {MostAxes}.");
        }

        var lengths = stackalloc ulong[rank];
        Hdf5.Check(Hdf5.H5Sget_simple_extent_dims(space, lengths, null), $"{path}: reading the shape of '{name}'");
        var shape = new long[rank];
        for (var axis = 0; axis < rank; axis++)
        {
            shape[axis] = lengths[axis] <= long.MaxValue ? (long)lengths[axis]
                : throw new ArrayFileException($"{path}: dataset '{name}' claims {lengths[axis]} elements along axis {axis}. The file is damaged.");
        }

        try
        {
            StoredElements.Steps(shape, fortranOrder: false);
            return shape;
        }
        catch (OverflowException e)
        {
            throw new ArrayFileException($"{path}: dataset '{name}' claims shape {Strided.Text(shape)}, more elements than can be counted.", e);
        }
    }

    private static NumpyType ElementOf(long type, string path, string name)
    {
        var (kind, size, isBigEndian) = (Hdf5.H5Tget_class(type), (int)Hdf5.H5Tget_size(type), Hdf5.H5Tget_order(type) == 1);
        var code = kind switch
        {
            IntegerClass when size is 1 or 2 or 4 or 8 => string.Create(CultureInfo.InvariantCulture, $"{(Hdf5.H5Tget_sign(type) == 0 ? 'u' : 'i')}{size}"),
            FloatClass when size is 2 or 4 or 8 => string.Create(CultureInfo.InvariantCulture, $"f{size}"),
            EnumClass when size == 1 && IsTruth(type) => "b1",
            CompoundClass when size is 8 or 16 && IsComplex(type, size, out isBigEndian) => string.Create(CultureInfo.InvariantCulture, $"c{size}"),
            _ => throw new ArrayFileException($"{path}: elements of dataset '{name}' are of class {kind} with {size} bytes, which is not read. Expected whole or floating numbers, or h5py's bool and complex."),
        };
        return new NumpyType(code, isBigEndian);
    }

    private static bool IsTruth(long type) => Hdf5.H5Tget_nmembers(type) == 2 && Member(type, 0) is "FALSE" && Member(type, 1) is "TRUE";

    private static bool IsComplex(long type, int size, out bool isBigEndian)
    {
        isBigEndian = false;
        if (Hdf5.H5Tget_nmembers(type) != 2 || Member(type, 0) is not ("r" or "real") || Member(type, 1) is not ("i" or "imag") || Hdf5.H5Tget_member_offset(type, 1) != (nuint)(size / 2))
        {
            return false;
        }

        using var part = Hdf5Handle.Check(Hdf5.H5Tget_member_type(type, 0), Hdf5.H5Tclose, "a part of a complex number");
        using var other = Hdf5Handle.Check(Hdf5.H5Tget_member_type(type, 1), Hdf5.H5Tclose, "a part of a complex number");
        isBigEndian = Hdf5.H5Tget_order(part.Id) == 1;
        return Hdf5.H5Tget_class(part.Id) == FloatClass && (int)Hdf5.H5Tget_size(part.Id) == size / 2 && Hdf5.H5Tequal(part.Id, other.Id) > 0;
    }

    private static string? Member(long type, uint member)
    {
        var name = Hdf5.H5Tget_member_name(type, member);
        var text = Marshal.PtrToStringUTF8(name);
        Hdf5.Check(name == 0 ? 0 : Hdf5.H5free_memory(name), "freeing a name");
        return text;
    }

    private static bool Fits(string path, ulong at, long[] shape, NumpyType type) =>
        shape.Aggregate((Int128)type.Size, (n, length) => n * length) + at <= new FileInfo(path).Length;
}
