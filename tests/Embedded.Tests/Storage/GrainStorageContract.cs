using Microsoft.Extensions.DependencyInjection;
using Orleans.Embedded;
using Orleans.Storage;

namespace Orleans.Dask.Embedded.Tests;

/// <summary>What every store promises, whatever it keeps states in.</summary>
public abstract class GrainStorageContract : IAsyncLifetime
{
    private InProcessCluster _cluster = null!;

    private protected static GrainId Id { get; } = GrainId.Create("test", "x");

    private protected IGrainStorage Store { get; private set; } = null!;

    /// <summary>The same store, seen from another silo.</summary>
    private protected IGrainStorage Other { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await PrepareAsync();
        _cluster = await InProcessCluster.StartAsync(2, configure: builder => Add(builder, "store"));
        (Store, Other) = (StoreOf(_cluster.First), StoreOf(_cluster.Silos[1]));
    }

    public virtual async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        foreach (var silo in _cluster.Silos)
        {
            await ((IAsyncDisposable)silo.Services).DisposeAsync();
        }
    }

    private protected virtual Task PrepareAsync() => Task.CompletedTask;

    private protected abstract void Add(ISiloBuilder builder, string name);

    [Fact]
    public async Task Without_a_record_there_is_a_fresh_state_without_version()
    {
        var state = new GrainState<Account>(new Account { Balance = 7 }) { ETag = "1-2", RecordExists = true };
        await Store.ReadStateAsync("s", Id, state);
        Assert.Equal((0, null, false), (state.State.Balance, state.ETag, state.RecordExists));
        await Store.ClearStateAsync("s", Id, state);
        Assert.Equal((0, null, false), (state.State.Balance, state.ETag, state.RecordExists));
    }

    [Fact]
    public async Task What_was_written_is_read_elsewhere_with_its_version()
    {
        var written = await WriteAsync(Store, 42);
        Assert.True(written.RecordExists);
        var read = await ReadAsync(Other);
        Assert.Equal((42, written.ETag, true), (read.State.Balance, read.ETag, read.RecordExists));
        read.State.Balance = 43;
        await Other.WriteStateAsync("s", Id, read);
        Assert.NotEqual(written.ETag, read.ETag);
        Assert.Equal(43, (await ReadAsync(Store)).State.Balance);
    }

    [Fact]
    public async Task Whoever_read_before_another_wrote_can_neither_write_nor_clear_and_hears_both_versions()
    {
        var none = await ReadAsync(Other);
        var first = await WriteAsync(Store, 1);
        var stale = await ReadAsync(Other);
        var old = first.ETag;
        await Store.WriteStateAsync("s", Id, first);
        foreach (var loser in new[] { stale, none })
        {
            var expected = loser.ETag;
            foreach (var change in new[] { Other.WriteStateAsync("s", Id, loser), Other.ClearStateAsync("s", Id, loser) })
            {
                var error = await Assert.ThrowsAsync<InconsistentStateException>(() => change);
                Assert.Equal((first.ETag, expected), (error.StoredEtag, error.CurrentEtag));
                Assert.Contains("'s' of test/x", error.Message, StringComparison.Ordinal);
            }

            Assert.Equal(expected, loser.ETag);
        }

        Assert.Equal(old, stale.ETag);
        await Other.ReadStateAsync("s", Id, stale);
        await Other.WriteStateAsync("s", Id, stale);
    }

    [Fact]
    public async Task A_cleared_record_is_gone_and_can_be_begun_anew()
    {
        var state = await WriteAsync(Store, 1);
        await Store.ClearStateAsync("s", Id, state);
        Assert.Equal((0, null, false), (state.State.Balance, state.ETag, state.RecordExists));
        Assert.False((await ReadAsync(Other)).RecordExists);
        state.State.Balance = 5;
        await Store.WriteStateAsync("s", Id, state);
        Assert.Equal(5, (await ReadAsync(Other)).State.Balance);
    }

    [Fact]
    public async Task A_version_never_comes_twice_not_even_for_a_record_begun_anew()
    {
        var first = await WriteAsync(Store, 1);
        var stale = await ReadAsync(Other);
        await Store.ClearStateAsync("s", Id, first);
        await Store.WriteStateAsync("s", Id, first);
        await Assert.ThrowsAsync<InconsistentStateException>(() => Other.WriteStateAsync("s", Id, stale));
        await Assert.ThrowsAsync<InconsistentStateException>(() => Other.ClearStateAsync("s", Id, stale));
    }

    [Fact]
    public async Task An_older_copy_put_back_is_told_from_a_newer_one()
    {
        var state = await WriteAsync(Store, 1);
        await Store.WriteStateAsync("s", Id, state);
        var newer = await ReadAsync(Other);
        await Store.ClearStateAsync("s", Id, state);
        await Store.WriteStateAsync("s", Id, state);
        var error = await Assert.ThrowsAsync<InconsistentStateException>(() => Other.WriteStateAsync("s", Id, newer));
        Assert.Contains("is older than", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_writers_with_one_version_one_wins_and_no_count_is_lost()
    {
        const int Writers = 8;
        const int Times = 10;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(async writer =>
        {
            var store = writer % 2 == 0 ? Store : Other;
            for (var i = 0; i < Times;)
            {
                var state = await ReadAsync(store);
                state.State.Balance++;
                try
                {
                    await store.WriteStateAsync("s", Id, state);
                    i++;
                }
                catch (InconsistentStateException)
                {
                    // Another one was faster: read again.
                    continue;
                }
            }
        }));
        Assert.Equal(Writers * Times, (await ReadAsync(Store)).State.Balance);
    }

    [Fact]
    public async Task Names_may_hold_anything_and_stay_apart()
    {
        string[] texts =
        [
            "", " ", "a", "A", "a ", "a|b", "b", "|", "/", "a/b", "../../../../etc/passwd", "..", "C:\\a", "a\0b", "\0", "a\nb", "%00", "'; DROP TABLE orleans_dask_state; --",
            "\u00e9", "e\u0301", "\ud800", "\udfff", "\ufffd", "\U0001F600", new string('x', 10_000), new string('x', 10_001), "@key", "$1",
        ];
        GrainId[] ids = [.. texts.Select(text => GrainId.Create("test", text)), GrainId.Create("test/a", "b"), GrainId.Create("test", "a/b/c"), GrainId.Create("test/a", "b/c")];
        (string State, GrainId Id)[] names = [.. ids.Select(id => ("s", id)), .. texts.Select(text => (text, Id)), ("s|4:test", Id), ("a", GrainId.Create("b", "c")), ("a|b", GrainId.Create("b", "c"))];
        names = [.. names.Distinct()];
        for (var i = 0; i < names.Length; i++)
        {
            await Store.WriteStateAsync(names[i].State, names[i].Id, new GrainState<Account>(new Account { Balance = i }));
        }

        for (var i = 0; i < names.Length; i++)
        {
            var state = new GrainState<Account>();
            await Other.ReadStateAsync(names[i].State, names[i].Id, state);
            Assert.Equal(i, state.State.Balance);
        }
    }

    [Theory, InlineData(0), InlineData(1), InlineData(3_000_000)]
    public async Task Bytes_come_back_as_they_were(int length)
    {
        var bytes = new byte[length];
        new Random(20261121).NextBytes(bytes);
        await Store.WriteStateAsync("bytes", Id, new GrainState<byte[]>(bytes));
        var state = new GrainState<byte[]>();
        await Other.ReadStateAsync("bytes", Id, state);
        Assert.Equal(bytes, state.State);
    }

    [Fact]
    public async Task A_state_of_nothing_is_a_record_all_the_same()
    {
        await Store.WriteStateAsync("text", Id, new GrainState<string?>(null));
        var state = new GrainState<string?>("something");
        await Other.ReadStateAsync("text", Id, state);
        Assert.Equal((null, true), (state.State, state.RecordExists));
    }

    [Fact]
    public async Task A_record_of_another_type_is_an_error_that_names_it()
    {
        await Store.WriteStateAsync("s", Id, new GrainState<string>("a text"));
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(Other));
        Assert.Contains("'s' of test/x", error.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(Account), error.Message, StringComparison.Ordinal);
    }

    private protected static async Task<GrainState<Account>> ReadAsync(IGrainStorage store)
    {
        var state = new GrainState<Account>();
        await store.ReadStateAsync("s", Id, state);
        return state;
    }

    private protected static async Task<GrainState<Account>> WriteAsync(IGrainStorage store, int balance)
    {
        var state = new GrainState<Account>(new Account { Balance = balance });
        await store.WriteStateAsync("s", Id, state);
        return state;
    }

    private static IGrainStorage StoreOf(EmbeddedSilo silo) => silo.Services.GetRequiredKeyedService<IGrainStorage>("store");
}

public sealed class MemoryStorageContract : GrainStorageContract
{
    private protected override void Add(ISiloBuilder builder, string name) => builder.AddMemoryGrainStorage(name);
}

public sealed class FileStorageContract : GrainStorageContract
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"engine-storage-{Guid.NewGuid():N}");

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private protected override Task PrepareAsync()
    {
        Directory.CreateDirectory(_folder);
        return Task.CompletedTask;
    }

    private protected override void Add(ISiloBuilder builder, string name) => builder.AddFileGrainStorage(name, _folder);
}

[Collection(Postgres.Name)]
public sealed class PostgresStorageContract(PostgresFixture postgres) : GrainStorageContract
{
    private string _connection = null!;

    private protected override async Task PrepareAsync() => _connection = await postgres.NewDatabaseAsync();

    private protected override void Add(ISiloBuilder builder, string name) => builder.AddAdoNetGrainStorage(name, options =>
    {
        options.Invariant = "Npgsql";
        options.ConnectionString = _connection;
    });
}
