using Orleans.Dask.Grains.Execution;

namespace Orleans.Dask.Grains.Tests.Execution;

public class TransferRateTests
{
    private readonly Clock _clock = new();
    private readonly TransferRate _rate;

    public TransferRateTests() => _rate = new TransferRate(_clock);

    [Fact]
    public void Small_transfers_tell_nothing_and_the_first_large_one_all()
    {
        _rate.Note(1_000, TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, _rate.BytesPerSecond);

        _rate.Note(100_000_000, TimeSpan.FromSeconds(1));
        Assert.Equal(100_000_000, _rate.BytesPerSecond);
    }

    [Fact]
    public void Later_transfers_count_by_their_bytes()
    {
        _rate.Note(100_000_000, TimeSpan.FromSeconds(1));
        _rate.Note(1 << 20, TimeSpan.FromSeconds(1));
        Assert.InRange(_rate.BytesPerSecond, 95_000_000, 99_999_999);

        for (var i = 0; i < 10; i++)
        {
            _rate.Note(64 << 20, TimeSpan.FromSeconds(64));
        }

        Assert.InRange(_rate.BytesPerSecond, 1 << 20, 1_100_000);
    }

    [Fact]
    public void What_was_measured_long_ago_keeps_no_task_away()
    {
        _rate.Note(1 << 20, TimeSpan.FromSeconds(10));
        _clock.Now += 29 * TimeSpan.TicksPerSecond;
        Assert.Equal((1 << 20) / 10, _rate.BytesPerSecond);

        _clock.Now += 2 * TimeSpan.TicksPerSecond;
        Assert.Equal(0, _rate.BytesPerSecond);
    }

    private sealed class Clock : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now;
    }
}
