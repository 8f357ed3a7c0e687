using System.Numerics;

namespace Orleans.Dask;

/// <summary>Facts about element types, and how two of them widen to a common one (NumPy's table).</summary>
public static class DTypes
{
    private static readonly Type[] s_types =
    [
        typeof(bool), typeof(sbyte), typeof(byte), typeof(short), typeof(ushort), typeof(int), typeof(uint),
        typeof(long), typeof(ulong), typeof(Half), typeof(float), typeof(double), typeof(Complex),
    ];

    private static readonly int[] s_sizes = [1, 1, 1, 2, 2, 4, 4, 8, 8, 2, 4, 8, 16];

    private static readonly string[] s_names =
        ["bool", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float16", "float32", "float64", "complex128"];

    /// <summary>Every element type, narrow to wide.</summary>
    public static IReadOnlyList<DType> All { get; } = Enum.GetValues<DType>();

    /// <summary>The element type that <typeparamref name="T"/> is.</summary>
    /// <exception cref="DTypeException">Arrays cannot hold that type.</exception>
    public static DType Of<T>()
        where T : unmanaged => Cache<T>.Value ?? throw new DTypeException(
            $"Arrays hold bool, the integers of 1 to 8 bytes, Half, float, double and Complex; not {typeof(T).Name}. Convert the values to one of these.");

    /// <summary>Bytes an element takes.</summary>
    public static int Size(this DType type) => s_sizes[(int)type];

    /// <summary>The .NET type of the elements.</summary>
    public static Type ClrType(this DType type) => s_types[(int)type];

    /// <summary>NumPy's name of it, such as <c>float64</c>.</summary>
    public static string Name(this DType type) => s_names[(int)type];

    /// <summary>True for the signed and unsigned integers, not for <see cref="DType.Bool"/>.</summary>
    public static bool IsInteger(this DType type) => type is > DType.Bool and < DType.Float16;

    /// <summary>True for <see cref="DType.Float16"/>, <see cref="DType.Float32"/> and <see cref="DType.Float64"/>.</summary>
    public static bool IsFloat(this DType type) => type is >= DType.Float16 and <= DType.Float64;

    /// <summary>True for unsigned integers.</summary>
    public static bool IsUnsigned(this DType type) => type is DType.UInt8 or DType.UInt16 or DType.UInt32 or DType.UInt64;

    /// <summary>Refuses numbers that are no type.</summary>
    internal static DType Known(DType type) => Enum.IsDefined(type) ? type : throw new DTypeException($"{(int)type} is no element type. Pass one of {string.Join(", ", All.Select(Name))}.");

    /// <summary>The narrowest type that NumPy gives to an operation on both.</summary>
    public static DType Promote(DType left, DType right)
    {
        if (left == right || right == DType.Bool)
        {
            return left;
        }

        if (left == DType.Bool)
        {
            return right;
        }

        if (left == DType.Complex128 || right == DType.Complex128)
        {
            return DType.Complex128;
        }

        if (left.IsFloat() || right.IsFloat())
        {
            // A float16 holds every integer of 8 bits, a float32 every one of 16, and no wider type.
            return (DType)Math.Max((int)Holding(left), (int)Holding(right));
        }

        if (left.IsUnsigned() == right.IsUnsigned())
        {
            return left.Size() >= right.Size() ? left : right;
        }

        var (unsigned, signed) = left.IsUnsigned() ? (left, right) : (right, left);
        return signed.Size() > unsigned.Size() ? signed : unsigned.Size() switch
        {
            1 => DType.Int16,
            2 => DType.Int32,
            4 => DType.Int64,
            _ => DType.Float64,
        };

        static DType Holding(DType type) => type.IsFloat() ? type : type.Size() switch
        {
            1 => DType.Float16,
            2 => DType.Float32,
            _ => DType.Float64,
        };
    }

    /// <summary>The common type of several.</summary>
    public static DType Promote(params ReadOnlySpan<DType> types)
    {
        var result = types[0];
        foreach (var type in types[1..])
        {
            result = Promote(result, type);
        }

        return result;
    }

    /// <summary>The type that floating functions work in: float64 for integers and bool, else itself.</summary>
    internal static DType Floating(this DType type) => type < DType.Float16 ? DType.Float64 : type;

    /// <summary>The type that sums and products of this type are kept in: 64 bits for integers and bool, else itself.</summary>
    internal static DType Accumulator(this DType type) =>
        type >= DType.Float16 ? type : type.IsUnsigned() ? DType.UInt64 : DType.Int64;

    private static class Cache<T>
    {
        public static readonly DType? Value = Array.IndexOf(s_types, typeof(T)) is >= 0 and var i ? (DType)i : null;
    }
}
