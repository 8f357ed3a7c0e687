namespace Orleans.Dask.Benchmarks.Tables;

/// <summary>A graph of a table's row, whose answer is known.</summary>
/// <param name="Name">Of the row.</param>
/// <param name="Recipe">Fresh keys each time.</param>
/// <param name="Leaves">How many tasks inc(i) it has, i from 0.</param>
internal sealed record CheckedGraph(string Name, GraphRecipe Recipe, int Leaves)
{
    public long Count => Recipe.Count;

    public static CheckedGraph Wide(int tasks) => new("wide", Graphs.Wide(tasks), tasks);

    /// <summary>Of about so many tasks: leaves are a power of two.</summary>
    public static CheckedGraph Tree(int tasks)
    {
        var leaves = 1 << (int)Math.Round(Math.Log2(tasks / 2.0));
        return new("tree", Graphs.Tree(leaves), leaves);
    }

    /// <summary>Builds it, runs it, checks the answer and lets all of it go.</summary>
    public async Task RunAsync(DaskClient client)
    {
        var (graph, wanted) = Recipe.Make();
        var values = await client.ComputeAsync(graph, wanted);

        // A tree's root and the sum of a wide graph's values are both the sum of its leaves, as ints wrap.
        var sum = 0;
        foreach (var value in values)
        {
            sum = unchecked(sum + (int)value!);
        }

        var expected = unchecked((int)((long)Leaves * (Leaves + 1L) / 2));
        if (values.Length != wanted.Length || sum != expected)
        {
            throw new InvalidOperationException($"A {Name} graph of {Count:N0} tasks gave {sum} in {values.Length:N0} values, expected {expected} in {wanted.Length:N0}.");
        }
    }
}
