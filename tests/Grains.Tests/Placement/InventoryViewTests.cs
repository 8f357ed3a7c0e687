using System.Net;
using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Grains.Placement;

namespace Orleans.Dask.Grains.Tests.Placement;

public class InventoryViewTests
{
    private static readonly SiloAddress s_silo = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11111), 1);

    private readonly InventoryView _view = new();

    [Fact]
    public void The_work_of_a_silo_is_what_it_last_told_and_goes_with_it()
    {
        Assert.Equal((0, 1), _view.Load(s_silo));
        _view.Apply(Told(1) with { QueuedTicks = 500, Slots = 4 });
        Assert.Equal((500, 4), _view.Load(s_silo));

        _view.Apply(Told(1) with { QueuedTicks = 900, Slots = 4 });
        Assert.Equal((500, 4), _view.Load(s_silo));
        _view.Apply(Told(2) with { QueuedTicks = 900, Slots = 4 });
        Assert.Equal((900, 4), _view.Load(s_silo));
        _view.Forget(s_silo);
        Assert.Equal((0, 1), _view.Load(s_silo));
    }

    [Fact]
    public void Of_silos_that_are_gone_nothing_is_kept()
    {
        var session = new SessionId("s");
        for (var generation = 1; generation <= 100; generation++)
        {
            var silo = SiloAddress.New(s_silo.Endpoint, generation);
            _view.Leaves(silo);
            _view.Apply(new InventoryChange(silo.ToParsableString(), 1, session, ["x"], [new WireKey(0, generation)], []) { Slots = 4 });
            Assert.Equal(silo, _view.Find(session, new TaskKey("x", generation)));
            _view.Keep(new HashSet<SiloAddress> { silo });
            Assert.Equal((1, 1), (_view.Silos, _view.Count));
            Assert.True(_view.IsLeaving(silo));
        }

        _view.Keep(new HashSet<SiloAddress>());
        Assert.Equal((0, 0), (_view.Silos, _view.Count));
        Assert.False(_view.IsLeaving(SiloAddress.New(s_silo.Endpoint, 100)));

        // It was out of touch and not dead: what it tells counts again, whatever its number.
        _view.Apply(Told(7) with { QueuedTicks = 500, Slots = 4 });
        Assert.Equal((500, 4), _view.Load(s_silo));
    }

    private static InventoryChange Told(long sequence) => new(s_silo.ToParsableString(), sequence, new SessionId(""), [], [], []);
}
