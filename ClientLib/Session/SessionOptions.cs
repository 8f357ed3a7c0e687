namespace Orleans.Dask.Session;

/// <summary>How a client talks to its scheduler.</summary>
internal sealed record SessionOptions
{
    /// <summary>How long the session outlives the client's last sign of life.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long one call may take. Polls wait up to 8 s at the scheduler.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long to go on without any answer before all futures end with an error.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>As <see cref="DaskClientOptions.Aside"/>.</summary>
    public required Action<IThreadPoolWorkItem> Aside { get; init; }

    /// <summary>Tasks in one message.</summary>
    public int MaxBatchTasks { get; init; } = 4096;

    /// <summary>Bytes in one message, but for its last task. No message may take more than 4 MB.</summary>
    public int MaxBatchBytes { get; init; } = 1 << 20;

    /// <summary>Largest constant arguments of one task; larger values are scattered.</summary>
    public int MaxArgumentBytes { get; init; } = 2 << 20;
}
