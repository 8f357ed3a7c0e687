using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Orleans.Dask.Grains.Interfaces.Payloads;

/// <summary>Runs of items: one block where memory is the encoding, else slot by slot.</summary>
internal static class Items<T>
{
    private static readonly bool IsBlock = Blocks.Fits(typeof(T));

    /// <param name="writer">Where to.</param>
    /// <param name="items">The items.</param>
    /// <param name="owner">The array they lie in, when there is one: a large block then isn't copied twice.</param>
    public static void Write(PayloadWriter writer, ReadOnlySpan<T> items, Array? owner)
    {
        if (IsBlock)
        {
            var bytes = AsBytes(items);
            if (owner is null)
            {
                writer.WriteBytes(bytes);
            }
            else
            {
                writer.WriteMemoryOf(owner, bytes);
            }

            return;
        }

        var i = 0;
        try
        {
            for (; i < items.Length; i++)
            {
                Slot<T>.Write(writer, items[i]);
            }
        }
        catch (PayloadException error) when (error.Under($"[{i}]"))
        {
            throw;
        }
    }

    /// <summary>How many items follow: as many as the bytes can hold, and the memory for them may be asked for.</summary>
    public static int ReadCount(ref PayloadReader reader)
    {
        var count = reader.ReadLength(IsBlock ? Unsafe.SizeOf<T>() : 1);
        reader.Charge((long)count * Unsafe.SizeOf<T>());
        return count;
    }

    public static void Read(ref PayloadReader reader, Span<T> items)
    {
        if (IsBlock)
        {
            var bytes = MemoryMarshal.CreateSpan(ref Unsafe.As<T, byte>(ref MemoryMarshal.GetReference(items)), items.Length * Unsafe.SizeOf<T>());
            reader.ReadBytes(bytes.Length).CopyTo(bytes);
            Blocks.Validate<T>(bytes);
            return;
        }

        var i = 0;
        try
        {
            for (; i < items.Length; i++)
            {
                items[i] = Slot<T>.Read(ref reader);
            }
        }
        catch (PayloadException error) when (error.Under($"[{i}]"))
        {
            throw;
        }
    }

    public static T[] Allocate(int count) =>
        RuntimeHelpers.IsReferenceOrContainsReferences<T>() ? new T[count] : GC.AllocateUninitializedArray<T>(count);

    public static T[] ReadArray(ref PayloadReader reader)
    {
        var items = Allocate(ReadCount(ref reader));
        Read(ref reader, items);
        return items;
    }

    private static ReadOnlySpan<byte> AsBytes(ReadOnlySpan<T> items)
    {
        var length = (long)items.Length * Unsafe.SizeOf<T>();
        return length <= Array.MaxLength
            ? MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<T, byte>(ref MemoryMarshal.GetReference(items)), (int)length)
            : throw new PayloadException($"{items.Length:N0} items take {length:N0} bytes; one payload can't have more than {Array.MaxLength:N0}. Send them in chunks.");
    }
}
