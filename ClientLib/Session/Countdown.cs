namespace Orleans.Dask.Session;

/// <summary>Waits for many futures with one object: until all have a value, or one has failed.</summary>
internal sealed class Countdown : TaskCompletionSource, IFutureWaiter
{
    private int _open;

    private Countdown(int open)
        : base(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        _open = open;
    }

    public static Task WhenAllEnded(FutureState[] states, CancellationToken cancellationToken)
    {
        // One more than there are, so that it can't come to the end while waiters are still being placed.
        var countdown = new Countdown(states.Length + 1);
        foreach (var state in states)
        {
            if (state.HasEnded || !state.Await(countdown))
            {
                countdown.Ended(state);
            }
        }

        countdown.CountOne();
        return cancellationToken.CanBeCanceled ? countdown.Awaited().WaitAsync(cancellationToken) : countdown.Task;
    }

    public void Ended(FutureState state)
    {
        if (state.Status == FutureStatus.Finished)
        {
            CountOne();
        }
        else
        {
            TrySetResult();
        }
    }

    // As for one future's signal: the promise itself would bring its waiters to the thread pool.
    private async Task Awaited() => await Task;

    private void CountOne()
    {
        if (Interlocked.Decrement(ref _open) == 0)
        {
            TrySetResult();
        }
    }
}
