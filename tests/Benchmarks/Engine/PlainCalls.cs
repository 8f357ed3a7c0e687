namespace Orleans.Dask.Benchmarks;

/// <summary>What <see cref="BenchGrain"/> does, as an ordinary object: what calls are compared with.</summary>
internal sealed class PlainCalls : IBenchGrain
{
    private int _calls;

    public ValueTask NothingAsync()
    {
        _calls++;
        return default;
    }

    public Task<int> TakeAsync(byte[] bytes) => Task.FromResult(bytes.Length);

    public Task BurnAsync(long rounds) => Spin.RoundsAsync(rounds);

    public Task<int> CallsAsync() => Task.FromResult(_calls);
}
