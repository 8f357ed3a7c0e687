using Orleans.Dask.Grains.Placement;

namespace Orleans.Dask.Grains.Tests.Placement;

public class PlacementPolicyTests
{
    [Fact]
    public void A_task_goes_where_its_bytes_are() =>
        Assert.Equal(1, PlacementPolicy.Choose([new(0, 1, 64 << 20, 1), new(0, 1, 64 << 10, 1)]));

    [Fact]
    public void Unless_it_would_wait_there_longer_than_moving_takes() =>
        Assert.Equal(0, PlacementPolicy.Choose([new(0, 1, 1 << 20, 1), new(TimeSpan.TicksPerSecond, 1, 0, 0)]));

    [Fact]
    public void Work_is_shared_by_the_slots_that_do_it() =>
        Assert.Equal(1, PlacementPolicy.Choose([new(TimeSpan.TicksPerSecond, 1, 0, 0), new(2 * TimeSpan.TicksPerSecond, 4, 0, 0)]));

    [Fact]
    public void What_a_slow_network_was_measured_to_take_is_waited_for_rather_than_moved() =>
        Assert.Equal([0, 1], new long[] { 0, 10_000_000 }.Select(rate =>
            PlacementPolicy.Choose([new(0, 1, 10 << 20, 1, rate), new(TimeSpan.TicksPerSecond / 10, 1, 0, 0, rate)])));

    [Fact]
    public void Among_equals_the_first_is_chosen() =>
        Assert.Equal(0, PlacementPolicy.Choose([new(5, 1, 0, 0), new(5, 1, 0, 0)]));

    [Fact]
    public void Without_candidates_there_is_no_choice() =>
        Assert.Throws<ArgumentException>(() => PlacementPolicy.Choose([]));

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(1_000, 0, false)]
    [InlineData(1_000_000, 0, true)]
    [InlineData(1_000_000, 1 << 30, false)]
    public void Stealing_pays_when_the_wait_is_twice_the_move(long waitTicks, long bytes, bool pays) =>
        Assert.Equal(pays, PlacementPolicy.StealPays(waitTicks, bytes, bytes == 0 ? 0 : 1));
}
