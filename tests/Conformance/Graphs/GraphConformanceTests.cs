using System.Text.Json;
using Orleans.Dask.Conformance.Streams;
using Orleans.Dask.Grains.Interfaces;
using Xunit.Abstractions;

namespace Orleans.Dask.Conformance.Graphs;

public class GraphConformanceTests(ITestOutputHelper output)
{
    private const string File = "graph.jsonl";
    private const int All = 107;

    public static TheoryData<string> Schedulers => ["oracle", "synchronous", "one thread", "three threads"];

    [Theory]
    [MemberData(nameof(Schedulers))]
    public async Task Graphs_answer_as_dask_does(string scheduler)
    {
        if (!ConformanceFiles.Exist(File))
        {
            output.WriteLine($"No {File} here: set CONFORMANCE_DIR to run it.");
            return;
        }

        var (ran, wrong) = (0, new List<string>());
        foreach (var vector in ConformanceFiles.Lines(File))
        {
            ran++;
            var expected = vector.TryGetProperty("error", out var error) ? $"error: {error}" : Expected(vector.GetProperty("expect"));
            var found = await AnswerAsync(vector, Scheduler(scheduler));
            if (expected != found)
            {
                wrong.Add($"{vector.GetProperty("id").GetString()}\n  expected {expected}\n  found    {found}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(ran >= All, $"{ran} vectors ran, expected {All}.");
    }

    private static IGraphScheduler Scheduler(string name) => name switch
    {
        "oracle" => new SynchronousScheduler(optimize: false),
        "synchronous" => new SynchronousScheduler(),
        "one thread" => new ThreadsScheduler(threads: 1),
        _ => new ThreadsScheduler(threads: 3),
    };

    private static string Expected(JsonElement expect) => Items.Text(Items.Value(expect));

    private static async Task<string> AnswerAsync(JsonElement vector, IGraphScheduler scheduler)
    {
        try
        {
            return Items.Text(vector.TryGetProperty("lets", out var lets) ? await ProgramAsync(vector, lets, scheduler) : await RawAsync(vector, scheduler));
        }
        catch (GraphException e) when (e.Message.StartsWith("The graph goes in a circle", StringComparison.Ordinal))
        {
            return "error: cycle";
        }
        catch (GraphException e) when (e.Message.StartsWith("Nothing makes", StringComparison.Ordinal))
        {
            return "error: key";
        }
        catch (TaskFailedException)
        {
            return "error: task";
        }
    }

    private static async Task<Dictionary<string, object?>> ProgramAsync(JsonElement vector, JsonElement lets, IGraphScheduler scheduler)
    {
        var program = new DelayedProgram(lets);
        var wanted = vector.GetProperty("compute").EnumerateArray().Select(name => program[name.GetString()!]).ToArray();
        return new() { ["values"] = await Delayed.ComputeAsync((IReadOnlyCollection<Delayed>)wanted, scheduler) };
    }

    private static async Task<Dictionary<string, object?>> RawAsync(JsonElement vector, IGraphScheduler scheduler)
    {
        var raw = new RawGraph(vector.GetProperty("graph"));
        var get = Items.Value(vector.GetProperty("get"));
        var wanted = Flat(get).Select(name => new TaskKey((string)name!)).ToArray();
        var ask = vector.TryGetProperty("ask", out var asked) ? asked[0].GetString() : null;
        if (ask == "dependencies")
        {
            return new() { [ask] = raw.Dependencies().ToDictionary(pair => pair.Key, pair => (object?)pair.Value.ToArray<object?>()) };
        }

        var graph = raw.Build();
        if (ask == "culled")
        {
            var keys = FlatGraph.Of(graph, wanted).Nodes.ToArray().Where(node => node.Key.Index == 0).Select(node => node.Key.Layer);
            return new() { [ask] = keys.Order(StringComparer.Ordinal).ToArray<object?>() };
        }

        var values = new Queue<object?>(await scheduler.ComputeAsync(graph, wanted));
        return new() { ["values"] = Shaped(get, values), ["calls"] = raw.Calls.ToDictionary(pair => pair.Key, pair => (object?)(long)pair.Value) };
    }

    private static IEnumerable<object?> Flat(object? get) => get is object?[] list ? list.SelectMany(Flat) : [get];

    private static object? Shaped(object? get, Queue<object?> values) => get is object?[] list ? list.Select(item => Shaped(item, values)).ToArray() : values.Dequeue();
}
