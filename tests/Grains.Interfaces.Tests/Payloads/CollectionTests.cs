using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.ObjectModel;

namespace Orleans.Dask.Grains.Interfaces.Tests.Payloads;

public class CollectionTests
{
    [Fact]
    public void Arrays_of_numbers_survive_small_and_large()
    {
        foreach (var length in new[] { 0, 1, 1000, 100_000 })
        {
            var numbers = Enumerable.Range(0, length).Select(i => i * 0.5).ToArray();
            Assert.Equal(numbers, Travel.Through(numbers));
            var (before, copy, after) = Travel.Through((1, numbers, "after"));
            Assert.Equal((1, "after"), (before, after));
            Assert.Equal(numbers, copy);
        }
    }

    [Fact]
    public void A_large_array_is_a_block_and_nothing_else()
    {
        Assert.InRange(Payload.Of(new double[1_000_000]).Length, 8_000_000, 8_000_032);
        Assert.InRange(Payload.Of(new int[1000, 1000]).Length, 4_000_000, 4_000_032);
        Assert.InRange(Payload.Of(new Point[1000]).Length, 16_000, 17_000);
    }

    [Fact]
    public void Arrays_of_every_shape_survive()
    {
        Assert.Equal(new[,] { { 1, 2, 3 }, { 4, 5, 6 } }, Travel.Through(new[,] { { 1, 2, 3 }, { 4, 5, 6 } }));
        Assert.Equal(new[,] { { "a", null }, { "c", "d" } }, Travel.Through(new[,] { { "a", null }, { "c", "d" } }));
        Assert.Equal(new double[2, 0, 3], Travel.Through(new double[2, 0, 3]));
        int[][] jagged = [[1], [], [2, 3]];
        Assert.Equal(jagged, Travel.Through(jagged));
        object[] covariant = new string[] { "a", "b" };
        Assert.IsType<string[]>(Travel.Through(covariant));
        Assert.Equal([true, false], Travel.Through(new[] { true, false }));
        Assert.Equal([DateTime.UnixEpoch, DateTime.MaxValue], Travel.Through(new[] { DateTime.UnixEpoch, DateTime.MaxValue }));
        Assert.Equal([1.5m, -2m], Travel.Through(new[] { 1.5m, -2m }));
        Assert.Equal(new Point[] { new(1, 2), new(3, 4) }, Travel.Through(new Point[] { new(1, 2), new(3, 4) }));
    }

    [Fact]
    public void Mutable_collections_survive_in_their_order()
    {
        int[] items = [3, 1, 2];
        Assert.Equal(items, Travel.Through(items.ToList()));
        Assert.Equal(items, Travel.Through(new Queue<int>(items)));
        Assert.Equal(new Stack<int>(items), Travel.Through(new Stack<int>(items)));
        Assert.Equal(items, Travel.Through(new LinkedList<int>(items)));
        Assert.Equal([1, 2, 3], Travel.Through(new SortedSet<int>(items)));
        Assert.Equal(items, Travel.Through(new ConcurrentQueue<int>(items)));
        Assert.Equal(new ConcurrentStack<int>(items), Travel.Through(new ConcurrentStack<int>(items)));
        Assert.Equal(items.Order(), Travel.Through(new ConcurrentBag<int>(items)).Order());
        Assert.Equal(items, Travel.Through(new HashSet<int>(items)));
        Assert.Equal(items, Travel.Through(new ReadOnlyCollection<int>(items)));
        Assert.Equal(items, Travel.Through(new Collection<int>(items)));
        var byName = items.ToDictionary(i => $"k{i}");
        Assert.Equal(byName, Travel.Through(byName));
        Assert.Equal(new SortedDictionary<string, int>(byName), Travel.Through(new SortedDictionary<string, int>(byName)));
        Assert.Equal(new SortedList<string, int>(byName), Travel.Through(new SortedList<string, int>(byName)));
        Assert.Equal(byName.OrderBy(p => p.Key), Travel.Through(new ConcurrentDictionary<string, int>(byName)).OrderBy(p => p.Key));
        var queue = Travel.Through(new PriorityQueue<string, int>([("late", 9), ("soon", 1)]));
        Assert.Equal("soon", queue.Dequeue());
        var bits = new BitArray([true, false, true]);
        Assert.Equal(bits.Cast<bool>(), Travel.Through(bits).Cast<bool>());
    }

    [Fact]
    public void Immutable_collections_survive()
    {
        int[] items = [3, 1, 2];
        var pairs = items.Select(i => KeyValuePair.Create($"K{i}", i)).ToArray();
        Assert.Equal(items, Travel.Through(items.ToImmutableArray()));
        Assert.True(Travel.Through(default(ImmutableArray<int>)).IsDefault);
        Assert.Equal(items, Travel.Through(items.ToImmutableList()));
        Assert.Equal(items, Travel.Through(ImmutableQueue.CreateRange(items)));
        Assert.Equal(ImmutableStack.CreateRange(items), Travel.Through(ImmutableStack.CreateRange(items)));
        Assert.Equal(items.Order(), Travel.Through(items.ToImmutableHashSet()).Order());
        Assert.Equal(items.Order(), Travel.Through(items.ToImmutableSortedSet()).ToArray());
        Assert.Equal(3, Travel.Through(pairs.ToImmutableDictionary(StringComparer.OrdinalIgnoreCase))["k3"]);
        Assert.Equal(pairs.OrderBy(p => p.Key), Travel.Through(pairs.ToImmutableSortedDictionary()));
        Assert.True(Travel.Through(items.ToFrozenSet()).SetEquals(items));
        Assert.Equal(2, Travel.Through(pairs.ToFrozenDictionary())["K2"]);
        Assert.Equal([1, 2], Travel.Through(new Memory<int>([0, 1, 2, 3], 1, 2)).ToArray());
        Assert.Equal([1, 2], Travel.Through(new ArraySegment<int>([0, 1, 2, 3], 1, 2)));
    }

    [Fact]
    public void Comparers_survive()
    {
        Assert.True(Travel.Through(new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase) { ["A"] = 1 }).ContainsKey("a"));
        Assert.Contains("a", Travel.Through(new HashSet<string>(StringComparer.InvariantCultureIgnoreCase) { "A" }));
        Assert.Same(EqualityComparer<int>.Default, Travel.Through(EqualityComparer<int>.Default));
        Assert.Same(Comparer<string>.Default, Travel.Through(Comparer<string>.Default));
        Assert.Equal([3, 2, 1], Travel.Through(new SortedSet<int>([1, 2, 3], Comparer<int>.Create((a, b) => b.CompareTo(a)))));
        Assert.Equal(1, Travel.Through(new Dictionary<int, int>(new Modulo(10)) { [3] = 1 })[13]);
    }

    [Fact]
    public void Keys_are_hashed_when_they_are_complete()
    {
        var key = new Key { Parts = ["a", "b"] };
        var map = Travel.Through(new Dictionary<Key, string> { [key] = "found" });
        Assert.Equal("found", map[new Key { Parts = ["a", "b"] }]);
        var set = Travel.Through(new HashSet<Key> { key });
        Assert.Contains(new Key { Parts = ["a", "b"] }, set);
    }

    [Fact]
    public void A_string_referred_to_often_is_sent_once()
    {
        var line = new string('x', 1000);
        var copy = Travel.Through(Enumerable.Repeat(line, 1000).ToArray());
        Assert.Same(copy[0], copy[999]);
        Assert.True(Payload.Of(Enumerable.Repeat(line, 1000).ToArray()).Length < 5000);
    }

    internal readonly record struct Point(double X, double Y);

    internal sealed class Modulo(int divisor) : IEqualityComparer<int>
    {
        public bool Equals(int x, int y) => x % divisor == y % divisor;

        public int GetHashCode(int obj) => obj % divisor;
    }

    internal sealed class Key
    {
        public List<string> Parts { get; init; } = [];

        public override bool Equals(object? obj) => obj is Key other && other.Parts.SequenceEqual(Parts);

        public override int GetHashCode() => Parts.Count == 0 ? throw new InvalidOperationException("hashed before it was complete") : string.Concat(Parts).Length;
    }
}
