using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Grains.Storage;

namespace Orleans.Dask.Grains.Execution;

/// <summary>What a task needs before it takes a slot: its inputs in this store, and code.</summary>
internal sealed partial class WorkerSession
{
    /// <summary>How long a silo waits for code that its client must bring again.</summary>
    private static readonly TimeSpan s_codePatience = TimeSpan.FromSeconds(60);

    private readonly Dictionary<TaskKey, Fetch> _fetches = [];

    /// <summary>Copies that no finished task has used yet, with how many tasks still mean to. The scheduler does not know of them, so they go with the last.</summary>
    private readonly Dictionary<TaskKey, int> _copies = [];

    private List<Fetch> _toFetch = [];

    private void Need(WorkerTask task, TaskKey input, string holder)
    {
        if (Store.TryGet(Id, input, out var here))
        {
            if (_copies.TryGetValue(input, out var users))
            {
                _copies[input] = users + 1;
            }

            if (here.NeedsCode(out var payload))
            {
                Prepare(task, payload, null);
            }

            return;
        }

        task.Pending++;
        if (!_fetches.TryGetValue(input, out var fetch))
        {
            fetch = new Fetch(this, input, holder);
            _fetches.Add(input, fetch);
            _toFetch.Add(fetch);
        }

        fetch.Waiting.Add(task);
    }

    private void SendFetches()
    {
        List<Fetch> fetches;
        lock (_gate)
        {
            if (_toFetch.Count == 0)
            {
                return;
            }

            fetches = _toFetch;
            _toFetch = [];
        }

        _core.Inputs.Add(fetches);
    }

    /// <summary>A value came; on an executor's thread.</summary>
    public void Fetched(Fetch fetch, object? value)
    {
        var stored = StoredValue.OfObject(value, ValueSize.Of(value));
        var ready = new List<ExecutorWork>();
        lock (_gate)
        {
            if (!_fetches.TryGetValue(fetch.Key, out var current) || current != fetch)
            {
                return;
            }

            _fetches.Remove(fetch.Key);
            fetch.Waiting.RemoveAll(task => task.State == WorkerTaskState.Ended);
            if (fetch.Waiting.Count == 0)
            {
                return;
            }

            if (Store.Put(Id, fetch.Key, stored))
            {
                _copies[fetch.Key] = fetch.Waiting.Count;
            }

            ready.AddRange(fetch.Waiting.Where(Arrived));
        }

        Executor.Post(ready);
    }

    /// <summary>The holder does not have it, or cannot be reached: the tasks go back to the scheduler, which knows more.</summary>
    public void NotFetched(Fetch fetch, bool unreachable = false)
    {
        lock (_gate)
        {
            if (!_fetches.TryGetValue(fetch.Key, out var current) || current != fetch)
            {
                return;
            }

            _fetches.Remove(fetch.Key);
            foreach (var task in fetch.Waiting.Where(task => task.State == WorkerTaskState.Fetching))
            {
                EndTask(task, finished: false);
                _missing.Add((task.Key, fetch.Key, fetch.Holder, unreachable));
            }
        }

        FlushFromTurn();
    }

    /// <summary>The value came and cannot be read here: that is how its takers fail.</summary>
    public void Undecodable(Fetch fetch, Exception exception)
    {
        WorkerTask[] tasks;
        lock (_gate)
        {
            if (!_fetches.TryGetValue(fetch.Key, out var current) || current != fetch)
            {
                return;
            }

            _fetches.Remove(fetch.Key);
            tasks = [.. fetch.Waiting.Where(task => task.State == WorkerTaskState.Fetching)];
        }

        foreach (var task in tasks)
        {
            Failed(task, exception, 0);
        }
    }

    /// <summary>A task that took the input has ended.</summary>
    private void LeaveCopy(TaskKey input, bool finished)
    {
        if (!_copies.TryGetValue(input, out var users))
        {
            return;
        }

        if (finished)
        {
            _copies.Remove(input);
        }
        else if (users > 1)
        {
            _copies[input] = users - 1;
        }
        else
        {
            _copies.Remove(input);
            Store.Remove(Id, input);
        }
    }

    // ---- code

    private void Prepare(WorkerTask task, Payload payload, Action? prepared)
    {
        ValueTask<PayloadDecoding> preparing;
        try
        {
            preparing = _core.Codes.PrepareAsync(Id, payload);
        }
        catch (PayloadException damaged)
        {
            // Its head cannot be read. That is how this task fails; the rest of the batch has nothing to do with it.
            preparing = ValueTask.FromException<PayloadDecoding>(damaged);
        }

        if (preparing.IsCompletedSuccessfully)
        {
            prepared?.Invoke();
            return;
        }

        task.Pending++;
        Executor.PostAside(new ActionWork(() => _ = PrepareAsync(task, payload, preparing.AsTask(), prepared)));
    }

    private async Task PrepareAsync(WorkerTask task, Payload payload, Task<PayloadDecoding> preparing, Action? prepared)
    {
        try
        {
            await CodeAsync(payload, preparing, task);
        }
        catch (Exception exception)
        {
            Executor.PostAside(new ActionWork(() => Unprepared(task, exception)));
            return;
        }

        bool ready;
        lock (_gate)
        {
            prepared?.Invoke();
            ready = Arrived(task);
        }

        if (ready)
        {
            Executor.Post(task);
        }
    }

    /// <summary>What a payload is decoded with, once its code is here: as long as it may take the client to bring it, or another silo to answer.</summary>
    /// <param name="payload">What needs the code.</param>
    /// <param name="preparing">The first try.</param>
    /// <param name="task">Who needs it; ended, nobody does.</param>
    public async Task<PayloadDecoding> CodeAsync(Payload payload, Task<PayloadDecoding> preparing, WorkerTask? task)
    {
        var began = Time.GetTimestamp();
        while (true)
        {
            try
            {
                return await preparing;
            }
            catch (CodeException missing) when (missing.Missing.Length > 0 && Time.GetElapsedTime(began) < s_codePatience)
            {
                lock (_gate)
                {
                    _codeWanted.UnionWith(missing.Missing.Select(assembly => assembly.Sha256));
                }

                FlushFromTurn();
            }
            catch (Exception exception) when (exception is TimeoutException or OrleansException && Time.GetElapsedTime(began) < s_codePatience)
            {
                _core.LogCodeFailed(Id.Value, exception);
            }

            await Task.Delay(s_firstRetry, Time);
            lock (_gate)
            {
                if (_closed || task?.State == WorkerTaskState.Ended)
                {
                    throw new OperationCanceledException($"Nobody waits any longer for code in session '{Id}'.");
                }
            }

            preparing = _core.Codes.PrepareAsync(Id, payload).AsTask();
        }
    }

    private void Unprepared(WorkerTask task, Exception exception)
    {
        lock (_gate)
        {
            if (task.State == WorkerTaskState.Ended)
            {
                return;
            }
        }

        Failed(task, exception, 0);
    }
}

/// <summary>A value on its way from another worker, and who waits for it.</summary>
internal sealed class Fetch(WorkerSession session, TaskKey key, string holder) : IWanted
{
    public WorkerSession Session => session;

    public TaskKey Key => key;

    public string Holder => holder;

    public List<WorkerTask> Waiting { get; } = [];

    public int Tries { get; set; }
}
