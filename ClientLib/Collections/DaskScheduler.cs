namespace Orleans.Dask;

/// <summary>
/// Which scheduler runs a <c>ComputeAsync</c> that names none: the one in use here (<see cref="Use"/>), else the client that
/// connected last (<see cref="Register"/>), else the threads of this process.
/// </summary>
public static class DaskScheduler
{
    private static readonly Lock s_gate = new();
    private static readonly List<Registration> s_clients = [];
    private static readonly AsyncLocal<IGraphScheduler?> s_inUse = new();

    /// <summary>The scheduler that runs what names none.</summary>
    public static IGraphScheduler Default
    {
        get
        {
            if (s_inUse.Value is { } inUse)
            {
                return inUse;
            }

            lock (s_gate)
            {
                return s_clients.Count > 0 ? s_clients[^1].Scheduler : ThreadsScheduler.Shared;
            }
        }
    }

    /// <summary>Makes a scheduler the default of this flow of control, and of what it calls and awaits, until the returned value is disposed.</summary>
    /// <example><code>using var _ = DaskScheduler.Use(new SynchronousScheduler());</code></example>
    public static IDisposable Use(IGraphScheduler scheduler)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        var before = s_inUse.Value;
        s_inUse.Value = scheduler;
        return new Scope(() => s_inUse.Value = before);
    }

    /// <summary>Makes a scheduler the default of the process until the returned value is disposed; clients register themselves.</summary>
    public static IDisposable Register(IGraphScheduler scheduler)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        var registration = new Registration(scheduler);
        lock (s_gate)
        {
            s_clients.Add(registration);
        }

        return registration;
    }

    private sealed class Registration(IGraphScheduler scheduler) : IDisposable
    {
        public IGraphScheduler Scheduler { get; } = scheduler;

        public void Dispose()
        {
            lock (s_gate)
            {
                s_clients.Remove(this);
            }
        }
    }

    private sealed class Scope(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
