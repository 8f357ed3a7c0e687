using BenchmarkDotNet.Attributes;

namespace Orleans.Dask.Benchmarks.Micro;

/// <summary>Large arguments to another process, beside copying them twice in memory, which is the least a socket does.</summary>
public class EngineBulkBenchmarks
{
    private SiloProcess _process = null!;
    private IBenchGrain _grain = null!;
    private byte[] _bytes = [];
    private byte[] _copy = [];

    [Params(64_000, 4_000_000)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public void Start()
    {
        (_bytes, _copy) = (new byte[Bytes], new byte[Bytes]);
        new Random(20261121).NextBytes(_bytes);
        _process = SiloProcess.StartAsync().GetAwaiter().GetResult();
        _grain = _process.Client.GetGrain<IBenchGrain>("bulk");
    }

    [GlobalCleanup]
    public void End() => _process.DisposeAsync().AsTask().GetAwaiter().GetResult();

    [Benchmark(Baseline = true)]
    public void CopyTwice()
    {
        _bytes.CopyTo(_copy, 0);
        _copy.CopyTo(_bytes, 0);
    }

    [Benchmark]
    public Task<int> Send() => _grain.TakeAsync(_bytes);
}
