using Orleans.Dask.Arrays;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.ClientLib.Tests.Arrays;

public class WireTests
{
    [Fact]
    public void A_view_travels_without_the_buffer_behind_it()
    {
        var view = NDArray.Range<double>(10_000).Reshape(100, 100)[new Slice(90, 10, -40), new Slice(0, 2)];
        var bytes = Payload.Encode<object>(view);
        Assert.InRange(bytes.Length, 1, 200);
        var back = Assert.IsType<NDArray<double>>(Payload.Decode<object>(bytes));
        Assert.Equal(view.Shape.ToArray(), back.Shape.ToArray());
        Assert.Equal(view.ToArray(), back.ToArray());
    }

    [Fact]
    public async Task Kernels_travel_without_the_graph_they_belong_to()
    {
        var x = DaskArray.FromArray(NDArray.Range<double>(40_000).Reshape(200, 200), 50);
        DaskArray[] all = [x.CumSum(0), x.Median(0), x.ArgMax(0), x.Dot(x), x.Qr().R, x[x > 3.0], x.Unique(), x.AsType<long>().Ravel().BinCount(), x.Reshape(-1), x.TopK(3), x.MapOverlap(b => b, 1, Boundary.Reflect), (x + x.T - x.Mean(axis: 0)).Std()];
        await Travel(all);
    }

    [Fact]
    public async Task Kernels_of_several_steps_travel_too()
    {
        var x = DaskArray.Random.Random((60, 60), 20, seed: 3);
        var line = x.Ravel();
        var unique = UniqueLayers.Lower<double>(line.Recipe, leastBytes: 1);
        var whole = (x + DaskArray.Eye<double>(60, chunks: 20)).Recipe;
        DaskArray[] all =
        [
            .. ((Recipe[])
            [
                SortLayers.Lower<double>(line.Recipe, 0, positions: false, leastBytes: 1), SortLayers.Lower<double>(line.Recipe, 0, positions: true, leastBytes: 1),
                QuantileLayers.Lower(x.Recipe, [0.1, 0.7], [0, 1], false, "linear", false, leastBytes: 1), unique.Values, unique.Inverse, unique.Counts,
                .. TiledAlgebra.Lu<double>(x.Recipe, 1), TiledAlgebra.Inverse<double>(whole, 1), TiledAlgebra.Determinant<double>(whole, 1), TileQr.Lower<double>(x.Recipe, 1).Q,
                TiledAlgebra.Cholesky<double>(DaskArray.Create<double>(whole).MatMul(DaskArray.Create<double>(whole).T).Recipe, true, 1),
            ]).Select(DaskArray.Create),
            x[DaskArray.Random.Permutation(60, 25, seed: 1)], DaskArray.Random.Poisson(x * 9.0, seed: 2), DaskArray.Random.Choice(3, 50, seed: 2, p: [0.2, 0.3, 0.5]), DaskArray.Random.Multinomial(9, [0.4, 0.6], 30, 10, seed: 3),
            x.SlidingWindowView([3, 4]), x.Overlap([1, 2], [Boundary.Nearest, Boundary.None]), x.View<long>(), x[.., ..2].HistogramDD([3, 4], [(0, 1), (0, 1)]).Counts, x.ArgTopK(4, 0),
        ];
        await Travel(all);
    }

    private static async Task Travel(DaskArray[] all)
    {
        foreach (var array in all)
        {
            var graph = array.ToGraph();
            foreach (var layer in graph.Layers)
            {
                for (var i = 0; i < layer.Count; i++)
                {
                    Assert.Equal(new TaskKey(layer.Name, i), layer.Node(i).Key);
                    if (layer.Node(i) is CallNode call)
                    {
                        var bytes = Payload.Encode<object>(call.Function);
                        Assert.True(bytes.Length < 4_000, $"{call.Function.Name} takes {bytes.Length} bytes");
                    }
                }
            }

            var scheduler = new SynchronousScheduler();
            var plain = await scheduler.ComputeAsync(graph, array.Keys());
            var travelled = await TravellingScheduler.ComputeAsync(graph, array.Keys());
            for (var i = 0; i < plain.Length; i++)
            {
                Assert.Equal(plain[i]!.ToString(), travelled[i]!.ToString());
            }
        }
    }

    /// <summary>Sends every function, argument and value through bytes, as between processes.</summary>
    private static class TravellingScheduler
    {
        public static async Task<object?[]> ComputeAsync(TaskGraph graph, IReadOnlyList<TaskKey> wanted)
        {
            var values = new Dictionary<TaskKey, object?>();
            foreach (var key in wanted)
            {
                await MakeAsync(graph, key, values);
            }

            return [.. wanted.Select(k => values[k])];
        }

        private static async Task<object?> MakeAsync(TaskGraph graph, TaskKey key, Dictionary<TaskKey, object?> values)
        {
            if (values.TryGetValue(key, out var known))
            {
                return known;
            }

            var node = graph[key];
            var inputs = new object?[node.Dependencies.Length];
            for (var i = 0; i < inputs.Length; i++)
            {
                inputs[i] = await MakeAsync(graph, node.Dependencies[i], values);
            }

            object? value;
            if (node is CallNode call)
            {
                var function = (TaskFunction)Travel(call.Function)!;
                var template = call.Arguments is null ? null : Array.ConvertAll(call.Arguments, Travel);
                value = await function.InvokeAsync(TaskArguments.Fill(template, inputs), new TaskContext(key, 1, default));
            }
            else
            {
                value = node is DataNode data ? data.Value : inputs[0];
            }

            return values[key] = Travel(value);
        }

        private static object? Travel(object? value) => Payload.Decode<object?>(Payload.Encode(value));
    }
}
