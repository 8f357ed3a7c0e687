using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;

namespace Orleans.Dask.Grains.Interfaces.Payloads;

/// <summary>Types every process has, known by their place in this list. Append only: the place is the wire.</summary>
internal static class WellKnownTypes
{
    public static readonly Type[] All =
    [
        typeof(object), typeof(string), typeof(bool), typeof(byte), typeof(sbyte), typeof(short), typeof(ushort), typeof(int), typeof(uint),
        typeof(long), typeof(ulong), typeof(Int128), typeof(UInt128), typeof(Half), typeof(float), typeof(double), typeof(decimal), typeof(char),
        typeof(Guid), typeof(DateTime), typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan), typeof(BigInteger), typeof(Complex),
        typeof(ValueTuple), typeof(ValueTuple<>), typeof(ValueTuple<,>), typeof(ValueTuple<,,>), typeof(ValueTuple<,,,>), typeof(ValueTuple<,,,,>),
        typeof(ValueTuple<,,,,,>), typeof(ValueTuple<,,,,,,>), typeof(ValueTuple<,,,,,,,>),
        typeof(Tuple<>), typeof(Tuple<,>), typeof(Tuple<,,>), typeof(Tuple<,,,>), typeof(Tuple<,,,,>), typeof(Tuple<,,,,,>), typeof(Tuple<,,,,,,>), typeof(Tuple<,,,,,,,>),
        typeof(List<>), typeof(Dictionary<,>), typeof(HashSet<>), typeof(KeyValuePair<,>), typeof(Nullable<>),
        typeof(Func<>), typeof(Func<,>), typeof(Func<,,>), typeof(Func<,,,>), typeof(Func<,,,,>), typeof(Func<,,,,,>),
        typeof(Action), typeof(Action<>), typeof(Action<,>), typeof(Action<,,>), typeof(Action<,,,>), typeof(Predicate<>), typeof(Comparison<>), typeof(Converter<,>),
        typeof(Task), typeof(Task<>), typeof(ValueTask), typeof(ValueTask<>), typeof(CancellationToken),
        typeof(IEnumerable<>), typeof(IReadOnlyList<>), typeof(IAsyncEnumerable<>), typeof(IReadOnlyDictionary<,>),
        typeof(ImmutableArray<>), typeof(ImmutableList<>), typeof(ImmutableDictionary<,>), typeof(ImmutableHashSet<>), typeof(ImmutableSortedDictionary<,>),
        typeof(ImmutableSortedSet<>), typeof(ImmutableQueue<>), typeof(ImmutableStack<>), typeof(FrozenSet<>), typeof(FrozenDictionary<,>),
        typeof(Queue<>), typeof(Stack<>), typeof(LinkedList<>), typeof(SortedSet<>), typeof(SortedDictionary<,>), typeof(SortedList<,>), typeof(PriorityQueue<,>),
        typeof(ConcurrentDictionary<,>), typeof(ConcurrentQueue<>), typeof(ConcurrentStack<>), typeof(ConcurrentBag<>),
        typeof(Memory<>), typeof(ReadOnlyMemory<>), typeof(ArraySegment<>), typeof(EqualityComparer<>), typeof(Comparer<>), typeof(StringComparer),
        typeof(Regex), typeof(Uri), typeof(Version), typeof(StringBuilder), typeof(CultureInfo), typeof(TimeZoneInfo), typeof(Encoding),
        typeof(Exception), typeof(InvalidOperationException), typeof(ArgumentException), typeof(ArgumentNullException), typeof(ArgumentOutOfRangeException),
        typeof(OperationCanceledException), typeof(AggregateException), typeof(TimeoutException), typeof(DivideByZeroException), typeof(KeyNotFoundException),
        typeof(Index), typeof(Range), typeof(Rune), typeof(DayOfWeek), typeof(StringComparison), typeof(DBNull),
    ];

    private static readonly FrozenDictionary<Type, int> Places = All.Select((type, place) => (type, place)).ToFrozenDictionary(p => p.type, p => p.place);

    public static bool TryGetPlace(Type type, out int place) => Places.TryGetValue(type, out place);
}
