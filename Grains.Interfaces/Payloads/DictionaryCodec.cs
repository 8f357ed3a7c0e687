namespace Orleans.Dask.Grains.Interfaces.Payloads;

/// <summary>Pairs in their order, and the comparer. Keys are hashed where they arrive, when they are complete.</summary>
internal sealed class DictionaryCodec<TKey, TValue> : FilledCodec<Dictionary<TKey, TValue>>
    where TKey : notnull
{
    private static readonly bool HashesAtOnce = Collections.IsSelfContained(typeof(TKey));

    public override void WriteBegin(PayloadWriter writer, object value) => Comparers.Write(writer, ((Dictionary<TKey, TValue>)value).Comparer);

    public override Dictionary<TKey, TValue> Allocate(ref PayloadReader reader) => new(Comparers.ReadEquality<TKey>(ref reader));

    public override void Write(PayloadWriter writer, Dictionary<TKey, TValue> value)
    {
        writer.WriteVarUInt((uint)value.Count);
        var i = 0;
        try
        {
            foreach (var pair in value)
            {
                Slot<TKey>.Write(writer, pair.Key);
                Slot<TValue>.Write(writer, pair.Value);
                i++;
            }
        }
        catch (PayloadException error) when (error.Under($"[{KeyText(value, i)}]"))
        {
            throw;
        }
    }

    // Only keys that say something in a word; the text of others is the user's code.
    private static string KeyText(Dictionary<TKey, TValue> value, int i) => value.Keys.ElementAt(i) switch
    {
        string { Length: <= 40 } text => $"\"{text}\"",
        IFormattable and ValueType and var number when HashesAtOnce => $"{number}",
        _ => $"entry {i}",
    };

    public override void Fill(ref PayloadReader reader, Dictionary<TKey, TValue> value)
    {
        var count = reader.ReadLength(2);
        reader.Charge(count * 24L);
        if (HashesAtOnce && ReferenceEquals(value.Comparer, EqualityComparer<TKey>.Default) || HashesAtOnce && value.Comparer is StringComparer)
        {
            value.EnsureCapacity(count);
            for (var i = 0; i < count; i++)
            {
                var key = Slot<TKey>.Read(ref reader);
                if (key is null || !value.TryAdd(key, ReadValue(ref reader, i)))
                {
                    PayloadReader.Fail($"found {(key is null ? "null" : "a key twice")} among the keys of a {TypeText.Of(Type)}, at entry {i}.");
                }
            }

            return;
        }

        var pairs = new (TKey Key, TValue Value)[count];
        reader.Charge(count * 32L);
        for (var i = 0; i < count; i++)
        {
            pairs[i] = (Slot<TKey>.Read(ref reader), ReadValue(ref reader, i));
        }

        reader.WhenFilled(() =>
        {
            Trees.Check(pairs.Select(pair => pair.Key), ReferenceEquals(value.Comparer, EqualityComparer<TKey>.Default));
            value.EnsureCapacity(pairs.Length);
            foreach (var (key, item) in pairs)
            {
                value.Add(key, item);
            }
        });
    }

    private static TValue ReadValue(ref PayloadReader reader, int i)
    {
        try
        {
            return Slot<TValue>.Read(ref reader);
        }
        catch (PayloadException error) when (error.Under($"[entry {i}]"))
        {
            throw;
        }
    }
}
