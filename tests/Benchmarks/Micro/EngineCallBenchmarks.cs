using BenchmarkDotNet.Attributes;
using Orleans.Embedded;

namespace Orleans.Dask.Benchmarks.Micro;

/// <summary>A call that does nothing, beside the same call on the object: inside one silo and to another process.</summary>
public class EngineCallBenchmarks
{
    private const int CallsEach = 1_000;

    private readonly PlainCalls _object = new();
    private EmbeddedSilo? _silo;
    private SiloProcess? _process;
    private IBenchGrain[] _grains = [];

    /// <summary>Whether the silo is another process.</summary>
    [Params(false, true)]
    public bool Process { get; set; }

    /// <summary>Each with its own grain; the time is that of one call.</summary>
    [Params(1, 16, 256)]
    public int Callers { get; set; }

    [GlobalSetup]
    public void Start()
    {
        if (Process)
        {
            _process = SiloProcess.StartAsync().GetAwaiter().GetResult();
        }
        else
        {
            _silo = BareSilo.StartAsync().GetAwaiter().GetResult();
        }

        var factory = _process?.Client ?? _silo!.GrainFactory;
        _grains = [.. Enumerable.Range(0, Callers).Select(i => factory.GetGrain<IBenchGrain>($"bench {i}"))];
    }

    [GlobalCleanup]
    public void End()
    {
        IAsyncDisposable started = Process ? _process! : _silo!;
        started.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = CallsEach)]
    public Task Object() => RunAsync(_ => _object);

    [Benchmark(OperationsPerInvoke = CallsEach)]
    public Task Grain() => RunAsync(caller => _grains[caller]);

    // So many calls by all callers together.
    private Task RunAsync(Func<int, IBenchGrain> target) => Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
    {
        var grain = target(caller);
        for (var i = caller; i < CallsEach; i += Callers)
        {
            await grain.NothingAsync();
        }
    })));
}
