namespace Orleans.Dask.Benchmarks;

/// <summary>Does next to nothing, so that what is measured is the engine.</summary>
[Alias("benchmarks.IBench")]
public interface IBenchGrain : IGrainWithStringKey
{
    [Alias("Nothing")]
    ValueTask NothingAsync();

    /// <returns>How many bytes came.</returns>
    [Alias("Take")]
    Task<int> TakeAsync([Immutable] byte[] bytes);

    /// <summary>Keeps a thread of the silo's process busy for so many <see cref="Spin.RoundsAsync"/>, none of those that run turns.</summary>
    [Alias("Burn")]
    Task BurnAsync(long rounds);

    /// <returns>How often <see cref="NothingAsync"/> was called since this was asked before.</returns>
    [Alias("Calls")]
    Task<int> CallsAsync();
}

/// <inheritdoc/>
[Alias("benchmarks.bench")]
public sealed class BenchGrain : Grain, IBenchGrain
{
    private int _calls;

    public ValueTask NothingAsync()
    {
        _calls++;
        return default;
    }

    public Task<int> TakeAsync(byte[] bytes) => Task.FromResult(bytes.Length);

    public Task BurnAsync(long rounds) => Spin.RoundsAsync(rounds);

    public Task<int> CallsAsync()
    {
        var calls = _calls;
        _calls = 0;
        return Task.FromResult(calls);
    }
}
