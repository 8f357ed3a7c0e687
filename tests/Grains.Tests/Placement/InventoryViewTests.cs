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

    private static InventoryChange Told(long sequence) => new(s_silo.ToParsableString(), sequence, new SessionId(""), [], [], []);
}
