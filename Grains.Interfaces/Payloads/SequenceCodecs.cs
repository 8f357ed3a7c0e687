using System.Collections.Concurrent;

namespace Orleans.Dask.Grains.Interfaces.Payloads;

/// <summary>Collections that are made empty and then given their items.</summary>
internal abstract class SequenceCodec<TCollection, T> : FilledCodec<TCollection>
    where TCollection : class
{
    /// <summary>Items are hashed or compared when they are added, so they must be complete by then.</summary>
    protected virtual bool LooksAtItems => false;

    /// <summary>What is hashed or compared must not be without end.</summary>
    protected virtual void CheckKeys(TCollection value, T[] items) => Trees.Check(items, byDefault: false);

    protected abstract IEnumerable<T> ItemsOf(TCollection value);

    protected abstract void AddAll(TCollection value, T[] items);

    public sealed override void Write(PayloadWriter writer, TCollection value)
    {
        var items = ItemsOf(value).ToArray();
        writer.WriteVarUInt((uint)items.Length);
        Items<T>.Write(writer, items, null);
    }

    public sealed override void Fill(ref PayloadReader reader, TCollection value)
    {
        var items = Items<T>.ReadArray(ref reader);
        reader.Charge(items.Length * 24L);
        if (LooksAtItems)
        {
            reader.WhenFilled(() =>
            {
                CheckKeys(value, items);
                AddAll(value, items);
            });
        }
        else
        {
            AddAll(value, items);
        }
    }
}

internal sealed class HashSetCodec<T> : SequenceCodec<HashSet<T>, T>
{
    protected override bool LooksAtItems => true;

    protected override void CheckKeys(HashSet<T> value, T[] items) => Trees.Check(items, ReferenceEquals(value.Comparer, EqualityComparer<T>.Default));

    public override void WriteBegin(PayloadWriter writer, object value) => Comparers.Write(writer, ((HashSet<T>)value).Comparer);

    public override HashSet<T> Allocate(ref PayloadReader reader) => new(Comparers.ReadEquality<T>(ref reader));

    protected override IEnumerable<T> ItemsOf(HashSet<T> value) => value;

    protected override void AddAll(HashSet<T> value, T[] items)
    {
        value.EnsureCapacity(items.Length);
        value.UnionWith(items);
    }
}

internal sealed class QueueCodec<T> : SequenceCodec<Queue<T>, T>
{
    public override Queue<T> Allocate(ref PayloadReader reader) => new();

    protected override IEnumerable<T> ItemsOf(Queue<T> value) => value;

    protected override void AddAll(Queue<T> value, T[] items) => Array.ForEach(items, value.Enqueue);
}

internal sealed class StackCodec<T> : SequenceCodec<Stack<T>, T>
{
    public override Stack<T> Allocate(ref PayloadReader reader) => new();

    // A stack shows its top first; it is built from the bottom.
    protected override IEnumerable<T> ItemsOf(Stack<T> value) => Enumerable.Reverse(value);

    protected override void AddAll(Stack<T> value, T[] items) => Array.ForEach(items, value.Push);
}

internal sealed class LinkedListCodec<T> : SequenceCodec<LinkedList<T>, T>
{
    public override LinkedList<T> Allocate(ref PayloadReader reader) => new();

    protected override IEnumerable<T> ItemsOf(LinkedList<T> value) => value;

    protected override void AddAll(LinkedList<T> value, T[] items) => Array.ForEach(items, item => value.AddLast(item));
}

internal sealed class SortedSetCodec<T> : SequenceCodec<SortedSet<T>, T>
{
    protected override bool LooksAtItems => true;

    public override void WriteBegin(PayloadWriter writer, object value) => Comparers.Write(writer, ((SortedSet<T>)value).Comparer);

    public override SortedSet<T> Allocate(ref PayloadReader reader) => new(Comparers.ReadOrder<T>(ref reader));

    protected override IEnumerable<T> ItemsOf(SortedSet<T> value) => value;

    protected override void AddAll(SortedSet<T> value, T[] items) => value.UnionWith(items);
}

internal sealed class SortedDictionaryCodec<TKey, TValue> : SequenceCodec<SortedDictionary<TKey, TValue>, KeyValuePair<TKey, TValue>>
    where TKey : notnull
{
    protected override bool LooksAtItems => true;

    protected override void CheckKeys(SortedDictionary<TKey, TValue> value, KeyValuePair<TKey, TValue>[] items) => Trees.Check(items.Select(p => p.Key), byDefault: false);

    public override void WriteBegin(PayloadWriter writer, object value) => Comparers.Write(writer, ((SortedDictionary<TKey, TValue>)value).Comparer);

    public override SortedDictionary<TKey, TValue> Allocate(ref PayloadReader reader) => new(Comparers.ReadOrder<TKey>(ref reader));

    protected override IEnumerable<KeyValuePair<TKey, TValue>> ItemsOf(SortedDictionary<TKey, TValue> value) => value;

    protected override void AddAll(SortedDictionary<TKey, TValue> value, KeyValuePair<TKey, TValue>[] items) => Array.ForEach(items, pair => value.Add(pair.Key, pair.Value));
}

internal sealed class SortedListCodec<TKey, TValue> : SequenceCodec<SortedList<TKey, TValue>, KeyValuePair<TKey, TValue>>
    where TKey : notnull
{
    protected override bool LooksAtItems => true;

    protected override void CheckKeys(SortedList<TKey, TValue> value, KeyValuePair<TKey, TValue>[] items) => Trees.Check(items.Select(p => p.Key), byDefault: false);

    public override void WriteBegin(PayloadWriter writer, object value) => Comparers.Write(writer, ((SortedList<TKey, TValue>)value).Comparer);

    public override SortedList<TKey, TValue> Allocate(ref PayloadReader reader) => new(Comparers.ReadOrder<TKey>(ref reader));

    protected override IEnumerable<KeyValuePair<TKey, TValue>> ItemsOf(SortedList<TKey, TValue> value) => value;

    protected override void AddAll(SortedList<TKey, TValue> value, KeyValuePair<TKey, TValue>[] items) => Array.ForEach(items, pair => value.Add(pair.Key, pair.Value));
}

internal sealed class PriorityQueueCodec<T, TPriority> : SequenceCodec<PriorityQueue<T, TPriority>, (T Item, TPriority Priority)>
{
    protected override bool LooksAtItems => true;

    protected override void CheckKeys(PriorityQueue<T, TPriority> value, (T Item, TPriority Priority)[] items) => Trees.Check(items.Select(p => p.Priority), byDefault: false);

    public override void WriteBegin(PayloadWriter writer, object value) => Comparers.Write(writer, ((PriorityQueue<T, TPriority>)value).Comparer);

    public override PriorityQueue<T, TPriority> Allocate(ref PayloadReader reader) => new(Comparers.ReadOrder<TPriority>(ref reader));

    protected override IEnumerable<(T Item, TPriority Priority)> ItemsOf(PriorityQueue<T, TPriority> value) => value.UnorderedItems;

    protected override void AddAll(PriorityQueue<T, TPriority> value, (T Item, TPriority Priority)[] items) => value.EnqueueRange(items);
}

internal sealed class ConcurrentDictionaryCodec<TKey, TValue> : SequenceCodec<ConcurrentDictionary<TKey, TValue>, KeyValuePair<TKey, TValue>>
    where TKey : notnull
{
    protected override bool LooksAtItems => true;

    protected override void CheckKeys(ConcurrentDictionary<TKey, TValue> value, KeyValuePair<TKey, TValue>[] items) => Trees.Check(items.Select(p => p.Key), ReferenceEquals(value.Comparer, EqualityComparer<TKey>.Default));

    public override void WriteBegin(PayloadWriter writer, object value) => Comparers.Write(writer, ((ConcurrentDictionary<TKey, TValue>)value).Comparer);

    public override ConcurrentDictionary<TKey, TValue> Allocate(ref PayloadReader reader) => new(Comparers.ReadEquality<TKey>(ref reader));

    protected override IEnumerable<KeyValuePair<TKey, TValue>> ItemsOf(ConcurrentDictionary<TKey, TValue> value) => value;

    protected override void AddAll(ConcurrentDictionary<TKey, TValue> value, KeyValuePair<TKey, TValue>[] items) => Array.ForEach(items, pair => value[pair.Key] = pair.Value);
}

internal sealed class ConcurrentQueueCodec<T> : SequenceCodec<ConcurrentQueue<T>, T>
{
    public override ConcurrentQueue<T> Allocate(ref PayloadReader reader) => new();

    protected override IEnumerable<T> ItemsOf(ConcurrentQueue<T> value) => value;

    protected override void AddAll(ConcurrentQueue<T> value, T[] items) => Array.ForEach(items, value.Enqueue);
}

internal sealed class ConcurrentStackCodec<T> : SequenceCodec<ConcurrentStack<T>, T>
{
    public override ConcurrentStack<T> Allocate(ref PayloadReader reader) => new();

    protected override IEnumerable<T> ItemsOf(ConcurrentStack<T> value) => Enumerable.Reverse(value);

    protected override void AddAll(ConcurrentStack<T> value, T[] items) => Array.ForEach(items, value.Push);
}

internal sealed class ConcurrentBagCodec<T> : SequenceCodec<ConcurrentBag<T>, T>
{
    public override ConcurrentBag<T> Allocate(ref PayloadReader reader) => [];

    protected override IEnumerable<T> ItemsOf(ConcurrentBag<T> value) => value;

    protected override void AddAll(ConcurrentBag<T> value, T[] items) => Array.ForEach(items, value.Add);
}
