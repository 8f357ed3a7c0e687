using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Session;

namespace Orleans.Dask;

/// <summary>How a client meets its cluster.</summary>
public sealed record DaskClientOptions
{
    /// <summary>How long values outlive the client's last sign of life, at least 1 s. Default 60 s.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long to wait for a cluster that does not answer before all futures end with an error, and how long <c>ScatterAsync</c> waits where no silo is. Default 60 s.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether this client becomes the default of <c>ComputeAsync</c>, as <see cref="DaskScheduler.Register"/>. Default true.</summary>
    public bool IsDefault { get; init; } = true;

    /// <summary>Name of the cluster, as its silos were given it. Default "default".</summary>
    public string ClusterId { get; init; } = "default";

    /// <summary>The cluster's secret, or null where it has none.</summary>
    public string? Secret { get; init; }

    /// <summary>The clock. Default the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Name of the session; null: one of its own. A simulation draws it from its seed.</summary>
    internal SessionId? Session { get; init; }

    /// <summary>Where work goes that must not run on the thread that finds it, which may be the finalizer's. Default the thread pool.</summary>
    internal Action<IThreadPoolWorkItem> Aside { get; init; } = static work => ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);

    internal SessionOptions ToSession()
    {
        AtLeast(nameof(Lease), Lease, TimeSpan.FromSeconds(1));
        AtLeast(nameof(GiveUpAfter), GiveUpAfter, TimeSpan.Zero);
        return new SessionOptions { Lease = Lease, GiveUpAfter = GiveUpAfter, Aside = Aside };
    }

    private static void AtLeast(string name, TimeSpan value, TimeSpan least)
    {
        if (value < least)
        {
            throw new ArgumentException($"{nameof(DaskClientOptions)}.{name} is {value}, expected at least {least}.");
        }
    }
}
