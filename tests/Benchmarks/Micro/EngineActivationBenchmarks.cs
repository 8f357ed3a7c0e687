using BenchmarkDotNet.Attributes;
using Orleans.Embedded;

namespace Orleans.Dask.Benchmarks.Micro;

/// <summary>The first call of a grain, beside making its object: placed, registered, constructed, activated.</summary>
public class EngineActivationBenchmarks
{
    private const int Grains = 10_000;

    private readonly object[] _made = new object[Grains];
    private EmbeddedSilo _silo = null!;
    private int _round;

    [Params(1, 16)]
    public int Callers { get; set; }

    // A silo for each iteration: activations are kept, and a million of them would be what is measured.
    [IterationSetup]
    public void Start() => _silo = BareSilo.StartAsync().GetAwaiter().GetResult();

    [IterationCleanup]
    public void End() => _silo.DisposeAsync().AsTask().GetAwaiter().GetResult();

    [Benchmark(Baseline = true, OperationsPerInvoke = Grains)]
    public object[] Object()
    {
        for (var i = 0; i < Grains; i++)
        {
            _made[i] = new PlainCalls();
        }

        return _made;
    }

    [Benchmark(OperationsPerInvoke = Grains)]
    public Task Grain()
    {
        var round = _round++;
        return Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            for (var i = caller; i < Grains; i += Callers)
            {
                await _silo.GrainFactory.GetGrain<IBenchGrain>($"{round} {i}").NothingAsync();
            }
        })));
    }
}
