using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Orleans.Embedded.Serialization;

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
        reader.Register(start, ReaderReferences.Unfinished.Instance);
        var items = new T[count];
        var i = 0;
        try
        {
            for (; i < count; i++)
            {
                items[i] = Compares ? reader.ReadKey(codec) : codec.Read(ref reader);
            }
        }
        catch (Exception cause) when (WireException.IsForeign(cause, Elements<T>.Place(i)))
        {
            throw WireException.Wrap(cause, Elements<T>.Place(i));
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

    /// <summary>Making the collection looks into the elements: they are hashed.</summary>
    protected virtual bool Compares => false;

    protected virtual WireComparer ComparerOf(TCollection value) => WireComparer.Default;

    protected abstract TCollection Create(IEnumerable<T> items, int comparer);
}

internal sealed class ImmutableListBody<T> : FrozenSequenceBody<ImmutableList<T>, T>
{
    protected override ImmutableList<T> Create(IEnumerable<T> items, int comparer) => [.. items];
}

internal sealed class ImmutableHashSetBody<T> : FrozenSequenceBody<ImmutableHashSet<T>, T>
{
    protected override bool Compares => true;

    protected override WireComparer ComparerOf(ImmutableHashSet<T> value) => WireComparers.Of(value.KeyComparer, typeof(ImmutableHashSet<T>));

    protected override ImmutableHashSet<T> Create(IEnumerable<T> items, int comparer) =>
        ImmutableHashSet.CreateRange(WireComparers.Equality<T>(comparer), items);
}
