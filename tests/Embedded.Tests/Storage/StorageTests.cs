using Microsoft.Extensions.DependencyInjection;
using Orleans.Embedded;
using Orleans.Storage;

namespace Orleans.Dask.Embedded.Tests;

[GenerateSerializer, Alias("tests.Account")]
public sealed class Account
{
    [Id(0)] public int Balance { get; set; }
}

[Alias("tests.IAccountGrain")]
public interface IAccountGrain : IGrainWithStringKey
{
    [Alias("Add")]
    Task<int> AddAsync(int amount);

    [Alias("Clear")]
    Task ClearAsync();

    [Alias("Leave")]
    Task LeaveAsync();
}

public abstract class AccountGrainBase(IPersistentState<Account> account) : Grain, IAccountGrain
{
    public async Task<int> AddAsync(int amount)
    {
        account.State.Balance += amount;
        await account.WriteStateAsync();
        return account.State.Balance;
    }

    public Task ClearAsync() => account.ClearStateAsync();

    public Task LeaveAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}

public sealed class MemoryAccountGrain([PersistentState("account")] IPersistentState<Account> account) : AccountGrainBase(account);

public sealed class FileAccountGrain([PersistentState("account", "files")] IPersistentState<Account> account) : AccountGrainBase(account);

/// <summary>States that outlive activations, and with files the cluster.</summary>
public sealed class StorageTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"engine-storage-{Guid.NewGuid():N}");

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Theory, InlineData(nameof(MemoryAccountGrain)), InlineData(nameof(FileAccountGrain))]
    public async Task A_state_outlives_its_activation_and_can_be_cleared(string kind)
    {
        await using var cluster = await StartAsync(2);
        for (var i = 0; i < 10; i++)
        {
            var grain = Get(cluster, kind, $"{i}");
            Assert.Equal(40, await grain.AddAsync(40));
            await grain.LeaveAsync();
            Assert.Equal(42, await grain.AddAsync(2));
            await grain.ClearAsync();
            await grain.LeaveAsync();
            Assert.Equal(1, await grain.AddAsync(1));
        }
    }

    [Fact]
    public async Task A_file_outlives_the_cluster()
    {
        await using (var first = await StartAsync())
        {
            await Get(first, nameof(FileAccountGrain), "x").AddAsync(42);
        }

        await using var second = await StartAsync();
        Assert.Equal(43, await Get(second, nameof(FileAccountGrain), "x").AddAsync(1));
    }

    [Fact]
    public async Task A_torn_file_is_an_error_that_names_it_and_never_a_state()
    {
        await using (var first = await StartAsync())
        {
            await Get(first, nameof(FileAccountGrain), "x").AddAsync(42);
        }

        var file = Directory.GetFiles(_folder, "*.state", SearchOption.AllDirectories).Single();
        var whole = await File.ReadAllBytesAsync(file);
        for (var length = 0; length < whole.Length; length++)
        {
            await File.WriteAllBytesAsync(file, whole.AsMemory(0, length));
            await using var cluster = await StartAsync();
            var error = await Assert.ThrowsAsync<InvalidDataException>(() => Get(cluster, nameof(FileAccountGrain), "x").AddAsync(1));
            Assert.Contains(file, error.Message, StringComparison.Ordinal);
        }
    }

    [Theory, InlineData(nameof(MemoryAccountGrain)), InlineData(nameof(FileAccountGrain))]
    public async Task An_activation_whose_copy_is_stale_says_so_once_and_the_next_reads_anew(string kind)
    {
        await using var cluster = await StartAsync();
        var grain = Get(cluster, kind, "x");
        await grain.AddAsync(1);
        var store = cluster.First.Services.GetRequiredKeyedService<IGrainStorage>(kind == nameof(FileAccountGrain) ? "files" : StorageNames.Default);
        var behind = new GrainState<Account>();
        await store.ReadStateAsync("account", grain.GetGrainId(), behind);
        behind.State.Balance = 10;
        await store.WriteStateAsync("account", grain.GetGrainId(), behind);
        var error = await Assert.ThrowsAsync<InconsistentStateException>(() => grain.AddAsync(1));
        Assert.Equal(behind.ETag, error.StoredEtag);
        Assert.Equal(11, await grain.AddAsync(1));
    }

    private Task<InProcessCluster> StartAsync(int silos = 1) =>
        InProcessCluster.StartAsync(silos, configure: b => b.AddFileGrainStorage("files", _folder));

    private static IAccountGrain Get(InProcessCluster cluster, string kind, string key) =>
        cluster.First.GrainFactory.GetGrain<IAccountGrain>(key, $"Orleans.Dask.Embedded.Tests.{kind}");
}
