namespace Orleans.Dask.Grains.Scheduling;

/// <summary>Limits of one scheduler.</summary>
internal sealed record SchedulerOptions
{
    /// <summary>The scheduler's own process: where a worker in it is idle, a lone task goes there, for it is nearest. Default none.</summary>
    public string Process { get; init; } = "";

    /// <summary>How long tasks wait where no worker is. Default 60 s.</summary>
    public TimeSpan NoWorkerTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a value asked for through its grain is kept for whoever asked. Default 60 s.</summary>
    public TimeSpan EnsuredFor { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long values found on workers wait for a client to name them again. Default 60 s.</summary>
    public TimeSpan FoundFor { get; init; } = TimeSpan.FromSeconds(60);
}
