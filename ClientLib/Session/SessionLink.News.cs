using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Session;

// What the scheduler tells: one poll at a time, each answered when there is news. It is also the session's sign of life.
internal sealed partial class SessionLink
{
    private TaskCompletionSource _workersChanged = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task WaitForWorkersAsync(int count, CancellationToken cancellationToken)
    {
        while (true)
        {
            var changed = Volatile.Read(ref _workersChanged).Task;
            if (Workers.Count >= count)
            {
                return;
            }

            await changed.WaitAsync(cancellationToken);
            ThrowIfEnded();
        }
    }

    private async Task PollAsync()
    {
        var patience = new Patience(_options, _time);
        var (epoch, seen) = (Interlocked.Read(ref _epoch), 0L);
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                if (Interlocked.Read(ref _epoch) != epoch)
                {
                    (epoch, seen) = (Interlocked.Read(ref _epoch), 0);
                }

                var news = await _scheduler.PollAsync(epoch, seen).WaitAsync(_options.CallTimeout, _time, _closing.Token);
                if (news.EpochInForce != epoch)
                {
                    await ReopenAsync(epoch, news.EpochInForce);
                    continue;
                }

                Apply(news);
                if (news.CodeWanted.Length > 0)
                {
                    await _code.BringAgainAsync(news.CodeWanted, _closing.Token);
                }

                // Seen is what has been done: what fails before is told, and done, once more.
                seen = Planted.NewsAreConfirmedUnseen ? news.Version + 1 : news.Version;
                patience = new Patience(_options, _time);
            }
            catch (Exception error) when (!_closing.IsCancellationRequested)
            {
                try
                {
                    if (!Transient.Is(error))
                    {
                        throw;
                    }

                    await patience.WaitAsync(error, _closing.Token);
                }
                catch (Exception last)
                {
                    Break(last, _closing.IsCancellationRequested ? FutureStatus.Cancelled : FutureStatus.Error);
                    return;
                }
            }
            catch (Exception) when (_closing.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private void Apply(SessionNews news)
    {
        if (news.Workers is { } workers)
        {
            SetWorkers(workers);
        }

        if (news.Outcomes.Length == 0)
        {
            return;
        }

        // Looked up under the gate, told outside it: waiters may take it.
        var states = new FutureState?[news.Outcomes.Length];
        bool idle;
        lock (_gate)
        {
            for (var i = 0; i < states.Length; i++)
            {
                _states.TryFind(news.Outcomes[i].Key, out states[i]);
                if (news.Outcomes[i].Status == TaskStatusCode.Lost && KeptValue(news.Outcomes[i].Key) is { } value)
                {
                    Enqueue(new HandOver(news.Outcomes[i].Key, value));
                }
            }

            idle = BecomeBusy();
        }

        for (var i = 0; i < states.Length; i++)
        {
            if (states[i] is { } state)
            {
                Apply(news.Outcomes[i], state);
            }
        }

        if (idle)
        {
            _ = SendAsync();
        }
    }

    private static void Apply(Outcome outcome, FutureState state)
    {
        switch (outcome.Status)
        {
            case TaskStatusCode.Finished:
                state.End(FutureStatus.Finished, outcome.Value);
                break;
            case TaskStatusCode.Failed:
                state.End(FutureStatus.Error, outcome.Error);
                break;
            case TaskStatusCode.Cancelled:
                state.End(FutureStatus.Cancelled);
                break;
            case TaskStatusCode.Lost:
                state.Lose();
                break;
        }
    }

    private void SetWorkers(WorkerInfo[] workers)
    {
        Volatile.Write(ref _workers, workers);
        Coding.IsOneProcess = workers.Length > 0 && workers.All(worker => worker.Process == ProcessIdentity.Current);
        Interlocked.Exchange(ref _workersChanged, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }
}
