using System.Numerics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Orleans.Dask.Grains.Interfaces.Payloads;

/// <summary>Types whose memory is their encoding, so that an array of them is one block, with no work per element.</summary>
internal static class Blocks
{
    private static readonly HashSet<Type> Plain =
    [
        typeof(byte), typeof(sbyte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong), typeof(Int128), typeof(UInt128),
        typeof(Half), typeof(float), typeof(double), typeof(char), typeof(Guid), typeof(TimeSpan), typeof(Complex), typeof(Index), typeof(Range),
        typeof(Vector2), typeof(Vector3), typeof(Vector4), typeof(Quaternion), typeof(Plane), typeof(Matrix3x2), typeof(Matrix4x4),
    ];

    private static readonly HashSet<Type> PlainDefinitions = [typeof(Vector<>), typeof(Vector64<>), typeof(Vector128<>), typeof(Vector256<>), typeof(Vector512<>)];

    private static readonly ConditionalWeakTable<Type, StrongBox<int>> Sizes = new();

    // Memory may hold bits that are no value of these: one pass over the block tells.
    private static readonly HashSet<Type> Checked = [typeof(bool), typeof(decimal), typeof(DateTime), typeof(DateOnly), typeof(TimeOnly)];

    /// <summary>Can the memory of an array of this type be its encoding?</summary>
    public static bool Fits(Type type) => Checked.Contains(type) || IsPlain(type);

    /// <summary>Are all bits a value, and no bits undefined?</summary>
    public static bool IsPlain(Type type)
    {
        if (Plain.Contains(type) || type.IsEnum)
        {
            return true;
        }

        if (!type.IsValueType || type.IsPrimitive || type.IsByRefLike || type.ContainsGenericParameters)
        {
            return false;
        }

        if (type.IsConstructedGenericType && PlainDefinitions.Contains(type.GetGenericTypeDefinition()))
        {
            return Plain.Contains(type.GetGenericArguments()[0]);
        }

        // A struct of the user qualifies when its fields are plain and fill it without a gap: bytes in a gap are anybody's.
        // Fields of its own only: structs of the framework are listed above, or have codecs.
        if (Framework.Contains(type.Assembly) || type.IsAutoLayout || type.GetCustomAttribute<PayloadCodecAttribute>() is not null)
        {
            return false;
        }

        var fields = type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);
        if (fields.Length == 0 || type.IsExplicitLayout || !Array.TrueForAll(fields, f => IsPlain(f.FieldType) && !f.IsDefined(typeof(PayloadIgnoreAttribute))))
        {
            return fields.Length > 0 && IsOpaque(type, fields);
        }

        return fields.Sum(f => SizeOf(f.FieldType)) == SizeOf(type) || (type.IsDefined(typeof(InlineArrayAttribute)) && IsPlain(fields[0].FieldType))
            || IsOpaque(type, fields);
    }

    /// <exception cref="PayloadException">Some element is none of its type.</exception>
    public static void Validate<T>(ReadOnlySpan<byte> bytes)
    {
        var bad = -1;
        if (typeof(T) == typeof(bool))
        {
            bad = bytes.IndexOfAnyExceptInRange((byte)0, (byte)1);
        }
        else if (typeof(T) == typeof(decimal))
        {
            // First word: sign in bit 31, scale up to 28 in bits 16 to 23, nothing else.
            var words = MemoryMarshal.Cast<byte, uint>(bytes);
            for (var i = 0; i < words.Length && bad < 0; i += 4)
            {
                bad = (words[i] & 0x7F00FFFF) != 0 || ((words[i] >> 16) & 0xFF) > 28 ? i / 4 : -1;
            }
        }
        else if (typeof(T) == typeof(DateTime))
        {
            bad = IndexBeyond(MemoryMarshal.Cast<byte, ulong>(bytes), (1UL << 62) - 1, (ulong)DateTime.MaxValue.Ticks);
        }
        else if (typeof(T) == typeof(TimeOnly))
        {
            bad = IndexBeyond(MemoryMarshal.Cast<byte, ulong>(bytes), ulong.MaxValue, (ulong)TimeOnly.MaxValue.Ticks);
        }
        else if (typeof(T) == typeof(DateOnly))
        {
            bad = MemoryMarshal.Cast<byte, int>(bytes).IndexOfAnyExceptInRange(0, DateOnly.MaxValue.DayNumber);
        }

        if (bad >= 0)
        {
            throw new PayloadException($"item {bad} has bits that are no {typeof(T).Name}.");
        }
    }

    // Unions and fixed buffers: no codec can tell their members apart, but if they hold no pointer their memory says it all.
    private static bool IsOpaque(Type type, FieldInfo[] fields) =>
        (type.IsExplicitLayout || fields.Any(f => f.IsDefined(typeof(FixedBufferAttribute))) || type.IsDefined(typeof(UnsafeValueTypeAttribute)))
        && Array.TrueForAll(fields, f => IsPlain(f.FieldType));

    private static int IndexBeyond(ReadOnlySpan<ulong> words, ulong mask, ulong largest)
    {
        for (var i = 0; i < words.Length; i++)
        {
            if ((words[i] & mask) > largest)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Bytes a value of this type takes where it lies.</summary>
    public static int SizeOf(Type type) => Sizes.TryGetValue(type, out var size) ? size.Value : Sizes.GetValue(type, static t => new StrongBox<int>(Measure(t))).Value;

    private static int Measure(Type type) =>
        (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!;
}
