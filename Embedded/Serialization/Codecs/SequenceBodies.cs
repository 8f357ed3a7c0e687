using System.Runtime.CompilerServices;

namespace Orleans.Embedded.Serialization;

/// <summary>Collections that are filled one by one.</summary>
internal abstract class SequenceBody<TCollection, T> : WireBody<TCollection>
    where TCollection : class, IReadOnlyCollection<T>
{
    // What a node or slot costs beside the element.
    private const int Overhead = 32;

    public sealed override WireKind Kind => WireKind.Sequence;

    public sealed override void Write(ref WireWriter writer, TCollection value)
    {
        var codec = WireCodec<T>.Instance;
        Elements<T>.WriteHeader(ref writer, value.Count, codec, ComparerOf(value));
        var i = 0;
        try
        {
            foreach (var item in InOrder(value))
            {
                codec.Write(ref writer, item);
                i++;
            }
        }
        catch (Exception cause) when (WireException.IsForeign(cause, Elements<T>.Place(i)))
        {
            throw WireException.Wrap(cause, Elements<T>.Place(i));
        }
    }

    public sealed override TCollection Read(ref WireReader reader, int start)
    {
        var codec = WireCodec<T>.Instance;
        var count = Elements<T>.ReadHeader(ref reader, codec, out var comparer);
        reader.Charge(1, 64);
        reader.Charge(count, Unsafe.SizeOf<T>() + Overhead);
        var items = Create(count, comparer);
        reader.Register(start, items);
        var i = 0;
        try
        {
            for (; i < count; i++)
            {
                if (!Add(items, Compares ? reader.ReadKey(codec) : codec.Read(ref reader)))
                {
                    throw new WireException($"A {typeof(TCollection).DisplayName()} has the same element twice.");
                }
            }
        }
        catch (Exception cause) when (WireException.IsForeign(cause, Elements<T>.Place(i)))
        {
            throw WireException.Wrap(cause, Elements<T>.Place(i));
        }

        return items;
    }

    public sealed override TCollection Copy(TCollection value, CopyContext context)
    {
        var codec = WireCodec<T>.Instance;
        var copy = Create(value.Count, (int)ComparerOf(value));
        context.Register(value, copy);
        foreach (var item in InOrder(value))
        {
            Add(copy, codec.Copy(item, context));
        }

        return copy;
    }

    /// <summary>Adding looks into the element: it is hashed or compared.</summary>
    protected virtual bool Compares => false;

    protected virtual WireComparer ComparerOf(TCollection value) => WireComparer.Default;

    /// <summary>In the order in which adding them makes the collection again.</summary>
    protected virtual IEnumerable<T> InOrder(TCollection value) => value;

    protected abstract TCollection Create(int count, int comparer);

    protected abstract bool Add(TCollection collection, T item);
}

internal sealed class HashSetBody<T> : SequenceBody<HashSet<T>, T>
{
    protected override bool Compares => true;

    protected override WireComparer ComparerOf(HashSet<T> value) => WireComparers.Of(value.Comparer, typeof(HashSet<T>));

    protected override HashSet<T> Create(int count, int comparer) => new(count, WireComparers.Equality<T>(comparer));

    protected override bool Add(HashSet<T> collection, T item) => collection.Add(item);
}

internal sealed class SortedSetBody<T> : SequenceBody<SortedSet<T>, T>
{
    protected override bool Compares => true;

    protected override WireComparer ComparerOf(SortedSet<T> value) => WireComparers.Of(value.Comparer, typeof(SortedSet<T>));

    protected override SortedSet<T> Create(int count, int comparer) => new(WireComparers.Order<T>(comparer));

    protected override bool Add(SortedSet<T> collection, T item) => collection.Add(item);
}

internal sealed class QueueBody<T> : SequenceBody<Queue<T>, T>
{
    protected override Queue<T> Create(int count, int comparer) => new(count);

    protected override bool Add(Queue<T> collection, T item)
    {
        collection.Enqueue(item);
        return true;
    }
}

internal sealed class StackBody<T> : SequenceBody<Stack<T>, T>
{
    // A stack enumerates from the top; pushing must begin at the bottom.
    protected override IEnumerable<T> InOrder(Stack<T> value) => value.Reverse();

    protected override Stack<T> Create(int count, int comparer) => new(count);

    protected override bool Add(Stack<T> collection, T item)
    {
        collection.Push(item);
        return true;
    }
}
