using Orleans.Dask.Grains.Storage;

namespace Orleans.Dask.Grains.Tests.Storage;

public class MemoryReturnTests
{
    private const long Much = 40 << 20;

    private readonly MemoryReturn _memory = new(new InlineExecutor());
    private int _woken;

    public MemoryReturnTests() => _memory.Wake = () => _woken++;

    [Fact]
    public void Much_that_was_let_go_is_given_back_once_nothing_is_let_go_any_more()
    {
        _memory.Released(Much);
        Assert.True(_memory.Look(isIdle: true));
        _memory.Released(Much);
        Assert.True(_memory.Look(isIdle: true));
        Assert.Equal((0, 1), (_memory.Times, _woken));

        Assert.False(_memory.Look(isIdle: true));
        Assert.Equal((1, 1), (_memory.Times, _woken));
    }

    [Fact]
    public void A_silo_at_work_is_not_held_up()
    {
        _memory.Released(Much);
        Assert.True(_memory.Look(isIdle: false));
        Assert.True(_memory.Look(isIdle: false));
        Assert.Equal(0, _memory.Times);

        Assert.False(_memory.Look(isIdle: true));
        Assert.Equal(1, _memory.Times);
    }

    [Fact]
    public void Little_wakes_nobody_and_the_next_lot_does_again()
    {
        _memory.Released(1 << 20);
        Assert.Equal((0, false), (_woken, _memory.Look(isIdle: true)));

        _memory.Released(Much);
        _memory.Released(Much);
        Assert.Equal(1, _woken);
        _memory.Look(isIdle: true);
        _memory.Look(isIdle: true);
        _memory.Released(1 << 20);
        Assert.Equal(1, _woken);
        _memory.Released(Much);
        Assert.Equal(2, _woken);
    }

    [Fact]
    public void A_large_heap_is_not_compacted_in_one_pause()
    {
        Assert.True(MemoryReturn.IsLight(600 << 20, 200 << 20));
        Assert.False(MemoryReturn.IsLight(4L << 30, 200 << 20));
    }
}
