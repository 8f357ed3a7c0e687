using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Orleans.Embedded.Serialization;

/// <summary>Dictionaries. <typeparamref name="TFilling"/> is what takes the pairs: the dictionary or its builder.</summary>
internal abstract class MapBody<TMap, TFilling, TKey, TValue> : WireBody<TMap>
    where TMap : class, IReadOnlyDictionary<TKey, TValue>
    where TFilling : class
    where TKey : notnull
{
    private const int Overhead = 48;

    public sealed override WireKind Kind => WireKind.Map;

    public sealed override void Write(ref WireWriter writer, TMap value)
    {
        var keys = WireCodec<TKey>.Instance;
        var values = WireCodec<TValue>.Instance;
        writer.WriteByte((byte)ComparerOf(value));
        writer.WriteVarint((ulong)value.Count);
        writer.WriteByte((byte)(((byte)values.Kind << 4) | (byte)keys.Kind));
        var at = default(TKey);
        try
        {
            foreach (var (key, item) in value)
            {
                at = key;
                keys.Write(ref writer, key);
                values.Write(ref writer, item);
            }
        }
        catch (Exception cause) when (WireException.IsForeign(cause, Place(at)))
        {
            throw WireException.Wrap(cause, Place(at));
        }
    }

    public sealed override TMap Read(ref WireReader reader, int start)
    {
        var keys = WireCodec<TKey>.Instance;
        var values = WireCodec<TValue>.Instance;
        var comparer = reader.ReadByte();
        var count = reader.ReadCount();
        var kinds = reader.ReadByte();
        if (count > 0 && kinds != (((byte)values.Kind << 4) | (byte)keys.Kind))
        {
            throw new WireException($"Pairs stand as {(WireKind)(kinds & 0xF)} and {(WireKind)(kinds >> 4)}, expected {keys.Kind} and {values.Kind} for {typeof(TMap).DisplayName()}.");
        }

        reader.Charge(1, 80);
        reader.Charge(count, Unsafe.SizeOf<TKey>() + Unsafe.SizeOf<TValue>() + Overhead);
        var filling = Create(count, comparer);
        reader.Register(start, filling as TMap ?? (object)ReaderReferences.Unfinished.Instance);
        var at = default(TKey);
        try
        {
            for (var i = 0; i < count; i++)
            {
                var key = reader.ReadKey(keys);
                at = key;
                var value = values.Read(ref reader);
                if (key is null || !TryAdd(filling, key, value))
                {
                    throw new WireException(key is null ? "A key is null." : "The key stands there twice.");
                }
            }
        }
        catch (Exception cause) when (WireException.IsForeign(cause, Place(at)))
        {
            throw WireException.Wrap(cause, Place(at));
        }

        var map = Finish(filling);
        reader.Register(start, map);
        return map;
    }

    public sealed override TMap Copy(TMap value, CopyContext context)
    {
        var keys = WireCodec<TKey>.Instance;
        var values = WireCodec<TValue>.Instance;
        var filling = Create(value.Count, (int)ComparerOf(value));
        if (filling is TMap early)
        {
            context.Register(value, early);
        }

        foreach (var (key, item) in value)
        {
            TryAdd(filling, keys.Copy(key, context), values.Copy(item, context));
        }

        var copy = Finish(filling);
        if (!ReferenceEquals(copy, filling))
        {
            context.Register(value, copy);
        }

        return copy;
    }

    protected abstract WireComparer ComparerOf(TMap value);

    protected abstract TFilling Create(int count, int comparer);

    protected abstract bool TryAdd(TFilling filling, TKey key, TValue value);

    protected abstract TMap Finish(TFilling filling);

    private static string Place(TKey? key)
    {
        // Only keys whose text cannot run foreign code or run long are worth showing.
        var shown = key switch
        {
            string text => text.Length <= 50 ? $"\"{text}\"" : $"\"{text[..50]}…\"",
            IConvertible simple => simple.ToString(System.Globalization.CultureInfo.InvariantCulture),
            Guid guid => guid.ToString(),
            _ => "…",
        };
        return $"{typeof(TMap).ShortName()}[{shown}]";
    }
}

internal sealed class DictionaryBody<TKey, TValue> : MapBody<Dictionary<TKey, TValue>, Dictionary<TKey, TValue>, TKey, TValue>
    where TKey : notnull
{
    protected override WireComparer ComparerOf(Dictionary<TKey, TValue> value) => WireComparers.Of(value.Comparer, typeof(Dictionary<TKey, TValue>));

    protected override Dictionary<TKey, TValue> Create(int count, int comparer) => new(count, WireComparers.Equality<TKey>(comparer));

    protected override bool TryAdd(Dictionary<TKey, TValue> filling, TKey key, TValue value) => filling.TryAdd(key, value);

    protected override Dictionary<TKey, TValue> Finish(Dictionary<TKey, TValue> filling) => filling;
}

internal sealed class SortedDictionaryBody<TKey, TValue> : MapBody<SortedDictionary<TKey, TValue>, SortedDictionary<TKey, TValue>, TKey, TValue>
    where TKey : notnull
{
    protected override WireComparer ComparerOf(SortedDictionary<TKey, TValue> value) => WireComparers.Of(value.Comparer, typeof(SortedDictionary<TKey, TValue>));

    protected override SortedDictionary<TKey, TValue> Create(int count, int comparer) => new(WireComparers.Order<TKey>(comparer));

    protected override bool TryAdd(SortedDictionary<TKey, TValue> filling, TKey key, TValue value) => filling.TryAdd(key, value);

    protected override SortedDictionary<TKey, TValue> Finish(SortedDictionary<TKey, TValue> filling) => filling;
}

internal sealed class ImmutableDictionaryBody<TKey, TValue> : MapBody<ImmutableDictionary<TKey, TValue>, ImmutableDictionary<TKey, TValue>.Builder, TKey, TValue>
    where TKey : notnull
{
    public override bool SharesCopies => WireCodec<TKey>.Instance.SharesCopies && WireCodec<TValue>.Instance.SharesCopies;

    protected override WireComparer ComparerOf(ImmutableDictionary<TKey, TValue> value) => WireComparers.Of(value.KeyComparer, typeof(ImmutableDictionary<TKey, TValue>));

    protected override ImmutableDictionary<TKey, TValue>.Builder Create(int count, int comparer) =>
        ImmutableDictionary.CreateBuilder<TKey, TValue>(WireComparers.Equality<TKey>(comparer));

    protected override bool TryAdd(ImmutableDictionary<TKey, TValue>.Builder filling, TKey key, TValue value)
    {
        if (filling.ContainsKey(key))
        {
            return false;
        }

        filling.Add(key, value);
        return true;
    }

    protected override ImmutableDictionary<TKey, TValue> Finish(ImmutableDictionary<TKey, TValue>.Builder filling) => filling.ToImmutable();
}
