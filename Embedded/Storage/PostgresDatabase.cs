using System.Data.Common;
using System.Globalization;
using System.Net.Sockets;
using Npgsql;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>How long a store waits for a database that does not answer.</summary>
internal sealed class PostgresRetryOptions
{
    /// <summary>Default 8 s: less than a caller's 10, more than a restart of the server takes.</summary>
    public TimeSpan RetryFor { get; set; } = TimeSpan.FromSeconds(8);
}

/// <summary>One database as a store sees it: connections, the table made when it is missing, trouble that passes outlasted, and other trouble named.</summary>
internal sealed class PostgresDatabase : IDisposable
{
    private const string Table =
        "CREATE TABLE IF NOT EXISTS orleans_dask_state (service text NOT NULL, key bytea NOT NULL, name text NOT NULL, version text NOT NULL, "
        + "state bytea NOT NULL, written timestamptz NOT NULL, PRIMARY KEY (service, key))";

    private const string Index = "CREATE INDEX IF NOT EXISTS orleans_dask_state_cleared ON orleans_dask_state (written) WHERE version LIKE 'cleared %'";

    private const int FirstPauseMilliseconds = 50;
    private const int LongestPauseMilliseconds = 500;

    private readonly NpgsqlDataSource _connections;
    private readonly TimeSpan _patience;
    private readonly SiloEnvironment _environment;

    /// <exception cref="OrleansConfigurationException">The connection string cannot be read.</exception>
    public PostgresDatabase(string store, string? connectionString, PostgresRetryOptions retries, SiloEnvironment environment)
    {
        var settings = Settings(store, connectionString);
        Place = string.Create(CultureInfo.InvariantCulture, $"PostgreSQL at {settings.Host}:{settings.Port}, database '{settings.Database ?? settings.Username}'");
        _connections = NpgsqlDataSource.Create(settings);
        _patience = retries.RetryFor;
        _environment = environment;
    }

    /// <summary>Which server and database, for errors. Never the password.</summary>
    public string Place { get; }

    /// <summary>Runs <paramref name="work"/> on a connection; again, while what stops it may pass. It is told the number of times it was tried before.</summary>
    /// <exception cref="OrleansException">The database is away for longer than the store's patience, or refuses.</exception>
    public async Task<T> RunAsync<T>(RecordName name, bool isChange, Func<NpgsqlConnection, int, Task<T>> work)
    {
        var began = _environment.Time.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await using var connection = await _connections.OpenConnectionAsync();
                return await work(connection, attempt);
            }
            catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UndefinedTable && attempt == 0)
            {
                await MakeTableAsync();
            }
            catch (Exception error) when (error is DbException or TimeoutException or SocketException or IOException)
            {
                var waited = _environment.Time.GetElapsedTime(began);
                if (!MayPass(error) || waited >= _patience)
                {
                    throw Explain(error, name, isChange, attempt + 1, waited);
                }

                // Some randomness, so that all silos do not come back in the same moment.
                var pause = Math.Min(LongestPauseMilliseconds, FirstPauseMilliseconds << Math.Min(attempt, 8));
                await Task.Delay(TimeSpan.FromMilliseconds((pause / 2) + _environment.Randomness.Next(pause)), _environment.Time);
            }
        }
    }

    public void Dispose() => _connections.Dispose();

    // Two that make it at the same time: "if not exists" alone lets the slower one fail.
    private async Task MakeTableAsync()
    {
        try
        {
            await using var connection = await _connections.OpenConnectionAsync();
            await using var command = new NpgsqlCommand(Table + "; " + Index, connection);
            await command.ExecuteNonQueryAsync();
        }
        catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DuplicateTable or PostgresErrorCodes.DuplicateObject)
        {
            // The other one has made it.
            return;
        }
    }

    private static bool MayPass(Exception error) => error switch
    {
        PostgresException refused => refused.IsTransient || refused.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow,
        NpgsqlException { InnerException: { } inner } lost => lost.IsTransient || MayPass(inner),
        NpgsqlException lost => lost.IsTransient,
        _ => error is TimeoutException or SocketException or IOException,
    };

    private OrleansException Explain(Exception error, RecordName name, bool isChange, int attempts, TimeSpan waited)
    {
        var reason = error is PostgresException refused ? $"{refused.SqlState}: {refused.MessageText}" : (error.InnerException ?? error).Message;
        return new OrleansException(
            MayPass(error)
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Place} did not answer within {waited.TotalSeconds:0.0} s and {attempts} attempts: {reason}. The record {name} {(isChange ? "may or may not have been changed: read it again before you write" : "was not read")}. Is the server running, and does the connection string name it?")
                : (error as PostgresException)?.SqlState switch
                {
                    PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification or PostgresErrorCodes.InvalidCatalogName =>
                        $"{Place} refuses the connection ({reason}). Correct user, password and database in the connection string.",
                    PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.DatatypeMismatch =>
                        $"The table orleans_dask_state in {Place} is not one of this program ({reason}). Rename it, or give the store a database of its own.",
                    PostgresErrorCodes.InsufficientPrivilege =>
                        $"{Place} does not permit it ({reason}). Grant the user SELECT, INSERT, UPDATE and DELETE on the table, and CREATE for the first start: {Table}",
                    _ => $"The record {name} in {Place} could not be {(isChange ? "changed" : "read")} ({reason}).",
                },
            error);
    }

    private static NpgsqlConnectionStringBuilder Settings(string store, string? connectionString)
    {
        NpgsqlConnectionStringBuilder settings;
        DbConnectionStringBuilder said;
        try
        {
            settings = new NpgsqlConnectionStringBuilder(connectionString);
            said = new DbConnectionStringBuilder { ConnectionString = connectionString };
        }
        catch (Exception error) when (error is ArgumentException or FormatException)
        {
            throw new OrleansConfigurationException($"The connection string of the store '{store}' cannot be read ({error.Message}). Expected: Host=...;Port=5432;Database=...;Username=...;Password=...");
        }

        if (string.IsNullOrEmpty(settings.Host))
        {
            throw new OrleansConfigurationException($"The connection string of the store '{store}' names no host. Expected: Host=...;Port=5432;Database=...;Username=...;Password=...");
        }

        // A server that hangs is to be noticed within the patience of a grain's caller, unless somebody said otherwise.
        if (!said.ContainsKey("Timeout"))
        {
            settings.Timeout = 4;
        }

        if (!said.ContainsKey("Command Timeout") && !said.ContainsKey("CommandTimeout"))
        {
            settings.CommandTimeout = 4;
        }

        // Every silo has one of these; together they must leave room among the server's hundred.
        if (!said.ContainsKey("Maximum Pool Size") && !said.ContainsKey("MaxPoolSize"))
        {
            settings.MaxPoolSize = 16;
        }

        return settings;
    }
}
