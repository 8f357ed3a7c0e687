using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orleans.Dask.Benchmarks.Scenarios;

namespace Orleans.Dask.Benchmarks;

/// <summary>Times scenarios by their names and prints one JSON object a line.</summary>
public static class ScenarioRunner
{
    /// <summary>
    /// Short scenarios are warmed up for this long, since the JIT compiles in the background what has run often enough; with three
    /// processes on two cores it is done after some three seconds, not after one.
    /// </summary>
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(3);

    /// <summary>One line an area.</summary>
    private static readonly IScenarioSource[] s_sources =
    [
        new Threads(),
        new Scenarios.Frames(),
        new Scenarios.Arrays(),
        new Scenarios.Streams(),
        new Futures(),
        new Dispatch(),
        new DispatchDropped(),
        new Scenarios.Engine(),
        new BesideBulk(),
    ];

    /// <summary>Runs the named scenarios; <c>list</c> names them, <c>all</c> runs all.</summary>
    /// <returns>0 when all of them gave an answer.</returns>
    public static async Task<int> RunAsync(string[] names, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var scenarios = s_sources.SelectMany(source => source.Scenarios).ToDictionary(scenario => scenario.Name, StringComparer.Ordinal);
        if (names is [] or ["list"])
        {
            await output.WriteLineAsync(string.Join('\n', scenarios.Keys));
            return 0;
        }

        var code = 0;
        foreach (var name in names is ["all"] ? [.. scenarios.Keys] : names)
        {
            JsonObject line;
            try
            {
                line = scenarios.TryGetValue(name, out var scenario) ? await MeasureAsync(scenario)
                    : throw new ArgumentException($"There is no scenario '{name}'. Those there are: {string.Join(", ", scenarios.Keys)}.");
            }
            catch (Exception e)
            {
                (line, code) = (new JsonObject { ["scenario"] = name, ["error"] = $"{e.GetType().Name}: {e.Message}" }, 1);
                await Console.Error.WriteLineAsync(e.ToString());
            }

            await output.WriteLineAsync(line.ToJsonString(JsonSerializerOptions.Default));
        }

        await SharedCluster.EndAsync();
        return code;
    }

    private static async Task<JsonObject> MeasureAsync(Scenario scenario)
    {
        var begun = Stopwatch.GetTimestamp();
        do
        {
            await OnceAsync(scenario);
        }
        while (Stopwatch.GetElapsedTime(begun) < s_warmUp);

        var repeat = scenario.Repeat ?? int.Parse(Environment.GetEnvironmentVariable("REPEAT") ?? "3", CultureInfo.InvariantCulture);
        var runs = new List<(double Seconds, double Check, IEnumerable<(string, object)> Report)>();
        for (var i = 0; i < repeat; i++)
        {
            runs.Add(await OnceAsync(scenario));
        }

        runs.Sort((a, b) => a.Seconds.CompareTo(b.Seconds));
        var best = runs[0];
        var line = new JsonObject
        {
            ["scenario"] = scenario.Name,
            ["n"] = scenario.N,
            ["seconds"] = best.Seconds,
            ["median"] = runs[runs.Count / 2].Seconds,
            ["rate"] = scenario.N / best.Seconds,
            ["check"] = double.IsFinite(best.Check) ? best.Check : null,
        };
        foreach (var (name, value) in best.Report)
        {
            line[name] = JsonSerializer.SerializeToNode(value);
        }

        return line;
    }

    private static async Task<(double Seconds, double Check, IEnumerable<(string, object)> Report)> OnceAsync(Scenario scenario)
    {
        await using var run = await scenario.Prepare();
        // What the preparation left behind is not the run's to collect.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var begun = Stopwatch.GetTimestamp();
        var check = await run.RunAsync();
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        return (seconds, check, [.. run.Report(), ("allocated_kb", allocated >> 10)]);
    }
}
