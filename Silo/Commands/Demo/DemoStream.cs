using Orleans.Dask.Streams;

namespace Orleans.Dask.Silo.Commands.Demo;

/// <summary>A pipeline whose middle runs on the cluster: two maps of one source are zipped and added up there, and accumulated here.</summary>
internal sealed class DemoStream : IDemoPart
{
    public string Name => "stream";

    public string Title => "Stream: map, map, zip, map, sink, accumulate";

    public async Task RunAsync(DemoContext context, CancellationToken cancellationToken)
    {
        var console = context.Console;
        var source = new StreamSource<int>();
        var scattered = source.Scatter(context.Client);
        var a = scattered.Map(x => x + 13);
        var b = scattered.Map(x => 2 * x);
        var c = a.Zip(b).Map(pair => pair.Item1 + pair.Item2).Gather();
        c.Sink(sum => DemoConsole.Line($"{sum}"));
        c.Accumulate((total, sum) => total + sum).Sink(total => DemoConsole.Line($"total so far={total}"));
        for (var i = 0; i < 4; i++)
        {
            await source.EmitAsync(i);
        }
    }
}
