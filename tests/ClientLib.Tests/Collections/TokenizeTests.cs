using System.Globalization;
using System.Numerics;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.ClientLib.Tests.Collections;

public sealed class TokenizeTests
{
    private enum Colour
    {
        Red,
        Green,
    }

    private sealed record Point(double X, double Y, string? Name = null);

    private sealed class Node
    {
        public int Value { get; set; }

        public Node? Next { get; set; }
    }

    public static TheoryData<string> Different => new(Values().Select(v => v.Name));

    [Theory]
    [MemberData(nameof(Different))]
    public void Equal_contents_share_a_token_and_no_other_has_it(string name)
    {
        var token = Tokenize.Of(Values().Single(v => v.Name == name).Make());

        Assert.Equal(32, token.Length);
        Assert.Equal([name], Values().Where(v => Tokenize.Of(v.Make()) == token).Select(v => v.Name));
        Assert.True(Tokenize.TryOf(out _, Values().Single(v => v.Name == name).Make()));
    }

    [Fact]
    public void Tokens_stay_the_same_from_build_to_build()
    {
        // Written down once: keys of published values outlive the process.
        Assert.Equal("46e7be3d94ff4e5cb0c4d1129c62674d", Tokenize.Of("sum", 1, 2.5, new[] { 1, 2, 3 }, null, new TaskKey("x", 3)));
    }

    [Fact]
    public void Delegates_are_their_method_and_what_they_captured()
    {
        Func<int, int> Adding(int n) => x => x + n;
        Func<int, int> Subtracting(int n) => x => x - n;

        Assert.Equal(Tokenize.Of(Adding(1)), Tokenize.Of(Adding(1)));
        Assert.NotEqual(Tokenize.Of(Adding(1)), Tokenize.Of(Adding(2)));
        Assert.NotEqual(Tokenize.Of(Adding(1)), Tokenize.Of(Subtracting(1)));
        Assert.Equal(Tokenize.Of(DelegateFunction.Of(Adding(1))), Tokenize.Of(DelegateFunction.Of(Adding(1))));
        Assert.NotEqual(Tokenize.Of((Func<string>)Generic<int>), Tokenize.Of((Func<string>)Generic<long>));
    }

    [Fact]
    public void Dictionaries_and_sets_have_no_order()
    {
        Assert.Equal(Tokenize.Of(new Dictionary<string, int> { ["a"] = 1, ["b"] = 2 }), Tokenize.Of(new Dictionary<string, int> { ["b"] = 2, ["a"] = 1 }));
        Assert.Equal(Tokenize.Of(new HashSet<int> { 1, 2 }), Tokenize.Of(new HashSet<int> { 2, 1 }));
        Assert.NotEqual(Tokenize.Of(new List<int> { 1, 2 }), Tokenize.Of(new List<int> { 2, 1 }));
    }

    [Fact]
    public void What_refers_to_itself_comes_to_an_end()
    {
        static Node Ring(int length)
        {
            var first = new Node();
            var last = first;
            for (var i = 1; i < length; i++)
            {
                last = last.Next = new Node { Value = i };
            }

            last.Next = first;
            return first;
        }

        Assert.Equal(Tokenize.Of(Ring(3)), Tokenize.Of(Ring(3)));
        Assert.NotEqual(Tokenize.Of(Ring(3)), Tokenize.Of(Ring(4)));
    }

    [Fact]
    public void What_has_no_content_gets_a_token_of_its_own_each_time()
    {
        using var stream = new MemoryStream();

        Assert.False(Tokenize.TryOf(out _, 1, stream));
        Assert.NotEqual(Tokenize.Of(stream), Tokenize.Of(stream));
        Assert.False(Tokenize.TryOf(out _, (Func<long>)(() => stream.Length)));
    }

    [Fact]
    public void Too_deep_a_content_is_no_content()
    {
        var node = new Node();
        for (var i = 0; i < 1_000_000; i++)
        {
            node = new Node { Next = node };
        }

        // A search for cycles at every step would take for ever; so would the stack.
        Assert.False(Tokenize.TryOf(out _, node));
    }

    private static string Generic<T>() => typeof(T).Name;

    private static (string Name, Func<object?> Make)[] Values() =>
    [
        ("null", () => null),
        ("true", () => true),
        ("int", () => 1),
        ("long", () => 1L),
        ("double", () => 1.0),
        ("minus zero", () => -0.0),
        ("zero", () => 0.0),
        ("char", () => '1'),
        ("text", () => "1"),
        ("decimal", () => 1m),
        ("big", () => new BigInteger(1)),
        ("complex", () => new Complex(1, 0)),
        ("enum", () => Colour.Green),
        ("other enum", () => Colour.Red),
        ("date", () => new DateTime(2015, 1, 1)),
        ("utc date", () => new DateTime(2015, 1, 1, 0, 0, 0, DateTimeKind.Utc)),
        ("span", () => TimeSpan.FromDays(1)),
        ("ints", () => new[] { 1, 2, 3, 4 }),
        ("square ints", () => new[,] { { 1, 2 }, { 3, 4 } }),
        ("bools", () => new[] { true, false }),
        ("bytes", () => new byte[] { 1, 0 }),
        ("texts", () => new[] { "ab", "c" }),
        ("other texts", () => new[] { "a", "bc" }),
        ("empty", () => Array.Empty<int>()),
        ("empty texts", () => Array.Empty<string>()),
        ("large", () => Enumerable.Range(0, 10_000).ToArray()),
        ("large, one off", () => Enumerable.Range(0, 10_000).Select(i => i == 9_999 ? 0 : i).ToArray()),
        ("list", () => new List<int> { 1, 2, 3, 4 }),
        ("objects", () => new object?[] { 1, "1", null }),
        ("nested", () => new object?[] { new object?[] { 1 }, "1", null }),
        ("tuple", () => (1, "1")),
        ("record", () => new Point(1, 2)),
        ("record named", () => new Point(1, 2, "p")),
        ("key", () => new TaskKey("x", 1)),
        ("type", () => typeof(int)),
        ("generic type", () => typeof(List<int>)),
        ("date only", () => DateOnly.ParseExact("2015-01-01", "yyyy-MM-dd", CultureInfo.InvariantCulture)),
        ("half", () => (Half)1),
    ];
}
