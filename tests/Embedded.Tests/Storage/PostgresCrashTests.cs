using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orleans.Dask.TestKit;
using Orleans.Embedded;
using Orleans.Storage;

namespace Orleans.Dask.Embedded.Tests;

/// <summary>The PostgreSQL store when its server dies, hangs, refuses, or was never there.</summary>
[Collection(Postgres.Name)]
public sealed class PostgresCrashTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly GrainId s_id = GrainId.Create("test", "x");

    private readonly PostgresServer _server = postgres.Server;
    private readonly List<InProcessCluster> _clusters = [];
    private string _connection = null!;

    public async Task InitializeAsync() => _connection = await postgres.NewDatabaseAsync();

    public async Task DisposeAsync()
    {
        foreach (var cluster in _clusters)
        {
            await cluster.DisposeAsync();
            await ((IAsyncDisposable)cluster.First.Services).DisposeAsync();
        }
    }

    [Fact]
    public async Task A_server_killed_under_load_and_started_again_is_outlasted_and_every_count_counts_once()
    {
        const int Writers = 4;
        const int Times = 60;
        const int Seed = 20261121;
        var cluster = await StartAsync(TimeSpan.FromMinutes(1));
        var store = Store(cluster);
        await store.WriteStateAsync("s", s_id, new GrainState<int>(0));
        var progress = new SemaphoreSlim(0);
        var writers = Enumerable.Range(0, Writers).Select(async _ =>
        {
            for (var i = 0; i < Times;)
            {
                var state = new GrainState<int>();
                await store.ReadStateAsync("s", s_id, state);
                state.State++;
                try
                {
                    await store.WriteStateAsync("s", s_id, state);
                    i++;
                    progress.Release();
                }
                catch (InconsistentStateException)
                {
                    // Another one was faster: read again.
                    continue;
                }
            }
        }).ToArray();
        var random = new Random(Seed);
        for (var kill = 0; kill < 3; kill++)
        {
            for (var i = random.Next(20, 60); i > 0; i--)
            {
                await progress.WaitAsync();
            }

            await _server.KillAsync();
            await _server.StartAgainAsync();
        }

        await Task.WhenAll(writers);
        var end = new GrainState<int>();
        await store.ReadStateAsync("s", s_id, end);

        // A write whose answer was lost and that another one followed is told "stale" though it was done: at most one a writer and kill.
        Assert.True(end.State >= Writers * Times && end.State <= (Writers * Times) + (Writers * 3), $"Seed {Seed}: {end.State}");
    }

    [Fact]
    public async Task A_server_that_is_away_is_named_without_its_password_and_what_it_kept_is_there_when_it_is_back()
    {
        var cluster = await StartAsync(TimeSpan.FromMilliseconds(500));
        var store = Store(cluster);
        var state = new GrainState<int>(1);
        await store.WriteStateAsync("s", s_id, state);
        await _server.KillAsync();
        var reading = await Assert.ThrowsAsync<OrleansException>(() => store.ReadStateAsync("s", s_id, new GrainState<int>()));
        var writing = await Assert.ThrowsAsync<OrleansException>(() => store.WriteStateAsync("s", s_id, state));
        var clearing = await Assert.ThrowsAsync<OrleansException>(() => store.ClearStateAsync("s", s_id, state));
        foreach (var error in new[] { reading, writing, clearing })
        {
            Assert.Contains($"PostgreSQL at 127.0.0.1:{_server.Port}, database '{Database}' did not answer", error.Message, StringComparison.Ordinal);
            Assert.Contains("'s' of test/x", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(_server.Password, error.ToString(), StringComparison.Ordinal);
        }

        Assert.Contains("was not read", reading.Message, StringComparison.Ordinal);
        Assert.Contains("may or may not have been changed", writing.Message, StringComparison.Ordinal);
        await _server.StartAgainAsync();
        await store.ReadStateAsync("s", s_id, state);
        Assert.Equal(1, state.State);
        await store.WriteStateAsync("s", s_id, state);
    }

    [Fact]
    public async Task A_server_that_hangs_is_an_error_too_and_then_it_goes_on()
    {
        var cluster = await StartAsync(TimeSpan.FromMilliseconds(500), ";Timeout=1;Command Timeout=1;Cancellation Timeout=-1");
        var store = Store(cluster);
        var state = new GrainState<int>(1);
        await store.WriteStateAsync("s", s_id, state);
        _server.Freeze();
        var error = await Assert.ThrowsAsync<OrleansException>(() => store.WriteStateAsync("s", s_id, state));
        Assert.Contains("did not answer", error.Message, StringComparison.Ordinal);
        _server.Thaw();
        await store.ReadStateAsync("s", s_id, state);
        await store.WriteStateAsync("s", s_id, state);
    }

    /// <summary>A server that hung carries out what it has read, though nobody waits for the answer any more.</summary>
    [Theory]
    [InlineData("first", "write")]
    [InlineData("write", "write")]
    [InlineData("write", "clear")]
    [InlineData("clear", "write")]
    [InlineData("clear", "clear")]
    public async Task A_change_carried_out_after_its_caller_gave_up_is_known_for_its_own(string late, string then)
    {
        using var wire = new OneSidedWire(_server.Port);
        var cluster = await StartAsync(TimeSpan.Zero, FormattableString.Invariant($";Port={wire.Port}"));
        var store = Store(cluster);
        await store.WriteStateAsync("s", GrainId.Create("test", "other"), new GrainState<int>(7));
        var state = new GrainState<int>(1);
        if (late != "first")
        {
            await store.WriteStateAsync("s", s_id, state);
        }

        await using (var connection = new NpgsqlConnection(_connection + ";Pooling=false"))
        {
            await connection.OpenAsync();

            // The table is locked, so that changes wait in the server; reading goes on.
            await RunAsync(connection, "BEGIN; LOCK TABLE orleans_dask_state IN EXCLUSIVE MODE");
            var lost = Assert.ThrowsAsync<OrleansException>(() => Change(late, 2));
            while (!lost.IsCompleted && await RunAsync(connection, "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database WHERE datname = current_database() AND NOT granted") is 0L)
            {
                await Task.Yield();
            }

            wire.CutClients();
            Assert.Contains("may or may not have been changed", (await lost).Message, StringComparison.Ordinal);
            var read = new GrainState<int>();
            await store.ReadStateAsync("s", s_id, read);
            Assert.Equal((late == "first" ? 0 : 1, state.ETag), (read.State, read.ETag));

            // Who asks for the lock now gets it after those that asked before.
            await RunAsync(connection, "COMMIT; BEGIN; LOCK TABLE orleans_dask_state IN EXCLUSIVE MODE; COMMIT");
            Assert.Equal(late == "clear" ? 1L : 2L, await RunAsync(connection, "SELECT count(*) FROM orleans_dask_state WHERE version NOT LIKE 'cleared %'"));
        }

        await Change(then, 3);
        var end = new GrainState<int>();
        await store.ReadStateAsync("s", s_id, end);
        Assert.Equal((then == "write" ? 3 : 0, then == "write" ? state.ETag : null), (end.State, end.ETag));

        // Somebody else's change is still told from one's own.
        var mine = new GrainState<int>();
        await store.ReadStateAsync("s", s_id, mine);
        await store.WriteStateAsync("s", s_id, end);
        await Assert.ThrowsAsync<InconsistentStateException>(() => store.WriteStateAsync("s", s_id, mine));

        Task Change(string what, int value)
        {
            state.State = value;
            return what == "clear" ? store.ClearStateAsync("s", s_id, state) : store.WriteStateAsync("s", s_id, state);
        }
    }

    /// <summary>The process of the server that was to write it hangs, while others of it go on.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_first_write_carried_out_late_brings_nothing_back_that_was_cleared_since(bool wasWrittenBetween)
    {
        var cluster = await StartAsync(TimeSpan.Zero, ";Command Timeout=1;Cancellation Timeout=-1");
        var store = Store(cluster);
        await store.WriteStateAsync("s", GrainId.Create("test", "other"), new GrainState<int>(7));
        await using var connection = new NpgsqlConnection(_connection + ";Pooling=false");
        await connection.OpenAsync();
        var hung = (int)(await RunAsync(connection, "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"))!;
        NativeSignals.Kill(hung, NativeSignals.Stop);
        var state = new GrainState<int>(1);
        try
        {
            await Assert.ThrowsAsync<OrleansException>(() => store.WriteStateAsync("s", s_id, state));
            if (wasWrittenBetween)
            {
                state.State = 2;
                await store.WriteStateAsync("s", s_id, state);
            }

            await store.ClearStateAsync("s", s_id, state);
        }
        finally
        {
            NativeSignals.Kill(hung, NativeSignals.Continue);
        }

        // It reads what was sent to it, does it, and ends since nobody is there.
        while (await RunAsync(connection, $"SELECT count(*) FROM pg_stat_activity WHERE pid = {hung}") is not 0L)
        {
            await Task.Yield();
        }

        var read = new GrainState<int>(5);
        await store.ReadStateAsync("s", s_id, read);
        Assert.Equal((0, null, false), (read.State, read.ETag, read.RecordExists));
        state.State = 3;
        await store.WriteStateAsync("s", s_id, state);
        await store.ReadStateAsync("s", s_id, read);
        Assert.Equal((3, state.ETag), (read.State, read.ETag));
    }

    [Fact]
    public async Task What_was_cleared_leaves_nothing_after_a_day()
    {
        var cluster = await StartAsync(TimeSpan.FromMinutes(1));
        var store = Store(cluster);
        await using var connection = new NpgsqlConnection(_connection + ";Pooling=false");
        await connection.OpenAsync();
        for (var i = 0; i < 20; i++)
        {
            var state = new GrainState<int>(i);
            await store.WriteStateAsync("s", GrainId.Create("test", $"{i}"), state);
            if (i != 10)
            {
                await store.ClearStateAsync("s", GrainId.Create("test", $"{i}"), state);
            }

            await RunAsync(connection, "UPDATE orleans_dask_state SET written = now() - interval '2 days'");
        }

        // The record that was not cleared, and the last one's mark.
        Assert.Equal(2L, await RunAsync(connection, "SELECT count(*) FROM orleans_dask_state"));
    }

    [Theory]
    [InlineData("Password=wrong", "28P01", "Correct user, password and database")]
    [InlineData("Database=nowhere", "3D000", "Correct user, password and database")]
    public async Task What_waiting_cannot_mend_is_an_error_at_once(string setting, string code, string advice)
    {
        var cluster = await StartAsync(TimeSpan.FromDays(1), ";" + setting);
        var error = await Assert.ThrowsAsync<OrleansException>(() => Store(cluster).ReadStateAsync("s", s_id, new GrainState<int>()));
        Assert.Contains(code, error.Message, StringComparison.Ordinal);
        Assert.Contains(advice, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_of_somebody_else_is_left_alone()
    {
        await using (var connection = new NpgsqlConnection(_connection + ";Pooling=false"))
        {
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand("CREATE TABLE orleans_dask_state (something text)", connection);
            await command.ExecuteNonQueryAsync();
        }

        var cluster = await StartAsync(TimeSpan.FromDays(1));
        var error = await Assert.ThrowsAsync<OrleansException>(() => Store(cluster).WriteStateAsync("s", s_id, new GrainState<int>()));
        Assert.Contains("is not one of this program", error.Message, StringComparison.Ordinal);
    }

    private static async Task<object?> RunAsync(NpgsqlConnection connection, string statements)
    {
        await using var command = new NpgsqlCommand(statements, connection);
        return await command.ExecuteScalarAsync();
    }

    private string Database => new NpgsqlConnectionStringBuilder(_connection).Database!;

    private async Task<InProcessCluster> StartAsync(TimeSpan patience, string more = "")
    {
        var cluster = await InProcessCluster.StartAsync(1, configure: builder => builder
            .Configure<PostgresRetryOptions>(options => options.RetryFor = patience)
            .AddAdoNetGrainStorage("store", options => (options.Invariant, options.ConnectionString) = ("Npgsql", _connection + more)));
        _clusters.Add(cluster);
        return cluster;
    }

    private static IGrainStorage Store(InProcessCluster cluster) => cluster.First.Services.GetRequiredKeyedService<IGrainStorage>("store");
}

/// <summary>Options of the PostgreSQL store that need no server to be wrong.</summary>
public sealed class PostgresWiringTests
{
    [Theory]
    [InlineData("Npgsql", null, "names no host")]
    [InlineData("Npgsql", "Port=5432", "names no host")]
    [InlineData("Npgsql", "Host=127.0.0.1;Prot=5432", "cannot be read")]
    [InlineData("MySql.Data", "Host=127.0.0.1", "knows 'Npgsql'")]
    public async Task Wiring_that_cannot_work_is_named(string invariant, string? connection, string expected)
    {
        await using var cluster = await InProcessCluster.StartAsync(1, configure: builder => builder.AddAdoNetGrainStorage("store", options =>
            (options.Invariant, options.ConnectionString) = (invariant, connection!)));
        var error = Assert.Throws<OrleansConfigurationException>(() => cluster.First.Services.GetRequiredKeyedService<IGrainStorage>("store"));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains(invariant == "Npgsql" ? "'store'" : "MySql.Data", error.Message, StringComparison.Ordinal);
    }
}
