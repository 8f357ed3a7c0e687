namespace Orleans.Dask.Session;

/// <summary>How long to go on when calls fail: the first tries soon, then once a second, and not for ever.</summary>
internal sealed class Patience(SessionOptions options, TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private TimeSpan _pause = TimeSpan.FromMilliseconds(20);

    /// <summary>It has been too long.</summary>
    public bool IsOver => time.GetElapsedTime(_start) >= options.GiveUpAfter;

    /// <summary>Waits before the next try.</summary>
    /// <exception cref="TimeoutException">It has been too long.</exception>
    public async Task WaitAsync(Exception error, CancellationToken cancellationToken)
    {
        if (IsOver)
        {
            var waited = time.GetElapsedTime(_start);
            throw new TimeoutException(
                $"The cluster has not answered for {waited.TotalSeconds:0} s; the last try ended with {error.GetType().Name}: {error.Message} "
                + "Look at the silos' logs, then connect again.", error);
        }

        await PauseAsync(cancellationToken);
    }

    /// <summary>Each pause is twice as long as the one before, at most a second.</summary>
    public async Task PauseAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(_pause, time, cancellationToken);
        _pause = TimeSpan.FromMilliseconds(Math.Min(1000, _pause.TotalMilliseconds * 2));
    }
}
