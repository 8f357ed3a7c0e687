using Orleans.Dask.Streams;

namespace Orleans.Dask.Benchmarks.Scenarios;

/// <summary>Local pipelines: <c>stream_map_zip_accumulate</c> of streamz.</summary>
public sealed class Streams : IScenarioSource
{
    // The pipeline is made inside the clock, as the peer does.
    public IEnumerable<Scenario> Scenarios =>
    [
        new("stream_map_zip_accumulate", 50_000, () => Task.FromResult<IScenarioRun>(new ScenarioRun(() =>
        {
            var last = 0L;
            var source = new StreamSource<long>();
            var sums = source.Map(x => x + 1).Zip(source.Map(x => 2 * x)).Map(pair => pair.Item1 + pair.Item2);
            sums.Sink(_ => { });
            sums.Accumulate((total, x) => total + x, 0L).Sink(total => last = total);
            for (var i = 0L; i < 50_000; i++)
            {
                source.Emit(i);
            }

            return Task.FromResult((double)last);
        }))),
    ];
}
