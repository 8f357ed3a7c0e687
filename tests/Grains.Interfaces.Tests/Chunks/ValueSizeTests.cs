namespace Orleans.Dask.Grains.Interfaces.Tests.Chunks;

public class ValueSizeTests
{
    [Fact]
    public void Arrays_count_what_they_hold() => Assert.InRange(ValueSize.Of(new double[1_000_000]), 8_000_000, 8_001_000);

    [Fact]
    public void Strings_count_their_letters() => Assert.InRange(ValueSize.Of(new string('x', 1_000)), 2_000, 2_100);

    [Fact]
    public void Lists_are_judged_by_their_first_items() =>
        Assert.InRange(ValueSize.Of(Enumerable.Range(0, 10_000).Select(i => new string('x', 100)).ToList()), 2_000_000, 2_600_000);

    [Fact]
    public void Records_count_their_fields() => Assert.InRange(ValueSize.Of(new Row("name", new double[1_000])), 8_000, 8_300);

    [Fact]
    public void A_value_that_knows_its_size_is_believed() => Assert.Equal(12_345, ValueSize.Of(new Sized()));

    [Fact]
    public void A_value_that_refers_to_itself_is_no_danger()
    {
        var node = new Node();
        node.Next = node;
        Assert.InRange(ValueSize.Of(node), 1, 1_000);
    }

    private sealed record Row(string Name, double[] Values);

    private sealed class Sized : ISizedValue
    {
        public long SizeInBytes => 12_345;
    }

    private sealed class Node
    {
        public Node? Next { get; set; }
    }
}
