namespace Orleans.Dask.Grains.Interfaces.Tests.Payloads;

public class ObjectTests
{
    [Fact]
    public void Records_and_classes_survive_with_all_their_fields()
    {
        var ride = new Ride(7, "Harlem", [1.5, 2.5], new Ride(8, "Bronx", [], null));
        Assert.Equivalent(ride, Travel.Through(ride), strict: true);
        Assert.Equal((1, "b", 2.5), Travel.Through((1, "b", 2.5)));
        Assert.Equal(Tuple.Create(1, "b"), Travel.Through(Tuple.Create(1, "b")));
        Assert.Equal(new { A = 1, B = "x" }, Travel.Through(new { A = 1, B = "x" }));
        var derived = Travel.Through<Base>(new Derived(3, 4));
        Assert.Equal("3 4", Assert.IsType<Derived>(derived).Both);
        Assert.Equal(new Pair<string, int>("a", 1), Travel.Through(new Pair<string, int>("a", 1)));
        Assert.Equal((1, 2, 3, 4, 5, 6, 7, 8, 9), Travel.Through((1, 2, 3, 4, 5, 6, 7, 8, 9)));
    }

    [Fact]
    public void No_constructor_runs() => Assert.Equal("3", Travel.Through(new Loud("3")).Text);

    [Fact]
    public void Shared_references_stay_shared_and_circles_close()
    {
        var shared = new List<int> { 1 };
        var pair = Travel.Through(new[] { shared, shared });
        Assert.Same(pair[0], pair[1]);
        var node = new Node { Name = "loop" };
        node.Next = node;
        var loop = Travel.Through(node);
        Assert.Same(loop, loop.Next);
        var self = new object?[2];
        self[0] = self;
        var again = Travel.Through(self);
        Assert.Same(again, again[0]);
        var list = new List<object>();
        list.Add(new Dictionary<string, object> { ["home"] = list });
        var home = Travel.Through(list);
        Assert.Same(home, ((Dictionary<string, object>)home[0])["home"]);
    }

    [Theory, InlineData(50), InlineData(150), InlineData(100_000)]
    public void A_long_chain_needs_no_deep_stack(int length)
    {
        Node? first = null;
        for (var i = 0; i < length; i++)
        {
            first = new Node { Name = $"{i}", Next = first };
        }

        var count = 0;
        for (var node = Travel.Through(first); node is not null; node = node.Next)
        {
            Assert.Equal($"{length - 1 - count}", node.Name);
            count++;
        }

        Assert.Equal(length, count);
    }

    [Fact]
    public void A_deep_tree_through_lists_survives()
    {
        var root = new Tree();
        var tree = root;
        for (var i = 0; i < 20_000; i++)
        {
            tree.Children.Add(new Tree());
            tree = tree.Children[0];
        }

        var depth = 0;
        for (var t = Travel.Through(root); t.Children.Count > 0; t = t.Children[0])
        {
            depth++;
        }

        Assert.Equal(20_000, depth);
    }

    [Fact]
    public void Nesting_that_cant_be_flattened_is_an_error_and_no_overflow()
    {
        object nested = 1;
        for (var i = 0; i < 100_000; i++)
        {
            nested = System.Collections.Immutable.ImmutableList.Create(nested);
        }

        Assert.Contains("1,000 deep", Travel.Refused(nested).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_keep_type_message_stack_inner_error_and_their_own_fields()
    {
        Exception caught;
        try
        {
            throw new RideException("lost", 42) { HResult = 77 };
        }
        catch (RideException error)
        {
            caught = error;
        }

        var copy = Assert.IsType<RideException>(Travel.Through(caught));
        Assert.Equal(("lost", 42, 77), (copy.Message, copy.Ride, copy.HResult));
        Assert.Contains(nameof(Errors_keep_type_message_stack_inner_error_and_their_own_fields), copy.StackTrace, StringComparison.Ordinal);
        Assert.Contains(nameof(Errors_keep_type_message_stack_inner_error_and_their_own_fields), Travel.Through(copy).StackTrace, StringComparison.Ordinal);

        var many = Travel.Through(new AggregateException("two", new TimeoutException("late"), new ArgumentNullException("rides")));
        Assert.Equal(2, many.InnerExceptions.Count);
        Assert.Equal("rides", Assert.IsType<ArgumentNullException>(many.InnerExceptions[1]).ParamName);
        Assert.IsType<TaskCanceledException>(Travel.Through<Exception>(new TaskCanceledException("stopped")));
    }

    [Fact]
    public void Fields_marked_to_stay_behind_do()
    {
        var copy = Travel.Through(new Cached { Kept = 1, Dropped = new MemoryStream() });
        Assert.Equal((1, null), (copy.Kept, copy.Dropped));
    }

    [Fact]
    public void A_type_may_bring_its_own_codec()
    {
        Assert.Equal(new[] { 1, 2 }, Travel.Through(new Box<int>([1, 2])).Items);
        Assert.Equal(5, Travel.Through(new Celsius(5)).Degrees);
        var box = new Box<string>(["a"]);
        var both = Travel.Through(new[] { box, box });
        Assert.Same(both[0], both[1]);
        Assert.Contains("PayloadCodec", Travel.Refused(new Wrong()).Message, StringComparison.Ordinal);
    }

    internal sealed record Ride(int Id, string Zone, double[] Fares, Ride? Previous);

    internal sealed record Pair<TLeft, TRight>(TLeft Left, TRight Right);

    internal class Base(int first)
    {
        private readonly int _value = first;

        protected int First => _value;
    }

    internal sealed class Derived(int first, int second) : Base(first)
    {
        private readonly int _value = second;

        public string Both => $"{First} {_value}";
    }

    internal sealed class Loud
    {
        public Loud(string text)
        {
            Text = text;
            if (++_made > 1)
            {
                throw new InvalidOperationException("constructed twice");
            }
        }

        private static int _made;

        public string Text { get; }
    }

    internal sealed class Node
    {
        public string Name = "";
        public Node? Next;
    }

    internal sealed class Tree
    {
        public List<Tree> Children { get; } = [];
    }

    internal sealed class RideException(string message, int ride) : Exception(message)
    {
        public int Ride { get; } = ride;

        public CancellationToken StaysBehind { get; } = new(canceled: true);
    }

    internal sealed class Cached
    {
        public int Kept;

        [PayloadIgnore]
        public Stream? Dropped;
    }

    [PayloadCodec(typeof(BoxCodec<>))]
    internal sealed class Box<T>(T[] items)
    {
        public T[] Items { get; } = items;
    }

    [PayloadCodec(typeof(CelsiusCodec))]
    internal readonly struct Celsius(double degrees)
    {
        public double Degrees { get; } = degrees;
    }

    [PayloadCodec(typeof(CelsiusCodec))]
    internal sealed class Wrong;
}

#pragma warning disable CA1812 // made by the codecs' lookup
internal sealed class BoxCodec<T> : PayloadCodec<ObjectTests.Box<T>>
{
    public override void Write(PayloadWriter writer, ObjectTests.Box<T> value) => writer.WriteValue(value.Items);

    public override ObjectTests.Box<T> Read(ref PayloadReader reader) => new(reader.ReadValue<T[]>());
}

internal sealed class CelsiusCodec : PayloadCodec<ObjectTests.Celsius>
{
    public override void Write(PayloadWriter writer, ObjectTests.Celsius value) => writer.WriteDouble(value.Degrees);

    public override ObjectTests.Celsius Read(ref PayloadReader reader) => new(reader.ReadDouble());
}
