using System.Collections.Immutable;
using System.Net;
using System.Numerics;
using Orleans.Embedded.Serialization;

namespace Orleans.Dask.Embedded.Tests.Serialization;

public class RoundTripTests
{
    public static TheoryData<object> Values =>
    [
        true, (sbyte)-5, (byte)200, (short)-30_000, (ushort)60_000, int.MinValue, uint.MaxValue, long.MinValue, ulong.MaxValue,
        Int128.MinValue, UInt128.MaxValue, (Half)1.5, float.NaN, -0.0, double.Epsilon, 0.00m, decimal.MinValue,
        BigInteger.Pow(-7, 300), new Complex(1, -2), 'ÿ', "", "æøå 🚀", new string('x', 100_000),
        new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc), DateTime.MaxValue,
        new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromMinutes(-330)), TimeSpan.MinValue, DateOnly.MaxValue, TimeOnly.MaxValue,
        new Uri("https://dask.org/a?b=c#d"), new Uri("relative/é", UriKind.Relative), new Version(1, 2, 3, 4),
        IPAddress.Loopback, IPAddress.IPv6Loopback, IPAddress.Parse("fe80::1%7"), new IPEndPoint(IPAddress.Any, 65_535),
        Color.Blue, new Key("k"), new Point(1, 2, new Key("p")), new System.Text.Rune(0x1F680),
    ];

    [Theory]
    [MemberData(nameof(Values))]
    public void A_value_comes_back_equal_declared_as_object(object value) =>
        Assert.Equal(value, Wire.Trip(value));

    [Theory]
    [MemberData(nameof(Values))]
    public void A_value_comes_back_equal_from_a_copy(object value) =>
        Assert.Equal(value, WireSerializer.Copy(value));

    [Fact]
    public void Minus_zero_and_the_scale_of_zero_survive_where_defaults_are_left_out()
    {
        var copy = Wire.Trip((Zero: -0.0, Scaled: 0.00m, Blank: 0.0));
        Assert.True(double.IsNegative(copy.Zero));
        Assert.Equal("0.00", copy.Scaled.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.False(double.IsNegative(copy.Blank));
    }

    [Fact]
    public void Collections_come_back_with_their_items()
    {
        Same(new[] { 1, 2, 3 });
        Same(new[] { "a", null, "" });
        Same(new int[][] { [1], [], [2, 3] });
        Same(new List<Point> { new(1, 2, new Key("a")), new(3, 4, new Key("b")) });
        Same(new Dictionary<string, int> { ["a"] = 1, ["b"] = 2 });
        Same(new SortedDictionary<int, string> { [2] = "b", [1] = "a" });
        Same(new HashSet<int> { 3, 1, 2 });
        Same(new Queue<int>([1, 2, 3]));
        Same(new Stack<int>([1, 2, 3]));
        Same(new SortedSet<int> { 2, 1 });
        Assert.Equal([1, 2], Wire.Trip(ImmutableArray.Create(1, 2)).ToArray());
        Assert.Equal(["a", "b"], Wire.Trip(ImmutableArray.Create("a", "b")).ToArray());
        Assert.Equal([[1], [2]], WireSerializer.Copy(ImmutableArray.Create<int[]>([1], [2])).ToArray());
        Same(ImmutableList.Create("a", "b"));
        Same(ImmutableDictionary<int, string>.Empty.Add(1, "a"));
        Same(ImmutableHashSet.Create(1, 2));
        Same(new List<int?> { 1, null });
        Same(new List<DateTime> { DateTime.MinValue, new(2026, 5, 4, 0, 0, 0, DateTimeKind.Utc) });
        Same(new[] { Color.Red, Color.None });
        Same(new[] { true, false });
        Same(new List<object> { 1, "a", 2.5, new Key("k") });
        Same(new KeyValuePair<string, int>("a", 1));
        Same((1, "a", (2.5, new Key("b"))));
        Same((1, 2, 3, 4, 5, 6, 7, 8, 9));
        Same(Tuple.Create(1, "a"));
        Assert.True(Wire.Trip(default(ImmutableArray<int>)).IsDefault);
        Assert.True(Wire.Trip(default(ImmutableArray<string>)).IsDefault);
        Assert.Equal([1, 2, 3], Wire.Trip(new ReadOnlyMemory<byte>([0, 1, 2, 3], 1, 3)).ToArray());
        Assert.Equal([2], Wire.Trip(new ArraySegment<int>([1, 2, 3], 1, 1)));
        Assert.Equal(new int[,] { { 1, 2, 3 }, { 4, 5, 6 } }, Wire.Trip(new int[,] { { 1, 2, 3 }, { 4, 5, 6 } }));
        Assert.Equal(new string[1, 2, 2], Wire.Trip(new string[1, 2, 2]));
        Assert.Equal(new double[0, 5], Wire.Trip(new double[0, 5]));
    }

    [Fact]
    public void An_interface_or_object_brings_back_the_runtime_type()
    {
        Assert.IsType<int[]>(Wire.Trip<IReadOnlyList<int>>(new[] { 1, 2 }));
        Assert.IsType<List<int>>(Wire.Trip<IReadOnlyList<int>>(new List<int> { 1 }));
        Assert.IsType<List<Dictionary<string, Point[]>>>(Wire.Trip<object>(new List<Dictionary<string, Point[]>> { new() { ["a"] = [new(1, 2, default)] } }));
        Assert.IsType<Ring>(Wire.Trip<Shape>(new Ring("r", 2, 1)));
        Assert.Equal(new Ring("r", 2, 1), Wire.Trip<Circle>(new Ring("r", 2, 1)));
        Assert.IsType<string[]>(Wire.Trip<object[]>(new string[] { "a" }));
        Assert.IsType<Box<Key>>(Wire.Trip<object>(new Box<Key> { Value = new Key("x"), Anything = 5 }));
    }

    [Fact]
    public void A_class_keeps_fields_private_setters_and_init_members_and_loses_what_has_no_id()
    {
        var person = new Person { Name = "Ada", Age = 36, Shoe = 38, Retries = 0 }.Tell("engine", Color.Red);
        Assert.Equal(1, person.Reads);

        foreach (var copy in new[] { Wire.Trip(person), WireSerializer.Copy(person) })
        {
            Assert.NotSame(person, copy);
            Assert.Equal(("Ada", 36, 38, "engine", Color.Red), (copy.Name, copy.Age, copy.Shoe, copy.Secret, copy.Mood));
            Assert.Equal(0, copy.Retries);
            Assert.Equal(1, copy.Reads);
        }
    }

    [Fact]
    public void The_same_object_twice_is_one_object_again_and_a_cycle_stays_one()
    {
        var ada = new Person { Name = "Ada" };
        var bob = new Person { Name = "Bob", Partner = ada };
        ada.Partner = bob;
        ada.Friends = [bob, ada, bob];
        ada.Friends.AddRange(Enumerable.Range(0, 40).Select(i => new Person { Name = $"{i}", Partner = bob }));

        foreach (var copy in new[] { Wire.Trip(ada), WireSerializer.Copy(ada) })
        {
            Assert.Same(copy, copy.Partner!.Partner);
            Assert.Same(copy.Partner, copy.Friends![0]);
            Assert.Same(copy, copy.Friends[1]);
            Assert.All(copy.Friends.Skip(3), friend => Assert.Same(copy.Partner, friend.Partner));
            Assert.Equal(Enumerable.Range(0, 40).Select(i => $"{i}"), copy.Friends.Skip(3).Select(friend => friend.Name));
        }
    }

    [Fact]
    public void An_object_met_first_under_another_declared_type_is_still_one_object()
    {
        var circle = new Circle("c", 1);
        var (first, second, third) = Wire.Trip((First: circle, Second: (object)circle, Third: (Shape)circle));
        Assert.Same(first, second);
        Assert.Same(first, third);

        var (shape, exact) = Wire.Trip((Shape: (Shape)circle, Exact: circle));
        Assert.Same(shape, exact);
    }

    [Fact]
    public void Comparers_that_are_known_cross_and_others_are_refused()
    {
        var table = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase) { ["a"] = 1 };
        Assert.Equal(1, Wire.Trip(table)["A"]);
        Assert.Equal(1, WireSerializer.Copy(table)["A"]);
        Assert.Contains("A", Wire.Trip(new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "a" }));
        Assert.Contains("A", Wire.Trip(ImmutableHashSet.Create(StringComparer.OrdinalIgnoreCase, "a")));
        var error = Assert.Throws<WireException>(() => Wire.Trip(new Dictionary<string, int>(StringComparer.InvariantCultureIgnoreCase)));
        Assert.Contains("StringComparer.Ordinal", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_converter_carries_types_of_others()
    {
        foreach (var foreign in new[] { Wire.Trip(new Foreign("a", [1, 2])), WireSerializer.Copy(new Foreign("a", [1, 2])) })
        {
            Assert.Equal("a", foreign.Text);
            Assert.Equal([1, 2], foreign.Numbers);
        }

        Assert.IsType<Foreign>(Wire.Trip<object>(new Foreign("a", [])));
        Assert.Equal(1.5, Wire.Trip(new Angle(1.5)).Radians);
        Assert.Equal(2.5, ((Angle)Wire.Trip<object>(new Angle(2.5))).Radians);
        Assert.Equal(20, Wire.Trip(new Celsius { Degrees = 20 }).Degrees);
    }

    [Fact]
    public void One_of_everything_comes_back()
    {
        var random = new Random(17);
        var value = Generate.Everything(random);
        WireAssert.Same(value, Wire.Trip(value));
        WireAssert.Same(value, WireSerializer.Copy(value));
    }

    [Fact]
    public void Generated_object_graphs_come_back_and_their_copies_share_nothing()
    {
        for (var seed = 0; seed < 400; seed++)
        {
            var value = Generate.Value(new Random(seed), depth: 5);
            try
            {
                WireAssert.Same(value, Wire.Trip(value));
                var copy = WireSerializer.Copy(value);
                WireAssert.Same(value, copy);
                WireAssert.Isolated(value, copy);
            }
            catch (Exception cause)
            {
                throw new InvalidOperationException($"seed {seed}: {cause.Message}", cause);
            }
        }
    }

    [Fact]
    public void Immutable_types_and_members_are_shared_by_copies_and_nothing_else_is()
    {
        var frozen = new Frozen([1]);
        Assert.Same(frozen, WireSerializer.Copy(frozen));
        Assert.Same(frozen, WireSerializer.Copy<object>(frozen));

        var holder = new Holder { Shared = [1], Own = [2] };
        var copy = WireSerializer.Copy(holder);
        Assert.Same(holder.Shared, copy.Shared);
        Assert.NotSame(holder.Own, copy.Own);
        Assert.Equal(holder.Own, copy.Own);

        Assert.True(WireSerializer.SharesCopies<ImmutableArray<string>>());
        Assert.True(WireSerializer.SharesCopies<Key>());
        Assert.True(WireSerializer.SharesCopies<GrainId>());
        Assert.False(WireSerializer.SharesCopies<ImmutableArray<int[]>>());
        Assert.False(WireSerializer.SharesCopies<Point>());
        Assert.False(WireSerializer.SharesCopies<ReadOnlyMemory<byte>>());
    }

    [Fact]
    public void A_type_that_is_not_declared_is_refused_with_the_way_out()
    {
        var error = Assert.Throws<WireException>(() => Wire.Trip(new Box<object> { Anything = new System.Text.StringBuilder() }));
        Assert.Contains("System.Text.StringBuilder", error.Message, StringComparison.Ordinal);
        Assert.Contains("[GenerateSerializer]", error.Message, StringComparison.Ordinal);
        Assert.StartsWith("Box<Object>.Anything", error.Path, StringComparison.Ordinal);
        Assert.Throws<WireException>(() => WireSerializer.Copy<object>(new System.Text.StringBuilder()));
    }

    [Fact]
    public void A_list_made_by_the_compiler_is_refused_with_the_way_out()
    {
        IReadOnlyList<int> made = [1, .. Enumerable.Range(2, 3)];
        Assert.Contains("array or a List", Assert.Throws<WireException>(() => Wire.Trip(made)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chain_that_would_exhaust_the_stack_is_refused_by_writer_and_copier()
    {
        var chain = new Person { Name = "0" };
        for (var i = 1; i < 100_000; i++)
        {
            chain = new Person { Partner = chain };
        }

        Assert.Contains("levels deep", Assert.Throws<WireException>(() => Wire.Trip(chain)).Message, StringComparison.Ordinal);
        Assert.Contains("levels deep", Assert.Throws<WireException>(() => WireSerializer.Copy(chain)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_thread_with_little_stack_gets_an_error_or_the_value_and_never_dies()
    {
        var chain = new Person { Name = "0" };
        for (var i = 1; i < 250; i++)
        {
            chain = new Person { Partner = chain };
        }

        var bytes = WireSerializer.ToBytes(chain);
        foreach (var act in new Action[] { () => WireSerializer.FromBytes<Person>(bytes), () => WireSerializer.ToBytes(chain), () => WireSerializer.Copy(chain) })
        {
            WireException? refused = null;
            var thread = new Thread(() => refused = Record.Exception(act) as WireException, maxStackSize: 160 * 1024);
            thread.Start();
            thread.Join();
            Assert.Contains("stack", refused?.Message ?? "", StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Threads_that_meet_a_type_for_the_first_time_together_agree()
    {
        Parallel.For(0, 64, i =>
        {
            var met = Wire.Trip(new Box<(int, Box<long?[]>)> { Value = (i, new() { Value = [i, null] }), Anything = new Box<HashSet<Half>> { Value = [(Half)i] } });
            Assert.Equal(i, met.Value.Item2.Value![0]);
            Assert.Contains((Half)i, ((Box<HashSet<Half>>)met.Anything!).Value!);
        });
    }

    [Fact]
    public void Large_blocks_cost_their_own_size()
    {
        var bytes = WireSerializer.ToBytes(new double[10_000]);
        Assert.InRange(bytes.Length, 80_000, 80_010);
        Assert.InRange(WireSerializer.ToBytes(new Point(0, 0, default)).Length, 1, 4);
    }

    private static void Same<T>(T value)
    {
        Assert.Equal(value, Wire.Trip(value));
        Assert.Equal(value, WireSerializer.Copy(value));
        Assert.Equal(value, Wire.Trip<object>(value!));
    }
}
