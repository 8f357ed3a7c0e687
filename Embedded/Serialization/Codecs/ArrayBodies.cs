using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Orleans.Embedded.Serialization;

internal sealed class ArrayBody<T> : WireBody<T[]>
{
    public override WireKind Kind => Elements<T>.Kind;

    public override void Write(ref WireWriter writer, T[] value) => Elements<T>.Write(ref writer, value);

    public override T[] Read(ref WireReader reader, int start)
    {
        var count = Math.Max(0, Elements<T>.ReadCount(ref reader));
        reader.Charge(1, 24);
        var items = Elements<T>.AreBlittable ? GC.AllocateUninitializedArray<T>(count) : new T[count];
        reader.Register(start, items);
        Elements<T>.Fill(ref reader, items);
        return items;
    }

    public override T[] Copy(T[] value, CopyContext context)
    {
        var copy = new T[value.Length];
        context.Register(value, copy);
        Elements<T>.Copy(value, copy, context);
        return copy;
    }
}

internal sealed class ListBody<T> : WireBody<List<T>>
{
    public override WireKind Kind => Elements<T>.Kind;

    public override void Write(ref WireWriter writer, List<T> value) => Elements<T>.Write(ref writer, CollectionsMarshal.AsSpan(value));

    public override List<T> Read(ref WireReader reader, int start)
    {
        var count = Math.Max(0, Elements<T>.ReadCount(ref reader));
        reader.Charge(1, 56);
        var items = new List<T>(count);
        reader.Register(start, items);
        CollectionsMarshal.SetCount(items, count);
        Elements<T>.Fill(ref reader, CollectionsMarshal.AsSpan(items));
        return items;
    }

    public override List<T> Copy(List<T> value, CopyContext context)
    {
        var copy = new List<T>(value.Count);
        context.Register(value, copy);
        CollectionsMarshal.SetCount(copy, value.Count);
        Elements<T>.Copy(CollectionsMarshal.AsSpan(value), CollectionsMarshal.AsSpan(copy), context);
        return copy;
    }
}

/// <summary>Arrays of several dimensions, from 0: their lengths, then the elements, last index fastest.</summary>
internal sealed class MultiArrayBody<TArray, T> : WireBody<TArray>
    where TArray : class
{
    private const uint LengthsId = 0;
    private const uint ElementsId = 1;

    private readonly int _rank = typeof(TArray).GetArrayRank();

    public override WireKind Kind => WireKind.Group;

    public override void Write(ref WireWriter writer, TArray value)
    {
        var array = (Array)(object)value;
        Span<int> lengths = stackalloc int[_rank];
        for (var axis = 0; axis < _rank; axis++)
        {
            if (array.GetLowerBound(axis) != 0)
            {
                throw new WireException($"A {typeof(TArray).DisplayName()} starts at {array.GetLowerBound(axis)} along axis {axis}; only arrays that start at 0 cross the wire.");
            }

            lengths[axis] = array.GetLength(axis);
        }

        writer.WriteMemberHeader(LengthsId, WireKind.Bytes);
        writer.WriteBytes(MemoryMarshal.AsBytes(lengths));
        writer.WriteMemberHeader(ElementsId, Elements<T>.Kind);
        Elements<T>.Write(ref writer, Flat(array));
        writer.WriteEnd();
    }

    public override TArray Read(ref WireReader reader, int start)
    {
        Expect(ref reader, LengthsId, WireKind.Bytes);
        var lengths = MemoryMarshal.Cast<byte, int>(reader.ReadBytes(out _)).ToArray();
        Expect(ref reader, ElementsId, Elements<T>.Kind);
        var count = Math.Max(0, Elements<T>.ReadCount(ref reader));
        var product = lengths.Length == _rank ? Product(lengths) : -1;
        if (product != count)
        {
            throw new WireException($"{count} elements follow for a {typeof(TArray).DisplayName()} of lengths ({string.Join(", ", lengths)}).");
        }

        reader.Charge(1, 64);
        var array = Array.CreateInstance(typeof(T), lengths);
        reader.Register(start, array);
        Elements<T>.Fill(ref reader, Flat(array));
        reader.SkipToEnd();
        return (TArray)(object)array;
    }

    public override TArray Copy(TArray value, CopyContext context)
    {
        var copy = (Array)((Array)(object)value).Clone();
        context.Register(value, copy);
        Elements<T>.Copy(Flat((Array)(object)value), Flat(copy), context);
        return (TArray)(object)copy;
    }

    private static Span<T> Flat(Array array) =>
        MemoryMarshal.CreateSpan(ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(array)), array.Length);

    private static void Expect(ref WireReader reader, uint id, WireKind kind)
    {
        if (reader.ReadMemberHeader(out var found) != id || found != kind)
        {
            throw new WireException($"A {typeof(TArray).DisplayName()} does not begin with its lengths and elements.");
        }
    }

    private static long Product(int[] lengths)
    {
        UInt128 product = 1;
        foreach (var length in lengths)
        {
            if (length < 0 || product > int.MaxValue)
            {
                return -1;
            }

            product *= (uint)length;
        }

        return product <= int.MaxValue ? (long)product : -1;
    }
}

/// <summary>A view of elements that is itself a value: its reader gets an array of just these elements.</summary>
internal abstract class ViewCodec<TView, T> : WireCodec<TView>
    where TView : struct
{
    public sealed override WireKind Kind => Elements<T>.Kind;

    public override bool SharesCopies => false;

    public sealed override void Write(ref WireWriter writer, TView value) => Elements<T>.Write(ref writer, View(value));

    public sealed override TView Read(ref WireReader reader) => Wrap(Elements<T>.ReadArray(ref reader) ?? []);

    public sealed override TView Copy(TView value, CopyContext context) => Wrap(Elements<T>.Copy(View(value), context));

    public sealed override bool IsDefault(TView value) => View(value).IsEmpty;

    protected abstract ReadOnlySpan<T> View(TView value);

    protected abstract TView Wrap(T[] items);
}

internal sealed class MemoryCodec<T> : ViewCodec<Memory<T>, T>
{
    protected override ReadOnlySpan<T> View(Memory<T> value) => value.Span;

    protected override Memory<T> Wrap(T[] items) => items;
}

internal sealed class ReadOnlyMemoryCodec<T> : ViewCodec<ReadOnlyMemory<T>, T>
{
    protected override ReadOnlySpan<T> View(ReadOnlyMemory<T> value) => value.Span;

    protected override ReadOnlyMemory<T> Wrap(T[] items) => items;
}

internal sealed class ArraySegmentCodec<T> : ViewCodec<ArraySegment<T>, T>
{
    protected override ReadOnlySpan<T> View(ArraySegment<T> value) => value;

    protected override ArraySegment<T> Wrap(T[] items) => items;
}

internal sealed class ImmutableArrayCodec<T> : WireCodec<ImmutableArray<T>>
{
    public override WireKind Kind => Elements<T>.Kind;

    public override bool SharesCopies => WireCodec<T>.Instance.SharesCopies;

    public override bool IsDefault(ImmutableArray<T> value) => value.IsDefault;

    public override void Write(ref WireWriter writer, ImmutableArray<T> value)
    {
        if (value.IsDefault)
        {
            Elements<T>.WriteAbsent(ref writer);
        }
        else
        {
            Elements<T>.Write(ref writer, value.AsSpan());
        }
    }

    public override ImmutableArray<T> Read(ref WireReader reader) =>
        Elements<T>.ReadArray(ref reader) is { } items ? ImmutableCollectionsMarshal.AsImmutableArray(items) : default;

    public override ImmutableArray<T> Copy(ImmutableArray<T> value, CopyContext context) =>
        value.IsDefault || SharesCopies ? value : ImmutableCollectionsMarshal.AsImmutableArray(Elements<T>.Copy(value.AsSpan(), context));
}
