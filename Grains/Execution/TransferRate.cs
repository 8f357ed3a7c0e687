namespace Orleans.Dask.Grains.Execution;

/// <summary>How fast inputs come from other silos, as they did lately: what a task that needs one may expect.</summary>
internal sealed class TransferRate(TimeProvider time)
{
    // A rate that was low once would keep all transfers away, and so never be measured again.
    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(30);

    /// <summary>Smaller transfers tell of the round trip, not of the rate.</summary>
    private const long Telling = 256 << 10;

    /// <summary>A transfer of so many bytes outweighs all that was seen before it by half.</summary>
    private const double HalfWeight = 32 << 20;

    private readonly Lock _gate = new();
    private double _bytesPerSecond;
    private long _measured;

    /// <summary>0: not measured, or too long ago.</summary>
    public long BytesPerSecond
    {
        get
        {
            lock (_gate)
            {
                return time.GetElapsedTime(_measured) < s_fresh ? (long)_bytesPerSecond : 0;
            }
        }
    }

    public void Note(long bytes, TimeSpan took)
    {
        if (bytes < Telling || took <= TimeSpan.Zero)
        {
            return;
        }

        lock (_gate)
        {
            _measured = time.GetTimestamp();
            var rate = bytes / took.TotalSeconds;
            var weight = 1 - Math.Pow(0.5, Math.Max(bytes, 1 << 20) / HalfWeight);
            _bytesPerSecond = _bytesPerSecond == 0 ? rate : _bytesPerSecond + (weight * (rate - _bytesPerSecond));
        }
    }
}
