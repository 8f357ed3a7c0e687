using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Orleans.Dask.Grains.Interfaces.Payloads;

/// <summary>Which codec a collection of .NET has.</summary>
internal static class Collections
{
    private static readonly Dictionary<Type, Type> Exact = new()
    {
        [typeof(List<>)] = typeof(ListCodec<>),
        [typeof(Dictionary<,>)] = typeof(DictionaryCodec<,>),
        [typeof(HashSet<>)] = typeof(HashSetCodec<>),
        [typeof(Queue<>)] = typeof(QueueCodec<>),
        [typeof(Stack<>)] = typeof(StackCodec<>),
        [typeof(LinkedList<>)] = typeof(LinkedListCodec<>),
        [typeof(SortedSet<>)] = typeof(SortedSetCodec<>),
        [typeof(SortedDictionary<,>)] = typeof(SortedDictionaryCodec<,>),
        [typeof(SortedList<,>)] = typeof(SortedListCodec<,>),
        [typeof(PriorityQueue<,>)] = typeof(PriorityQueueCodec<,>),
        [typeof(ConcurrentDictionary<,>)] = typeof(ConcurrentDictionaryCodec<,>),
        [typeof(ConcurrentQueue<>)] = typeof(ConcurrentQueueCodec<>),
        [typeof(ConcurrentStack<>)] = typeof(ConcurrentStackCodec<>),
        [typeof(ConcurrentBag<>)] = typeof(ConcurrentBagCodec<>),
        [typeof(ImmutableArray<>)] = typeof(ImmutableArrayCodec<>),
        [typeof(ImmutableList<>)] = typeof(ImmutableListCodec<>),
        [typeof(ImmutableQueue<>)] = typeof(ImmutableQueueCodec<>),
        [typeof(ImmutableStack<>)] = typeof(ImmutableStackCodec<>),
        [typeof(ImmutableHashSet<>)] = typeof(ImmutableHashSetCodec<>),
        [typeof(ImmutableSortedSet<>)] = typeof(ImmutableSortedSetCodec<>),
        [typeof(ImmutableDictionary<,>)] = typeof(ImmutableDictionaryCodec<,>),
        [typeof(ImmutableSortedDictionary<,>)] = typeof(ImmutableSortedDictionaryCodec<,>),
        [typeof(Memory<>)] = typeof(MemoryCodec<>),
        [typeof(ReadOnlyMemory<>)] = typeof(ReadOnlyMemoryCodec<>),
        [typeof(ArraySegment<>)] = typeof(ArraySegmentCodec<>),
    };

    public static Codec? TryCreate(Type type)
    {
        if (type.IsConstructedGenericType && Exact.TryGetValue(type.GetGenericTypeDefinition(), out var codec))
        {
            return Codecs.Make(codec, type.GetGenericArguments());
        }

        // The frozen ones are chosen by content; the public base is what users know.
        for (var level = type; level is not null && Framework.Contains(level.Assembly); level = level.BaseType)
        {
            if (level.IsConstructedGenericType && level.GetGenericTypeDefinition() is var definition
                && (definition == typeof(FrozenSet<>) || definition == typeof(FrozenDictionary<,>)))
            {
                var frozen = definition == typeof(FrozenSet<>) ? typeof(FrozenSetCodec<>) : typeof(FrozenDictionaryCodec<,>);
                return (Codec)Activator.CreateInstance(frozen.MakeGenericType(level.GetGenericArguments()), type)!;
            }
        }

        return null;
    }

    /// <summary>Do equality and order of such a value depend on nothing that is filled later?</summary>
    public static bool IsSelfContained(Type type) =>
        Leaves.TryCreate(type) is not null
            ? Nullable.GetUnderlyingType(type) is not { } underlying || IsSelfContained(underlying)
            : type.IsConstructedGenericType && type.IsValueType && type.FullName!.StartsWith("System.ValueTuple`", StringComparison.Ordinal)
                && Array.TrueForAll(type.GetGenericArguments(), IsSelfContained);
}
