using Orleans.Dask.Spilling;

namespace Orleans.Dask.ClientLib.Tests.Local;

/// <summary>What values keep in memory, by their buffers.</summary>
public class FootprintsTests
{
    private const int Elements = 1000;
    private const long Bytes = Elements * sizeof(double);

    private readonly Footprints _footprints = new(count: 4);
    private readonly NDArray<double> _whole = NDArray.Range<double>(Elements);
    private readonly NDArray _view;

    public FootprintsTests()
    {
        _view = _whole[1..];
        _footprints.Add(0, _whole);
        _footprints.Add(1, _view);
    }

    [Fact]
    public void A_buffer_counts_once_and_goes_with_the_last_value_that_shows_it()
    {
        Assert.Equal(Bytes, _footprints.Kept);
        _footprints.Remove(0, _whole);
        Assert.Equal(Bytes, _footprints.Kept);
        _footprints.Remove(1, _view);
        Assert.Equal(0, _footprints.Kept);
    }

    [Fact]
    public void A_buffer_is_about_to_go_when_all_its_values_are_and_no_more_when_one_stays()
    {
        _footprints.Leave(0, _whole);
        Assert.Equal(Bytes, _footprints.Kept);
        _footprints.Leave(1, _view);
        Assert.Equal(0, _footprints.Kept);

        // The first is taken by a task while it is written, which the second, whose going was to free the buffer, does not hear of.
        _footprints.Stay(0, _whole);
        Assert.Equal(Bytes, _footprints.Kept);
        _footprints.Stay(1, _view);
        _footprints.Remove(1, _view);
        Assert.Equal(Bytes, _footprints.Kept);
    }

    [Fact]
    public void Memory_that_the_caller_gets_does_not_count_whoever_shows_it_too()
    {
        _footprints.Exempt(_whole[..10]);
        Assert.Equal(0, _footprints.Kept);
        Assert.False(_footprints.IsWorthSpilling(0, _whole));
        _footprints.Remove(0, _whole);
        _footprints.Remove(1, _view);
        _footprints.Add(2, _whole.Reshape(10, -1));
        Assert.Equal(0, _footprints.Kept);
    }

    [Fact]
    public void What_shows_its_buffer_over_and_over_or_is_small_stays()
    {
        var repeated = NDArray.Range<double>(Elements).View([Elements, Elements], [0, 1], 0);
        _footprints.Add(2, repeated);
        _footprints.Add(3, NDArray.Range<double>(10));
        Assert.True(_footprints.IsWorthSpilling(0, _whole));
        Assert.False(_footprints.IsWorthSpilling(2, repeated));
        Assert.False(_footprints.IsWorthSpilling(3, NDArray.Range<double>(10)));
    }
}
