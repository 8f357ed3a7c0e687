using Orleans.Dask.Silo.Hosting;
using Orleans.Dask.Silo.Processes;

namespace Orleans.Dask.Silo.Tests;

public sealed class ChildSiloTests
{
    private static readonly ChildOrders s_orders = new("test", new string('a', 64), null, 1, 0, new StorageOptions(), TimeSpan.FromSeconds(5));

    [Fact]
    public async Task A_child_says_where_it_is_and_leaves_when_told()
    {
        ChildSilo? child;
        await using (child = ChildSilo.Spawn())
        {
            var report = await child.StartAsync(s_orders, CancellationToken.None);
            Assert.Equal(child.ProcessId, report.ProcessId);
            Assert.StartsWith("127.0.0.1:", report.Silo, StringComparison.Ordinal);
            Assert.StartsWith("127.0.0.1:", report.Gateway, StringComparison.Ordinal);
            Assert.NotEqual(report.Silo, report.Gateway);
        }
    }

    [Fact]
    public async Task A_child_that_cannot_start_says_why()
    {
        await using var child = ChildSilo.Spawn();
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => child.StartAsync(s_orders with { Slots = 0 }, CancellationToken.None));
        Assert.Contains("DaskSiloOptions.Slots is 0, expected 1 to 1024.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_primary_that_is_none_is_named()
    {
        await using var child = ChildSilo.Spawn();
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => child.StartAsync(s_orders with { Primary = "nowhere" }, CancellationToken.None));
        Assert.Contains("The primary silo is 'nowhere'", error.Message, StringComparison.Ordinal);
    }
}
