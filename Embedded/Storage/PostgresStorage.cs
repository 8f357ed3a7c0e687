using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using Orleans.Configuration;
using Orleans.Embedded.Serialization;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Embedded;

/// <summary>
/// Durable storage in PostgreSQL: a row per record. Every change is one statement that names the version it expects, so that the
/// database judges between writers. A statement whose answer was lost is sent again: the version it was to write tells whether it
/// had been carried out. A server that hung may carry it out long after its caller was told that nobody answered, even after the
/// caller has read the record again: so versions of such changes are kept in mind (<see cref="LostChanges"/>), and a record that
/// turns out to have one of them has not been written by somebody else. A first write expects no row, and there would be none again
/// after a clear: so a record that is cleared leaves a mark in its place, which such a late write meets. The next write replaces the
/// mark by its version; marks that were left alone go after a day.
/// </summary>
internal sealed class PostgresStorage : IGrainStorage, IDisposable
{
    private const string Which = "service = @service AND key = @key";

    /// <summary>How the version of a mark begins; no record's does.</summary>
    private const string Mark = "cleared ";

    // A few at a time, so that a clear costs what it costs.
    private const string WithoutOldMarks =
        "WITH old AS (DELETE FROM orleans_dask_state WHERE (service, key) IN (SELECT service, key FROM orleans_dask_state WHERE version LIKE 'cleared %' "
        + "AND written < now() - interval '1 day' AND (service, key) <> (@service, @key) ORDER BY written LIMIT 8 FOR UPDATE SKIP LOCKED)) ";

    private readonly PostgresDatabase _database;
    private readonly string _service;
    private readonly SiloEnvironment _environment;
    private readonly IGrainRuntime _runtime;
    private readonly LostChanges _lost = new();

    private PostgresStorage(PostgresDatabase database, string service, SiloEnvironment environment, IGrainRuntime runtime) =>
        (_database, _service, _environment, _runtime) = (database, service, environment, runtime);

    public static PostgresStorage Create(string store, IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptionsMonitor<AdoNetGrainStorageOptions>>().Get(store);
        var silo = services.GetRequiredService<EmbeddedSilo>();
        if (options.Invariant != "Npgsql")
        {
            throw new OrleansConfigurationException(
                $"The store '{store}' asks for the driver '{options.Invariant}', but the embedded engine knows 'Npgsql' (PostgreSQL) alone. Set Invariant to it, or build with -p:Engine=Orleans.");
        }

        var retries = services.GetRequiredService<IOptions<PostgresRetryOptions>>().Value;
        return new PostgresStorage(
            new PostgresDatabase(store, options.ConnectionString, retries, silo.Environment),
            services.GetRequiredService<IOptions<ClusterOptions>>().Value.ServiceId,
            silo.Environment,
            silo.Runtime);
    }

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var name = new RecordName(stateName, grainId);
        var record = await _database.RunAsync(name, isChange: false, (connection, _) => ReadAsync(connection, name));
        _lost.Seen(name, record.Version);
        grainState.Take(record, name, _database.Place, _runtime);
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var (name, bytes, expected) = (new RecordName(stateName, grainId), WireSerializer.ToBytes(grainState.State), grainState.ETag);
        var next = RecordVersion.After(expected, _environment.Randomness).ToString();
        await ChangeAsync(name, expected, next, (connection, replaced) => PutAsync(connection, name, "", replaced, next, bytes));
        grainState.Written(next);
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var (name, expected) = (new RecordName(stateName, grainId), grainState.ETag);
        var mark = Mark + RecordVersion.First(_environment.Randomness);
        await ChangeAsync(name, expected, null, async (connection, cleared) =>
            (cleared is not null || _lost.Knows(name)) && await PutAsync(connection, name, WithoutOldMarks, cleared, mark, []));
        grainState.Forget();
    }

    public void Dispose() => _database.Dispose();

    /// <param name="name">Which record.</param>
    /// <param name="expected">The version it has for the caller; null: there is none.</param>
    /// <param name="next">The version that it gives the record; null: there is none afterwards.</param>
    /// <param name="change">One statement, on the version it is given, which may be that of a mark, or null for no row; tells whether it found that.</param>
    private async Task ChangeAsync(RecordName name, string? expected, string? next, Func<NpgsqlConnection, string?, Task<bool>> change)
    {
        try
        {
            await _database.RunAsync(name, isChange: true, async (connection, attempt) =>
            {
                var (from, row) = (expected, expected);
                while (!await change(connection, row))
                {
                    var found = await VersionAsync(connection, name);
                    var present = IsMark(found) ? null : found;
                    if (present == next && (attempt > 0 || present == from))
                    {
                        // Done by a statement whose answer was lost; or there was nothing to clear.
                        break;
                    }

                    if (found == row || (present != from && !_lost.Made(name, expected, present)))
                    {
                        throw RecordVersion.Conflict(name, _database.Place, present, expected);
                    }

                    (from, row) = (present, found);
                }

                return next;
            });
            _lost.Forget(name);
        }
        catch (OrleansException error) when (error is not InconsistentStateException)
        {
            _lost.Add(name, expected, next);
            throw;
        }
    }

    private async Task<StoredRecord> ReadAsync(NpgsqlConnection connection, RecordName name)
    {
        await using var command = Command(connection, name, $"SELECT state, version FROM orleans_dask_state WHERE {Which}", null);
        await using var rows = await command.ExecuteReaderAsync();
        return await rows.ReadAsync() && rows.GetString(1) is var version && !IsMark(version) ? new StoredRecord(rows.GetFieldValue<byte[]>(0), version) : default;
    }

    private static bool IsMark(string? version) => version?.StartsWith(Mark, StringComparison.Ordinal) == true;

    /// <param name="connection">Where to.</param>
    /// <param name="name">The record.</param>
    /// <param name="with">What the statement does besides.</param>
    /// <param name="replaced">The version in its row; null: there is no row.</param>
    /// <param name="next">The version that it gets.</param>
    /// <param name="state">Nothing for a mark.</param>
    /// <returns>Whether it was so.</returns>
    private async Task<bool> PutAsync(NpgsqlConnection connection, RecordName name, string with, string? replaced, string next, byte[] state)
    {
        await using var command = Command(
            connection,
            name,
            with + (replaced is null
                ? "INSERT INTO orleans_dask_state (service, key, name, version, state, written) VALUES (@service, @key, @name, @next, @state, now()) ON CONFLICT DO NOTHING"
                : $"UPDATE orleans_dask_state SET version = @next, state = @state, written = now() WHERE {Which} AND version = @expected"),
            replaced);
        command.Parameters.AddWithValue("next", next);
        command.Parameters.AddWithValue("state", state);
        command.Parameters.AddWithValue("name", Printable(name));
        return await command.ExecuteNonQueryAsync() > 0;
    }

    private async Task<string?> VersionAsync(NpgsqlConnection connection, RecordName name)
    {
        await using var command = Command(connection, name, $"SELECT version FROM orleans_dask_state WHERE {Which}", null);
        return (string?)await command.ExecuteScalarAsync();
    }

    private NpgsqlCommand Command(NpgsqlConnection connection, RecordName name, string text, string? expected)
    {
        var command = new NpgsqlCommand(text, connection);
        command.Parameters.AddWithValue("service", _service);
        command.Parameters.AddWithValue("key", name.Hash());
        if (text.Contains("@expected", StringComparison.Ordinal))
        {
            command.Parameters.AddWithValue("expected", NpgsqlDbType.Text, (object?)expected ?? DBNull.Value);
        }

        return command;
    }

    // For whoever looks into the table: the database takes neither zeros nor halves of surrogate pairs.
    private static string Printable(RecordName name)
    {
        var text = System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(name.ToString()));
        return text.Replace('\0', '\uFFFD');
    }
}
