using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Silo.Hosting;
using Orleans.Dask.TestKit;
using Orleans.Storage;

namespace Orleans.Dask.Silo.Tests;

/// <summary>Where a silo's grains keep what is to outlive it.</summary>
public sealed class StorageOptionsTests
{
    [Fact]
    public Task What_is_kept_in_memory_goes_with_the_silo() => KeepAsync(new StorageOptions(), outlives: false);

    [Fact]
    public async Task What_is_kept_in_a_folder_outlives_the_silo()
    {
        using var folder = new TemporaryFolder();
        await KeepAsync(new StorageOptions { Folder = Path.Combine(folder.Path, "new") }, outlives: true);
    }

    [Fact]
    public async Task What_is_kept_in_PostgreSQL_outlives_the_silo()
    {
        await using var server = await PostgresServer.StartAsync();
        await KeepAsync(new StorageOptions { Postgres = server.ConnectionString }, outlives: true);
    }

    [Fact]
    public void Two_places_are_refused_and_no_message_holds_the_password()
    {
        var options = new StorageOptions { Folder = "/data", Postgres = "Host=h;Password=secret" };
        foreach (var error in new[] { Assert.Throws<ArgumentException>(options.Checked), Assert.Throws<ArgumentException>(() => new LocalClusterOptions { Storage = options }.Checked()) })
        {
            Assert.Contains("StorageOptions has a Folder (/data) and a Postgres connection, expected one of them", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
        }

        Assert.Equal("PostgreSQL", (options with { Folder = null }).ToString());
    }

    [Fact]
    public void A_child_is_told_through_its_pipe()
    {
        var orders = new Processes.ChildOrders("c", "s", null, 1, 0, new StorageOptions { Postgres = "Host=h" }, TimeSpan.FromSeconds(5));
        Assert.Equal(orders, JsonSerializer.Deserialize<Processes.ChildOrders>(JsonSerializer.Serialize(orders)));
    }

    private static async Task KeepAsync(StorageOptions options, bool outlives)
    {
        foreach (var store in new[] { DaskStorage.Name, "PubSubStore" })
        {
            foreach (var isFirst in new[] { true, false })
            {
                using var host = SiloHost.Build(new SiloSettings { ClusterId = "storage-test", Secret = new string('b', 64), Storage = options });
                await host.StartAsync();
                var (storage, state) = (host.Services.GetRequiredKeyedService<IGrainStorage>(store), new GrainState<string>("kept"));
                if (!isFirst)
                {
                    await storage.ReadStateAsync(store, GrainId.Create("test", "x"), state);
                    Assert.Equal((outlives, outlives ? "kept" : null), (state.RecordExists, state.State));
                }
                else
                {
                    await storage.WriteStateAsync(store, GrainId.Create("test", "x"), state);
                }

                await host.StopAsync();
            }
        }
    }
}
