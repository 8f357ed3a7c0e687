using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.ClientLib.Tests.Session;

/// <summary>A scheduler that runs tasks by the script of a test and remembers what it was told.</summary>
internal sealed class ScriptedScheduler : ISchedulerGrain
{
    private readonly Lock _gate = new();
    private readonly List<Outcome> _news = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _epoch;
    private int _failures;
    private bool _joined;

    public List<SubmitBatch> Batches { get; } = [];

    public List<long> Opened { get; } = [];

    public bool IsClosed { get; private set; }

    public WorkerInfo[] Workers { get; set; } = [new("silo-1", 1, "elsewhere", "0.1.0", 1_000_000_000)];

    /// <summary>What becomes of a task; null: nothing yet.</summary>
    public Func<TaskKey, Outcome?> Run { get; set; } = key => Finished(key, 42);

    /// <summary>Submissions wait for this.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public IEnumerable<TaskKey> Submitted => Told(batch => batch.Tasks.Select(task => task.Key));

    public IEnumerable<TaskKey> Wanted => Told(batch => batch.Wanted);

    public IEnumerable<TaskKey> Unwanted => Told(batch => batch.Unwanted);

    public IEnumerable<TaskKey> Cancelled => Told(batch => batch.Cancelled);

    public IEnumerable<TaskKey> Scattered => Told(batch => batch.Scattered.Select(value => value.Key));

    public TaskKey[] DependenciesOf(TaskKey key)
    {
        lock (_gate)
        {
            var (batch, task) = Batches.SelectMany(batch => batch.Tasks.Select(task => (batch, task))).First(pair => Keys(pair.batch, [pair.task.Key]).Single() == key);
            return [.. Keys(batch, task.Dependencies)];
        }
    }

    /// <summary>Who was said to hold scattered values, and how many values that is.</summary>
    public (string[] Workers, int Values) Holders()
    {
        lock (_gate)
        {
            return ([.. Batches.SelectMany(batch => batch.Scattered).Select(value => value.Worker)], Scattered.Distinct().Count());
        }
    }

    /// <summary>Who was said to hold a scattered value.</summary>
    public string[] HoldersOf(TaskKey key)
    {
        lock (_gate)
        {
            return [.. Batches.SelectMany(batch => batch.Scattered.Where(value => Keys(batch, [value.Key]).Single() == key)).Select(value => value.Worker)];
        }
    }

    public static Outcome Finished(TaskKey key, object? value) => new(key, TaskStatusCode.Finished, 8, Payload.FromBytes(Payload.Encode(value)), null);

    /// <summary>The next calls fail as when a silo is gone.</summary>
    public void FailNext(int calls) => Volatile.Write(ref _failures, calls);

    /// <summary>Forgets everything, as a scheduler does whose silo died.</summary>
    public void Die()
    {
        lock (_gate)
        {
            _epoch = 0;
            _news.Clear();
            Wake();
        }
    }

    public void Tell(Outcome outcome)
    {
        lock (_gate)
        {
            _news.Add(outcome);
            Wake();
        }
    }

    /// <summary>Silos come, and it is news.</summary>
    public void Join(params WorkerInfo[] workers)
    {
        lock (_gate)
        {
            (Workers, _joined) = (workers, true);
            Wake();
        }
    }

    public Task<SessionOpened> OpenAsync(OpenSession request)
    {
        ThrowIfTold();
        lock (_gate)
        {
            Opened.Add(request.Epoch);
            _epoch = request.Epoch;
            return Task.FromResult(new SessionOpened(request.Epoch, Workers));
        }
    }

    public async Task<SubmitAnswer> SubmitAsync(SubmitBatch batch)
    {
        ThrowIfTold();
        await Gate;
        lock (_gate)
        {
            if (batch.Epoch != _epoch)
            {
                return new SubmitAnswer(_epoch);
            }

            Batches.Add(batch);
            foreach (var key in Keys(batch, batch.Wanted))
            {
                if (Run(key) is { } outcome)
                {
                    _news.Add(outcome);
                    Wake();
                }
            }

            return new SubmitAnswer(_epoch);
        }
    }

    public async Task<SessionNews> PollAsync(long epoch, long seen)
    {
        ThrowIfTold();
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (epoch != _epoch || _news.Count > seen || _joined)
                {
                    var joined = _joined ? Workers : null;
                    _joined = false;
                    return new SessionNews(_epoch, _news.Count, [.. _news.Skip((int)seen)], joined, []);
                }

                changed = _changed.Task;
            }

            await changed;
        }
    }

    public Task CloseAsync(long epoch)
    {
        lock (_gate)
        {
            IsClosed = true;
            _epoch = 0;
            Wake();
        }

        return Task.CompletedTask;
    }

    public Task<ReportAnswer> ReportAsync(WorkerReport report) => throw new InvalidOperationException("No worker reports here.");

    public Task<ValueState> WhereAsync(TaskKey key) => throw new InvalidOperationException("Nobody asks here.");

    public Task<ValueState> EnsureAsync(TaskKey key) => throw new InvalidOperationException("Nobody asks here.");

    private static IEnumerable<TaskKey> Keys(SubmitBatch batch, IEnumerable<WireKey> keys) => keys.Select(key => new TaskKey(batch.Layers[key.Layer], key.Index));

    private TaskKey[] Told(Func<SubmitBatch, IEnumerable<WireKey>> part)
    {
        lock (_gate)
        {
            return [.. Batches.SelectMany(batch => Keys(batch, part(batch)))];
        }
    }

    private void ThrowIfTold()
    {
        if (Interlocked.Decrement(ref _failures) >= 0)
        {
            throw new SiloUnavailableException("scripted");
        }
    }

    // Under the gate.
    private void Wake()
    {
        _changed.TrySetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
