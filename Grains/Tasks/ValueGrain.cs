using Orleans.Dask.Grains.Execution;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Grains.Tasks;

/// <summary>
/// What chunk and task grains share: the way to a value. The store of this silo first, else whoever the scheduler says holds it.
/// The activation itself knows nothing but its key.
/// </summary>
internal abstract class ValueGrain(WorkerCore core) : Grain, IChunkGrain
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan s_lastPause = TimeSpan.FromMilliseconds(200);

    private ValueKey _key;

    /// <summary>No call to another silo is waited for longer.</summary>
    protected static TimeSpan Deadline { get; } = TimeSpan.FromSeconds(10);

    protected TimeProvider Time => core.Time;

    protected ISchedulerGrain Scheduler => core.Scheduler(_key.Session);

    protected TaskKey Key => _key.Key;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _key = ValueKey.Parse(this.GetPrimaryKeyString());
        return Task.CompletedTask;
    }

    public async Task<ValueState> DescribeAsync() => Here() ?? await Scheduler.WhereAsync(Key).WaitAsync(Deadline, core.Time);

    public async Task<ValuePiece?> ReadAsync(long offset, string? readerProcess)
    {
        if (await core.Store.ReadAsync(_key.Session, Key, offset, readerProcess, core.Options.Process) is { } here)
        {
            return here;
        }

        var began = core.Time.GetTimestamp();
        for (var pause = s_firstPause; core.Time.GetElapsedTime(began) < s_patience; pause = pause * 2 < s_lastPause ? pause * 2 : s_lastPause)
        {
            var state = await Scheduler.EnsureAsync(Key).WaitAsync(Deadline, core.Time);
            switch (state.Status)
            {
                case TaskStatusCode.Finished when await FromHolderAsync(state, offset, readerProcess) is { } piece:
                    return piece;
                case TaskStatusCode.Failed:
                    throw await ErrorAsync(state.Error!);
                case TaskStatusCode.Cancelled:
                    throw new TaskFailedException($"The task '{Key}' was cancelled. Submit it again.");
                case TaskStatusCode.Unknown:
                    throw new GraphException($"Nothing makes '{Key}' in session '{_key.Session}': it was released, or the session is over.");
            }

            await Task.Delay(pause, core.Time);
        }

        return null;
    }

    protected ValueState? Here() =>
        core.Store.TryGet(_key.Session, Key, out var value) ? new ValueState(TaskStatusCode.Finished, [core.Info.Address], value.Size, null) : null;

    private async Task<ValuePiece?> FromHolderAsync(ValueState state, long offset, string? readerProcess)
    {
        foreach (var holder in state.Holders)
        {
            try
            {
                if (await core.Worker(holder).ReadAsync(_key.Session, Key, offset, readerProcess).WaitAsync(Deadline, core.Time) is { } piece)
                {
                    return piece;
                }
            }
            catch (Exception exception) when (exception is TimeoutException or OrleansException)
            {
                // Another holder may answer; else the scheduler soon knows that this one is gone.
                core.LogFetchFailed(holder, exception);
            }
        }

        return null;
    }

    /// <summary>What the task threw, decoded on an executor's thread.</summary>
    private async Task<TaskFailedException> ErrorAsync(TaskError error)
    {
        var done = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        var decoding = core.Codes.Of(_key.Session).Decoding;
        core.Executor.PostAside(new ActionWork(() =>
        {
            try
            {
                done.SetResult(error.Exception.Read<Exception>(decoding));
            }
            catch (Exception exception)
            {
                done.SetResult(exception);
            }
        }));
        return new TaskFailedException(error.Failed, error.Worker, error.Attempt, await done.Task);
    }
}
