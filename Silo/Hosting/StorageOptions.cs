using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Hosting;

namespace Orleans.Dask.Silo.Hosting;

/// <summary>Where grains keep what is to outlive their silos. With neither of the two: in memory, lost with its silo.</summary>
public sealed record StorageOptions
{
    /// <summary>A folder that all silos of the cluster can write, such as <c>/var/lib/dask</c>; made when it is missing. Embedded engine only.</summary>
    public string? Folder { get; init; }

    /// <summary>A PostgreSQL connection string. The embedded engine makes its table by itself; for Microsoft Orleans its scripts are applied first.</summary>
    public string? Postgres { get; init; }

    /// <summary>Without the connection string, which holds a password.</summary>
    public override string ToString() => Folder is not null ? $"folder {Folder}" : Postgres is not null ? "PostgreSQL" : "memory";

    internal StorageOptions Checked() =>
        Folder is not null && Postgres is not null
            ? throw new ArgumentException($"{nameof(StorageOptions)} has a {nameof(Folder)} ({Folder}) and a {nameof(Postgres)} connection, expected one of them: states are kept in one place.")
            : this;

    /// <summary>Registers the stores of Dask's grains and of subscriptions to streams. In a database they share a table, where grain and state tell records apart.</summary>
    internal void AddTo(ISiloBuilder silo)
    {
        Checked();
        foreach (var name in (string[])[DaskStorage.Name, "PubSubStore"])
        {
            if (Folder is not null)
            {
                Engine.AddFileStorage(silo.Services, name, Path.Combine(Folder, name));
            }
            else if (Postgres is not null)
            {
                silo.AddAdoNetGrainStorage(name, options => (options.Invariant, options.ConnectionString) = ("Npgsql", Postgres));
            }
            else
            {
                silo.AddMemoryGrainStorage(name);
            }
        }
    }
}
