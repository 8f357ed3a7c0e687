using Orleans.Dask.Silo;

namespace Orleans.Dask.Cluster;

/// <summary>Two silo processes of one slot, shared by the tests that leave them whole.</summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    public LocalCluster Cluster { get; private set; } = null!;

    public DaskClient Client => Cluster.Client;

    public async Task InitializeAsync() =>
        Cluster = await LocalCluster.StartAsync(new LocalClusterOptions { Silos = 2, Slots = 1, Client = new DaskClientOptions { IsDefault = false } });

    public async Task DisposeAsync() => await Cluster.DisposeAsync();
}

[CollectionDefinition(Name)]
public sealed class TwoSilos : ICollectionFixture<ClusterFixture>
{
    public const string Name = "two silos";
}
