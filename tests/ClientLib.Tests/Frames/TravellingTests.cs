using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.TestKit;

namespace Orleans.Dask.ClientLib.Tests.Frames;

/// <summary>On a cluster kernels, their constants and their values cross processes: here everything is written to bytes and read back around each call.</summary>
public sealed class TravellingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_whole_analysis_survives_the_wire()
    {
        var text = "pickup,fare,tip,zone\n" + string.Concat(Enumerable.Range(0, 500).Select(i => $"2019-03-0{1 + (i % 9)} {i % 24:00}:15:00,{i % 17},{i % 5},\"zone, {i % 3}\"\n"));
        var path = _folder.Write("rides.csv", text);
        foreach (var blockSize in new long?[] { null, 1000 })
        {
            var rides = DaskFrame.ReadCsv(path, parseDates: ["pickup"], blockSize: blockSize);
            rides = rides[(rides["fare"] > 0) & !rides["zone"].EqualTo("zone, 2") & (rides["pickup"] < new DateTime(2019, 3, 9))];
            rides = rides.Assign("fraction", rides["tip"] / rides["fare"]);
            var byHour = rides.GroupBy(rides["pickup"].Dt.Hour)["fraction"].Mean();
            var byZone = rides.GroupBy("zone")["fraction"].Mean();
            var here = new SynchronousScheduler();
            var travelled = new TravellingScheduler();
            Assert.Equal($"{await byHour.ComputeAsync(here)}", $"{await byHour.ComputeAsync(travelled)}");
            Assert.Equal($"{await byZone.ComputeAsync(here)}", $"{await byZone.ComputeAsync(travelled)}");
            Assert.Equal($"{await rides.HeadAsync(5, here)}", $"{await rides.HeadAsync(5, travelled)}");
            Assert.Equal($"{await rides.ComputeAsync(here)}", $"{await rides.ComputeAsync(travelled)}");
        }
    }

    private sealed class TravellingScheduler : IGraphScheduler
    {
        private readonly SynchronousScheduler _scheduler = new();

        public Task<object?[]> ComputeAsync(TaskGraph graph, IReadOnlyList<TaskKey> wanted, CancellationToken cancellationToken = default) =>
            _scheduler.ComputeAsync(Wrapped(graph), wanted, cancellationToken);

        public Task<PersistedGraph> PersistAsync(TaskGraph graph, IReadOnlyList<TaskKey> wanted, CancellationToken cancellationToken = default) =>
            _scheduler.PersistAsync(Wrapped(graph), wanted, cancellationToken);

        private static TaskGraph Wrapped(TaskGraph graph)
        {
            var builder = new TaskGraphBuilder();
            foreach (var node in graph.Layers.SelectMany(layer => Enumerable.Range(0, layer.Count).Select(layer.Node)))
            {
                builder.Add(node is CallNode call
                    ? new CallNode(call.Key, new Travelling(Payload.Encode<object>(call.Function)), [.. call.Dependencies], Travelled(call.Arguments))
                    : node);
            }

            return builder.Build();
        }
    }

    private sealed class Travelling(byte[] function) : TaskFunction
    {
        public override string Name => "travelling";

        public override ValueTask<object?> InvokeAsync(object?[] arguments, in TaskContext context) => RunAsync(arguments, context);

        private async ValueTask<object?> RunAsync(object?[] arguments, TaskContext context) =>
            Travelled(await ((TaskFunction)Payload.Decode<object>(function)).InvokeAsync(Travelled(arguments)!, context));
    }

    private static T Travelled<T>(T value) => Payload.Decode<T>(Payload.Encode(value));
}
