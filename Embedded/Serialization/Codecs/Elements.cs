using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Orleans.Embedded.Serialization;

/// <summary>Elements in a row: one raw block where their memory is their meaning, else value after value.</summary>
internal static class Elements<T>
{
    // Above what a codec of ours is ever asked: elements of an absent collection.
    public const int Absent = -1;

    private const int AbsentMark = 0xF;

    public static bool AreBlittable { get; } = IsBlittable();

    public static WireKind Kind => AreBlittable ? WireKind.Bytes : WireKind.Sequence;

    public static void Write(ref WireWriter writer, ReadOnlySpan<T> items)
    {
        if (AreBlittable)
        {
            var bytes = MemoryMarshal.CreateReadOnlySpan(
                ref Unsafe.As<T, byte>(ref MemoryMarshal.GetReference(items)),
                checked(items.Length * Unsafe.SizeOf<T>()));
            writer.WriteBytes(bytes);
            return;
        }

        var codec = WireCodec<T>.Instance;
        WriteHeader(ref writer, items.Length, codec, WireComparer.Default);
        var i = 0;
        try
        {
            for (; i < items.Length; i++)
            {
                codec.Write(ref writer, items[i]);
            }
        }
        catch (Exception cause) when (WireException.IsForeign(cause, Place(i)))
        {
            throw WireException.Wrap(cause, Place(i));
        }
    }

    public static void WriteAbsent(ref WireWriter writer)
    {
        if (AreBlittable)
        {
            writer.WriteNullBytes();
        }
        else
        {
            writer.WriteVarint(0);
            writer.WriteByte(AbsentMark << 4);
        }
    }

    public static void WriteHeader(ref WireWriter writer, int count, WireCodec<T> codec, WireComparer comparer)
    {
        writer.WriteVarint((ulong)count);
        writer.WriteByte((byte)(((byte)comparer << 4) | (byte)codec.Kind));
    }

    /// <summary>How many elements follow for <see cref="Fill"/>; their memory is charged. <see cref="Absent"/>: not even none.</summary>
    public static int ReadCount(ref WireReader reader)
    {
        if (!AreBlittable)
        {
            var count = ReadHeader(ref reader, WireCodec<T>.Instance, out var mark);
            reader.Charge(count, Unsafe.SizeOf<T>());
            return mark == AbsentMark ? Absent : count;
        }

        var length = reader.ReadVarint();
        if (length == 0)
        {
            return Absent;
        }

        length--;
        if (length > (ulong)reader.Remaining || length % (ulong)Unsafe.SizeOf<T>() != 0)
        {
            throw new WireException($"{length} bytes of {typeof(T).DisplayName()} are said to follow, of {Unsafe.SizeOf<T>()} bytes each, and {reader.Remaining} bytes are left.");
        }

        reader.Charge((int)length, 1);
        return (int)length / Unsafe.SizeOf<T>();
    }

    /// <summary>The count of a sequence that is never a raw block.</summary>
    public static int ReadHeader(ref WireReader reader, WireCodec<T> codec, out int mark)
    {
        var count = reader.ReadCount();
        var header = reader.ReadByte();
        mark = header >> 4;
        if (count > 0 && (header & 0xF) != (byte)codec.Kind)
        {
            throw new WireException($"Elements stand as {(WireKind)(header & 0xF)}, expected {codec.Kind} for {typeof(T).DisplayName()}.");
        }

        return count;
    }

    public static void Fill(ref WireReader reader, Span<T> items)
    {
        if (AreBlittable)
        {
            var bytes = MemoryMarshal.CreateSpan(ref Unsafe.As<T, byte>(ref MemoryMarshal.GetReference(items)), items.Length * Unsafe.SizeOf<T>());
            reader.ReadRaw(bytes.Length).CopyTo(bytes);
            return;
        }

        var codec = WireCodec<T>.Instance;
        var i = 0;
        try
        {
            for (; i < items.Length; i++)
            {
                items[i] = codec.Read(ref reader);
            }
        }
        catch (Exception cause) when (WireException.IsForeign(cause, Place(i)))
        {
            throw WireException.Wrap(cause, Place(i));
        }
    }

    /// <summary>Elements of a value that does not need to exist before they do.</summary>
    public static T[]? ReadArray(ref WireReader reader)
    {
        var count = ReadCount(ref reader);
        if (count <= 0)
        {
            return count == Absent ? null : [];
        }

        var items = AreBlittable ? GC.AllocateUninitializedArray<T>(count) : new T[count];
        Fill(ref reader, items);
        return items;
    }

    public static void Copy(ReadOnlySpan<T> source, Span<T> target, CopyContext context)
    {
        var codec = WireCodec<T>.Instance;
        if (codec.SharesCopies)
        {
            source.CopyTo(target);
            return;
        }

        for (var i = 0; i < source.Length; i++)
        {
            target[i] = codec.Copy(source[i], context);
        }
    }

    public static T[] Copy(ReadOnlySpan<T> source, CopyContext context)
    {
        var copy = new T[source.Length];
        Copy(source, copy, context);
        return copy;
    }

    public static string Place(int index) => $"{typeof(T).ShortName()}[{index}]";

    private static bool IsBlittable()
    {
        if (!BitConverter.IsLittleEndian)
        {
            return false;
        }

        var type = typeof(T).IsEnum ? Enum.GetUnderlyingType(typeof(T)) : typeof(T);
        return Type.GetTypeCode(type) is TypeCode.SByte or TypeCode.Byte or TypeCode.Int16 or TypeCode.UInt16 or TypeCode.Int32 or TypeCode.UInt32
                or TypeCode.Int64 or TypeCode.UInt64 or TypeCode.Single or TypeCode.Double or TypeCode.Char
            || type == typeof(Half) || type == typeof(Guid) || type == typeof(Int128) || type == typeof(UInt128) || type == typeof(Complex);
    }
}
