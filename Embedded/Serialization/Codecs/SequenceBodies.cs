using System.Collections.Immutable;
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
        catch (Exception cause)
        {
            throw Elements<T>.At(cause, i);
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
                if (!Add(items, codec.Read(ref reader)))
                {
                    throw new WireException($"A {typeof(TCollection).DisplayName()} has the same element twice.");
                }
            }
        }
        catch (Exception cause)
        {
            throw Elements<T>.At(cause, i);
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

    protected virtual WireComparer ComparerOf(TCollection value) => WireComparer.Default;

    /// <summary>In the order in which adding them makes the collection again.</summary>
    protected virtual IEnumerable<T> InOrder(TCollection value) => value;

    protected abstract TCollection Create(int count, int comparer);

    protected abstract bool Add(TCollection collection, T item);
}

internal sealed class HashSetBody<T> : SequenceBody<HashSet<T>, T>
{
    protected override WireComparer ComparerOf(HashSet<T> value) => WireComparers.Of(value.Comparer, typeof(HashSet<T>));

    protected override HashSet<T> Create(int count, int comparer) => new(count, WireComparers.Equality<T>(comparer));

    protected override bool Add(HashSet<T> collection, T item) => collection.Add(item);
}

internal sealed class SortedSetBody<T> : SequenceBody<SortedSet<T>, T>
{
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

/// <summary>Collections that exist only when they are complete.</summary>
internal abstract class FrozenSequenceBody<TCollection, T> : WireBody<TCollection>
    where TCollection : class, IReadOnlyCollection<T>
{
    private const int Overhead = 64;

    public sealed override WireKind Kind => WireKind.Sequence;

    public sealed override bool SharesCopies => WireCodec<T>.Instance.SharesCopies;

    public sealed override void Write(ref WireWriter writer, TCollection value)
    {
        var codec = WireCodec<T>.Instance;
        Elements<T>.WriteHeader(ref writer, value.Count, codec, ComparerOf(value));
        var i = 0;
        try
        {
            foreach (var item in value)
            {
                codec.Write(ref writer, item);
                i++;
            }
        }
        catch (Exception cause)
        {
            throw Elements<T>.At(cause, i);
        }
    }

    public sealed override TCollection Read(ref WireReader reader, int start)
    {
        var codec = WireCodec<T>.Instance;
        var count = Elements<T>.ReadHeader(ref reader, codec, out var comparer);
        reader.Charge(1, 64);
        reader.Charge(count, Unsafe.SizeOf<T>() + Overhead);
        reader.Register(start, ReaderReferences.Unfinished.Instance);
        var items = new T[count];
        var i = 0;
        try
        {
            for (; i < count; i++)
            {
                items[i] = codec.Read(ref reader);
            }
        }
        catch (Exception cause)
        {
            throw Elements<T>.At(cause, i);
        }

        var collection = Create(items, comparer);
        if (collection.Count != count)
        {
            throw new WireException($"A {typeof(TCollection).DisplayName()} has the same element twice.");
        }

        reader.Register(start, collection);
        return collection;
    }

    public sealed override TCollection Copy(TCollection value, CopyContext context)
    {
        var codec = WireCodec<T>.Instance;
        var items = new List<T>(value.Count);
        foreach (var item in value)
        {
            items.Add(codec.Copy(item, context));
        }

        var copy = Create(items, (int)ComparerOf(value));
        context.Register(value, copy);
        return copy;
    }

    protected virtual WireComparer ComparerOf(TCollection value) => WireComparer.Default;

    protected abstract TCollection Create(IEnumerable<T> items, int comparer);
}

internal sealed class ImmutableListBody<T> : FrozenSequenceBody<ImmutableList<T>, T>
{
    protected override ImmutableList<T> Create(IEnumerable<T> items, int comparer) => [.. items];
}

internal sealed class ImmutableHashSetBody<T> : FrozenSequenceBody<ImmutableHashSet<T>, T>
{
    protected override WireComparer ComparerOf(ImmutableHashSet<T> value) => WireComparers.Of(value.KeyComparer, typeof(ImmutableHashSet<T>));

    protected override ImmutableHashSet<T> Create(IEnumerable<T> items, int comparer) =>
        ImmutableHashSet.CreateRange(WireComparers.Equality<T>(comparer), items);
}
