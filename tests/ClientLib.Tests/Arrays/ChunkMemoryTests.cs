using Orleans.Dask.Arrays;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.ClientLib.Tests.Arrays;

public class ChunkMemoryTests
{
    // Lengths that no other test uses, each for one test: what lies idle in their pools is theirs alone.
    private static NDArray<double> Chunk(int length) => new([length]);

    private static ThreadsScheduler Threads => new(threads: 2);

    private static KernelFunction Kernel(Func<object?[], object?> kernel, bool lends = true) => new("kernel", kernel, lends);

    private static TaskGraph Graph(params TaskNode[] nodes)
    {
        var builder = new TaskGraphBuilder();
        Array.ForEach(nodes, node => builder.Add(node));
        return builder.Build();
    }

    private static TaskKey Key(string name) => new(name, 0);

    [Fact]
    public void Memory_is_used_again_after_the_last_of_its_holders()
    {
        var chunk = Chunk(10_007);
        ILent held = chunk;
        held.Hold();
        ((ILent)chunk.Reshape(1, -1)).Hold();
        held.LetGo();
        Assert.NotSame(chunk.Buffer, Chunk(10_007).Buffer);
        held.LetGo();
        Assert.Same(chunk.Buffer, Chunk(10_007).Buffer);
        Assert.NotSame(chunk.Buffer, Chunk(10_007).Buffer);
    }

    [Fact]
    public unsafe void Chunks_begin_on_a_cache_line_and_stay_there()
    {
        var chunk = Chunk(10_009);
        using var pin = chunk.Pin();
        Assert.Equal(0u, (nuint)((double*)pin.Pointer + chunk.Offset) % 64);
        Assert.Equal(10_009, chunk.Span.Length);
    }

    [Fact]
    public async Task A_run_gives_memory_back_that_only_its_kernels_saw()
    {
        Array? buffer = null;
        var graph = Graph(
            new CallNode(Key("a"), Kernel(_ => Chunk(10_037)), []),
            new CallNode(Key("view"), Kernel(x => ((NDArray<double>)x[0]!)[1..]), [Key("a")]),
            new CallNode(Key("b"), Kernel(x =>
            {
                buffer = ((NDArray)x[0]!).Buffer;
                return new NDArray<double>([1]);
            }), [Key("view")]));
        await Threads.ComputeAsync(graph, [Key("b")]);
        Assert.Same(buffer, Chunk(10_037).Buffer);
    }

    [Theory]
    [InlineData(10_039, "wanted")]
    [InlineData(10_061, "a user's function")]
    [InlineData(10_067, "inside another object")]
    [InlineData(10_069, "made by a user's function")]
    public async Task What_somebody_else_may_have_is_never_used_again(int length, string who)
    {
        Array? buffer = null;
        object? kept = null;
        NDArray Make()
        {
            var chunk = Chunk(length);
            buffer = chunk.Buffer;
            return chunk;
        }

        var graph = Graph(
            new CallNode(Key("a"), Kernel(_ => Make(), lends: who != "made by a user's function"), []),
            new CallNode(Key("view"), Kernel(x => ((NDArray<double>)x[0]!)[1..]), [Key("a")]),
            new CallNode(Key("b"), Kernel(x => who == "inside another object" ? x[0]! : new object(), lends: who != "a user's function"), [Key("view")]),
            new CallNode(Key("c"), Kernel(x => kept = Tuple.Create(x[0])), [Key("b")]));
        await Threads.ComputeAsync(graph, [Key("c"), .. who == "wanted" ? new[] { Key("view") } : []]);
        Assert.NotSame(buffer, Chunk(length).Buffer);
        Assert.NotNull(kept);
    }

    [Fact]
    public async Task Arrays_that_a_graph_was_given_stay_the_callers()
    {
        var mine = Chunk(10_079);
        var graph = Graph(
            new DataNode(Key("mine"), mine),
            new CallNode(Key("view"), Kernel(x => ((NDArray<double>)x[0]!)[..10]), [Key("mine")]),
            new CallNode(Key("b"), Kernel(_ => new NDArray<double>([1])), [Key("view")]));
        await Threads.ComputeAsync(graph, [Key("b")]);
        Assert.NotSame(mine.Buffer, Chunk(10_079).Buffer);
    }

    public static TheoryData<string, Func<DaskArray<double>, DaskArray<double>>> Operations => new()
    {
        { "chain", x => ((-(x * x)).Exp() + 1.0).Sqrt() },
        { "centred", x => x + x.T - x.Mean(axis: 0) },
        { "turned twice", x => (x.T * 2.0).T - x },
        { "running", x => x.CumSum(axis: 0).CumSum(axis: 1) },
        { "rechunked", x => x.Rechunk((400, 64)).Rechunk((100, 400)) + x },
        { "sliced", x => x[new Slice(null, null, -1), new Slice(10, null, 1)] + x[..400, ..390] },
        { "assigned", x => x.SetItem(x < 0.5, 0.0).T },
        { "multiplied", x => x.Dot(x.T + 1.0) },
        { "joined", x => DaskArray.Concatenate([x, x * 2.0], axis: 1)[.., 100..500] },
        { "reshaped", x => x.Reshape((200, 800)).Reshape((400, 400)) },
        { "mapped", x => x.MapBlocks(block => block).CumSum(axis: 1) },
        { "sorted", x => x.Reshape(160_000).Sort().Reshape((400, 400)) },
        { "sorted along an axis", x => x.Sort(axis: 0) + x.Sort(axis: 1) },
        { "factors", x => x.Rechunk((100, 400)).Qr().R },
    };

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Memory_used_again_changes_no_answer(string name, Func<DaskArray<double>, DaskArray<double>> operation)
    {
        var x = operation(DaskArray.Random.Random((400, 400), 128, seed: 11));
        var expected = (await x.ComputeAsync(new SynchronousScheduler())).ToArray();
        var threads = new ThreadsScheduler(threads: 3);
        for (var i = 0; i < 5; i++)
        {
            var together = await Task.WhenAll(x.ComputeAsync(threads), x.ComputeAsync(threads));
            Assert.All(together, answer => Assert.True(answer.Span.SequenceEqual(expected), $"{name}, run {i}"));
        }
    }
}
