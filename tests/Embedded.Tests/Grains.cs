using System.Collections.Concurrent;

namespace Orleans.Dask.Embedded.Tests;

[GenerateSerializer, Alias("tests.Box")]
public sealed class Box
{
    [Id(0)] public int Value { get; set; }

    [Id(1)] public List<int> Items { get; set; } = [];
}

[Alias("tests.IEcho")]
public interface IEchoGrain : IGrainWithStringKey
{
    [Alias("Add")]
    Task<int> AddAsync(int a, int b);

    [Alias("Nothing")]
    ValueTask NothingAsync();

    [Alias("Change")]
    Task<Box> ChangeAsync(Box box);

    [Alias("Kept")]
    Task<Box> KeptAsync();

    [Alias("Fail")]
    Task FailAsync(string message);

    [Alias("Where")]
    Task<string> WhereAsync();

    [Alias("Length")]
    Task<int> LengthAsync(byte[] bytes);

    [Alias("Bytes")]
    Task<byte[]> BytesAsync(int length);

    [Alias("Context")]
    Task<string?> ContextAsync(string key);

    [Alias("Wait")]
    Task WaitAsync(CancellationToken cancellationToken);

    [Alias("Count")]
    IAsyncEnumerable<int> CountAsync(int count, CancellationToken cancellationToken = default);

    [Alias("Leave")]
    Task LeaveAsync();
}

public sealed class EchoGrain : Grain, IEchoGrain
{
    private static readonly ConcurrentDictionary<GrainId, TaskCompletionSource> s_waiting = new();

    private Box _kept = new();

    /// <summary>Completes when <see cref="WaitAsync"/> runs in the grain, which must be in this process.</summary>
    public static Task WaitsIn(IEchoGrain grain) => Waiting(grain.GetGrainId()).Task;

    public Task<int> AddAsync(int a, int b) => Task.FromResult(a + b);

    public ValueTask NothingAsync() => default;

    public Task<Box> ChangeAsync(Box box)
    {
        box.Value++;
        box.Items.Add(box.Value);
        _kept = box;
        return Task.FromResult(box);
    }

    public Task<Box> KeptAsync() => Task.FromResult(_kept);

    public async Task FailAsync(string message)
    {
        await Task.Yield();
        throw new InvalidOperationException(message);
    }

    public Task<string> WhereAsync() => Task.FromResult(RuntimeIdentity);

    public Task<int> LengthAsync(byte[] bytes) => Task.FromResult(bytes.Length);

    public Task<byte[]> BytesAsync(int length) => Task.FromResult(new byte[length]);

    public Task<string?> ContextAsync(string key) => Task.FromResult(RequestContext.Get(key) as string);

    public Task WaitAsync(CancellationToken cancellationToken)
    {
        Waiting(this.GetGrainId()).TrySetResult();
        return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
    }

    public async IAsyncEnumerable<int> CountAsync(int count, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var i = 0; i < count; i++)
        {
            if (i % 7 == 0)
            {
                await Task.Yield();
            }

            cancellationToken.ThrowIfCancellationRequested();
            yield return i;
        }
    }

    public Task LeaveAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    private static TaskCompletionSource Waiting(GrainId id) =>
        s_waiting.GetOrAdd(id, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
