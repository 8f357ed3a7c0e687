using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Orleans.Dask.Grains.Interfaces.Payloads;

/// <summary>Collections that are made of all their items at once.</summary>
internal abstract class ImmutableCodec<TCollection, T>(Type? type = null) : BuiltCodec<TCollection>(type)
    where TCollection : class, IEnumerable<T>
{
    protected virtual void WriteComparers(PayloadWriter writer, TCollection value)
    {
    }

    protected abstract TCollection Make(ref PayloadReader reader);

    public sealed override void Write(PayloadWriter writer, TCollection value)
    {
        WriteComparers(writer, value);
        var items = Order(value).ToArray();
        writer.WriteVarUInt((uint)items.Length);
        Items<T>.Write(writer, items, null);
    }

    protected virtual IEnumerable<T> Order(TCollection value) => value;

    public sealed override TCollection Read(ref PayloadReader reader)
    {
        try
        {
            return Make(ref reader);
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            throw new PayloadException($"a {TypeText.Of(typeof(TCollection))} can't be built from its items: {error.Message}", error);
        }
    }

    protected static T[] ReadItems(ref PayloadReader reader)
    {
        var items = Items<T>.ReadArray(ref reader);
        reader.Charge(items.Length * 48L);
        return items;
    }
}

internal sealed class ImmutableArrayCodec<T> : ValueCodec<ImmutableArray<T>>
{
    public override void Write(PayloadWriter writer, ImmutableArray<T> value) => writer.WriteReference(ImmutableCollectionsMarshal.AsArray(value), null);

    public override ImmutableArray<T> Read(ref PayloadReader reader) =>
        ImmutableCollectionsMarshal.AsImmutableArray((T[]?)reader.ReadReference(typeof(T[]), null));
}

internal sealed class ImmutableListCodec<T> : ImmutableCodec<ImmutableList<T>, T>
{
    protected override ImmutableList<T> Make(ref PayloadReader reader) => [.. ReadItems(ref reader)];
}

internal sealed class ImmutableQueueCodec<T> : ImmutableCodec<ImmutableQueue<T>, T>
{
    protected override ImmutableQueue<T> Make(ref PayloadReader reader) => [.. ReadItems(ref reader)];
}

internal sealed class ImmutableStackCodec<T> : ImmutableCodec<ImmutableStack<T>, T>
{
    protected override IEnumerable<T> Order(ImmutableStack<T> value) => value.Reverse();

    protected override ImmutableStack<T> Make(ref PayloadReader reader) => ImmutableStack.CreateRange(ReadItems(ref reader));
}

internal sealed class ImmutableHashSetCodec<T> : ImmutableCodec<ImmutableHashSet<T>, T>
{
    protected override void WriteComparers(PayloadWriter writer, ImmutableHashSet<T> value) => Comparers.Write(writer, value.KeyComparer);

    protected override ImmutableHashSet<T> Make(ref PayloadReader reader)
    {
        var comparer = Comparers.ReadEquality<T>(ref reader);
        var items = ReadItems(ref reader);
        Trees.Check(items, comparer is null);
        return ImmutableHashSet.CreateRange(comparer, items);
    }
}

internal sealed class ImmutableSortedSetCodec<T> : ImmutableCodec<ImmutableSortedSet<T>, T>
{
    protected override void WriteComparers(PayloadWriter writer, ImmutableSortedSet<T> value) => Comparers.Write(writer, value.KeyComparer);

    protected override ImmutableSortedSet<T> Make(ref PayloadReader reader)
    {
        var comparer = Comparers.ReadOrder<T>(ref reader);
        var items = ReadItems(ref reader);
        Trees.Check(items, byDefault: false);
        return ImmutableSortedSet.CreateRange(comparer, items);
    }
}

internal sealed class ImmutableDictionaryCodec<TKey, TValue> : ImmutableCodec<ImmutableDictionary<TKey, TValue>, KeyValuePair<TKey, TValue>>
    where TKey : notnull
{
    protected override void WriteComparers(PayloadWriter writer, ImmutableDictionary<TKey, TValue> value)
    {
        Comparers.Write(writer, value.KeyComparer);
        Comparers.Write(writer, value.ValueComparer);
    }

    protected override ImmutableDictionary<TKey, TValue> Make(ref PayloadReader reader)
    {
        var keys = Comparers.ReadEquality<TKey>(ref reader);
        var values = Comparers.ReadEquality<TValue>(ref reader);
        var pairs = ReadItems(ref reader);
        Trees.Check(pairs.Select(pair => pair.Key), keys is null);
        return ImmutableDictionary.CreateRange(keys, values, pairs);
    }
}

internal sealed class ImmutableSortedDictionaryCodec<TKey, TValue> : ImmutableCodec<ImmutableSortedDictionary<TKey, TValue>, KeyValuePair<TKey, TValue>>
    where TKey : notnull
{
    protected override void WriteComparers(PayloadWriter writer, ImmutableSortedDictionary<TKey, TValue> value)
    {
        Comparers.Write(writer, value.KeyComparer);
        Comparers.Write(writer, value.ValueComparer);
    }

    protected override ImmutableSortedDictionary<TKey, TValue> Make(ref PayloadReader reader)
    {
        var keys = Comparers.ReadOrder<TKey>(ref reader);
        var values = Comparers.ReadEquality<TValue>(ref reader);
        var pairs = ReadItems(ref reader);
        Trees.Check(pairs.Select(pair => pair.Key), byDefault: false);
        return ImmutableSortedDictionary.CreateRange(keys, values, pairs);
    }
}

internal sealed class FrozenSetCodec<T>(Type type) : ImmutableCodec<FrozenSet<T>, T>(type)
{
    public override Type WireType => typeof(FrozenSet<T>);

    protected override void WriteComparers(PayloadWriter writer, FrozenSet<T> value) => Comparers.Write(writer, value.Comparer);

    protected override FrozenSet<T> Make(ref PayloadReader reader)
    {
        var comparer = Comparers.ReadEquality<T>(ref reader);
        var items = ReadItems(ref reader);
        Trees.Check(items, comparer is null);
        return items.ToFrozenSet(comparer);
    }
}

internal sealed class FrozenDictionaryCodec<TKey, TValue>(Type type) : ImmutableCodec<FrozenDictionary<TKey, TValue>, KeyValuePair<TKey, TValue>>(type)
    where TKey : notnull
{
    public override Type WireType => typeof(FrozenDictionary<TKey, TValue>);

    protected override void WriteComparers(PayloadWriter writer, FrozenDictionary<TKey, TValue> value) => Comparers.Write(writer, value.Comparer);

    protected override FrozenDictionary<TKey, TValue> Make(ref PayloadReader reader)
    {
        var comparer = Comparers.ReadEquality<TKey>(ref reader);
        var pairs = ReadItems(ref reader);
        Trees.Check(pairs.Select(pair => pair.Key), comparer is null);
        return pairs.ToFrozenDictionary(comparer);
    }
}
