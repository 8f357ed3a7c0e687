using System.Security.Cryptography;
using Orleans.Dask.Silo.Hosting;

namespace Orleans.Dask.Silo;

/// <summary>What a cluster on this machine is made of.</summary>
public sealed record LocalClusterOptions
{
    /// <summary>How many silos. Default: one for every processor.</summary>
    public int Silos { get; init; } = Environment.ProcessorCount;

    /// <summary>Tasks that each silo runs at a time, at least 1. Default 1.</summary>
    public int Slots { get; init; } = 1;

    /// <summary>Whether each silo has a process of its own; else they live in this one. Default true.</summary>
    public bool Processes { get; init; } = true;

    /// <summary>Bytes that the values of one silo may take; 0 (the default): its share of the machine's memory.</summary>
    public long MemoryLimit { get; init; }

    /// <summary>How long a silo that leaves while others stay takes to hand over its tasks and values, at most an hour; 0: it goes at once. Default 30 s; tasks that have begun get 20 s of it, a shorter time less one second. When the whole cluster is disposed nothing is handed over.</summary>
    public TimeSpan LeaveTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Where grains keep what is to outlive their silos. Default: in memory.</summary>
    public StorageOptions Storage { get; init; } = new();

    /// <summary>How the cluster's own client behaves. Its <see cref="DaskClientOptions.ClusterId"/> and <see cref="DaskClientOptions.Secret"/> are chosen anew for each cluster.</summary>
    public DaskClientOptions Client { get; init; } = new();

    /// <summary>What follows <c>dotnet</c> to start a silo process; null: the silo's own program.</summary>
    internal IReadOnlyList<string>? ChildProgram { get; init; }

    internal LocalClusterOptions Checked()
    {
        AtLeast(nameof(Silos), Silos, 1);
        AtLeast(nameof(Slots), Slots, 1);
        AtLeast(nameof(MemoryLimit), MemoryLimit, 0);
        if (LeaveTimeout < TimeSpan.Zero || LeaveTimeout > TimeSpan.FromHours(1))
        {
            throw new ArgumentException($"{nameof(LocalClusterOptions)}.{nameof(LeaveTimeout)} is {LeaveTimeout}, expected 0 to an hour.");
        }

        Storage.Checked();
        return this with
        {
            Client = Client with
            {
                ClusterId = "local-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6)),
                Secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)),
            },
        };
    }

    private static void AtLeast(string name, long value, long least)
    {
        if (value < least)
        {
            throw new ArgumentException($"{nameof(LocalClusterOptions)}.{name} is {value}, expected at least {least}.");
        }
    }
}
