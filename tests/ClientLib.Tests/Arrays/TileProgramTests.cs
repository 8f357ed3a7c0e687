using Orleans.Dask.Arrays;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.ClientLib.Tests.Arrays;

/// <summary>Kernels walk by pointer where a program leads them; so a program that comes by wire is sound, or is refused.</summary>
public class TileProgramTests
{
    private static readonly Instruction s_load = new(TileStep.Load, DType.Float64, []) { Leaf = 0, Axes = [0] };
    private static readonly Instruction s_bool = new(TileStep.Constant, DType.Bool, []) { Value = true };

    public static TheoryData<string> Forged => [.. Programs().Keys];

    [Theory]
    [MemberData(nameof(Forged))]
    public void A_forged_program_is_refused_before_anything_follows_it(string expected)
    {
        var error = Assert.Throws<ArgumentException>(() => new TileProgram(1, Programs()[expected]));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_block_of_another_type_or_rank_than_the_program_takes_is_refused()
    {
        var program = new TileProgram(1, [s_load]);
        Assert.Throws<DTypeException>(() => Elementwise.Run(program, [NDArray.Range<byte>(10)], [10], []));
        Assert.Throws<ShapeException>(() => Elementwise.Run(program, [], [10], []));
        Assert.Throws<ShapeException>(() => Elementwise.Run(program, [NDArray.Range<double>(10)], [2, 5], []));
        Assert.Throws<DTypeException>(() => Elementwise.Run(new TileProgram(1, [new(TileStep.Load, DType.Float64, []) { Leaf = 0, Axes = [1] }]), [NDArray.Range<double>(10)], [10], []));
    }

    [Fact]
    public void A_view_that_leads_outside_its_buffer_is_refused()
    {
        var array = NDArray.Range<double>(10);
        Assert.Throws<ShapeException>(() => Indexer.Take(array, [new AxisIndex(5, 1, 6)]));
        Assert.Throws<ShapeException>(() => Indexer.Take(array, [new AxisIndex(2, -1, 4)]));
        Assert.Throws<ShapeException>(() => Indexer.Take(array, [new AxisIndex(0, 1, -1)]));
        Assert.Throws<ArrayIndexException>(() => Indexer.Take(array, [AxisIndex.Of([0, 10])]));
        Assert.Throws<ShapeException>(() => Scatter.Into(array, [new AxisIndex(0, 1, 4)], NDArray.Range<double>(5)));
        Assert.Throws<ShapeException>(() => Scatter.Into(array, [new AxisIndex(0, 1, 5)], NDArray.Range<float>(5)));
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public async Task Changed_bytes_of_kernels_give_a_value_or_an_error(int seed)
    {
        var random = new Random(seed);
        var corpus = Functions();
        var errors = 0;
        for (var i = 0; i < 7_000; i++)
        {
            var (whole, arguments) = corpus[random.Next(corpus.Count)];
            var bytes = (byte[])whole.Clone();
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                bytes[random.Next(bytes.Length)] = random.Next(3) switch { 0 => (byte)random.Next(256), 1 => (byte)random.Next(8), _ => 0xFF };
            }

            try
            {
                await Payload.Decode<TaskFunction>(bytes).InvokeAsync(arguments, new TaskContext(new TaskKey("x"), 1, default));
            }
            catch (Exception error) when (error is not (OutOfMemoryException or AccessViolationException))
            {
                errors++;
            }
        }

        Assert.InRange(errors, 1_000, 7_000);
    }

    private static List<(byte[] Bytes, object?[] Arguments)> Functions()
    {
        var x = DaskArray.FromArray(NDArray.Range<double>(400).Reshape(20, 20), 10);
        DaskArray[] all = [x + x.T, (x - x.Mean(axis: 0)) * 2.0, DaskArray.Where(x > 3.0, x, x.T), x.Sum(0), x.AsType<int>() + 1, x.Map(v => v + 1), x.Max()];
        var block = NDArray.Range<double>(100).Reshape(10, 10);
        var found = new List<(byte[], object?[])>();
        foreach (var array in all)
        {
            var graph = array.ToGraph();
            foreach (var layer in graph.Layers)
            {
                if (layer.Node(0) is CallNode { Function: BlockwiseFunction or FoldFunction } call)
                {
                    found.Add((Payload.Encode<object>(call.Function), [.. TaskArguments.Fill(call.Arguments, [.. Enumerable.Repeat<object?>(block, call.Dependencies.Length)])]));
                }
            }
        }

        Assert.True(found.Count >= 5, $"only {found.Count} kernels");
        return found;
    }

    private static Dictionary<string, Instruction[]> Programs() => new(StringComparer.Ordinal)
    {
        ["0 steps"] = [],
        ["is incomplete"] = [null!],
        ["of a kind that does not exist"] = [new((TileStep)99, DType.Float64, [])],
        ["reads register 0"] = [new(TileStep.Cast, DType.Int8, [0])],
        ["reads register 7"] = [s_load, new(TileStep.Cast, DType.Int8, [7])],
        ["reads register -1"] = [s_load, new(TileStep.Cast, DType.Int8, [-1])],
        ["loads block -1"] = [new(TileStep.Load, DType.Float64, []) { Leaf = -1, Axes = [0] }],
        ["along 2 axes"] = [new(TileStep.Load, DType.Float64, []) { Leaf = 0, Axes = [0, 1] }],
        ["along 1 axes"] = [new(TileStep.Load, DType.Float64, []) { Leaf = 0, Axes = [-2] }],
        ["is a constant of type Int8"] = [new(TileStep.Constant, DType.Int8, []) { Value = 1.5 }],
        ["is a source of type"] = [new(TileStep.Source, DType.Int8, []) { Value = "nothing" }],
        ["calls 'no such'"] = [s_load, new(TileStep.Call, DType.Float64, [0]) { Name = "no such", Loop = DType.Float64 }],
        ["(Call) reads registers of type (Float64)"] = [s_load, new(TileStep.Call, DType.Float64, [0]) { Name = "add", Loop = DType.Float64 }],
        ["(Call) reads registers of type (Bool, Bool)"] = [s_bool, new(TileStep.Call, DType.Float64, [0, 0]) { Name = "add", Loop = DType.Float64 }],
        ["which makes Float64 and not Int8"] = [s_load, new(TileStep.Call, DType.Int8, [0, 0]) { Name = "add", Loop = DType.Float64 }],
        ["converts 2 registers"] = [s_load, new(TileStep.Cast, DType.Int8, [0, 0])],
        ["(Where) reads registers"] = [s_load, new(TileStep.Where, DType.Float64, [0, 0, 0])],
        ["no kernel that may be carried along"] = [s_load, new(TileStep.Custom, DType.Float64, [0]) { Value = Ufuncs.Cast(DType.Float64, DType.Complex128) }],
        ["(Custom) reads registers"] = [s_bool, new(TileStep.Custom, DType.Float64, [0]) { Value = new MapKernel<double, double>(v => v) }],
        ["makes Float64 where Int8 is announced"] = [s_load, new(TileStep.Custom, DType.Int8, [0]) { Value = new MapKernel<double, double>(v => v) }],
    };
}
