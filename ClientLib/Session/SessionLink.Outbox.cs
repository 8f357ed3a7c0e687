using System.Collections.Concurrent;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Session;

// What is to be sent, and the sender: at most one, started by whoever finds none running, so that a single submission goes
// out on its caller's thread at once.
internal sealed partial class SessionLink
{
    private readonly ConcurrentQueue<FutureState> _dropped = new();
    private int _collecting;

    /// <summary>Futures given up that the sender has not looked at yet.</summary>
    internal int Dropped => _dropped.Count;

    // FutureState (a call or scattered data), GraphEmission or HandOver, in order of submission.
    private Queue<object> _outgoing = new();
    private List<FutureState> _released = [];
    private List<TaskKey> _cancelled = [];
    private List<TaskCompletionSource> _toldWhenSent = [];
    private long _sequence;
    private readonly List<FutureState> _stillborn = [];
    private bool _busy;

    /// <summary>One future of the key less. Only queues: finalizers call it too.</summary>
    /// <remarks>After the session's end the link may be garbage together with the future, its lock's handle finalized already: it must not be touched.</remarks>
    public void Drop(FutureState state)
    {
        if (Volatile.Read(ref _broken) is not null)
        {
            return;
        }

        _dropped.Enqueue(state);
        if (Interlocked.Exchange(ref _collecting, 1) == 0)
        {
            _options.Aside(this);
        }
    }

    /// <summary>Counts out what was dropped.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        Volatile.Write(ref _collecting, 0);
        bool idle;
        lock (_gate)
        {
            while (_dropped.TryDequeue(out var state))
            {
                Release(state);
            }

            idle = BecomeBusy();
        }

        if (idle)
        {
            _ = SendAsync();
        }
    }

    // Under the gate.
    private void Enqueue(object item)
    {
        _outgoing.Enqueue(item);
        HoldAll(TakenBy(item));
    }

    private Task EnqueueCancel(TaskKey key)
    {
        if (_broken is not null)
        {
            return Task.CompletedTask;
        }

        _cancelled.Add(key);
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _toldWhenSent.Add(told);
        return told.Task;
    }

    // Under the gate. A dependency must not be let go before the scheduler knows who depends on it.
    private static void HoldAll(FutureState[] states)
    {
        foreach (var state in states)
        {
            state.References++;
        }
    }

    // Under the gate.
    private void Release(FutureState state)
    {
        if (--state.References == 0)
        {
            _released.Add(state);
        }
    }

    private static FutureState[] TakenBy(object item) => item switch { FutureState call => call.Inputs, GraphEmission graph => graph.Source.Externals, _ => [] };

    // Under the gate: who gets true runs the sender.
    private bool BecomeBusy()
    {
        if (_busy || _broken is not null || _epoch == 0 || (_outgoing.Count == 0 && _released.Count == 0 && _cancelled.Count == 0))
        {
            return false;
        }

        return _busy = true;
    }

    private async Task SendAsync()
    {
        try
        {
            while (true)
            {
                SubmitBatch? batch;
                List<TaskCompletionSource> told;
                object? unprepared;
                FutureState[] stillborn;
                lock (_gate)
                {
                    (batch, told) = Build();
                    stillborn = [.. _stillborn];
                    _stillborn.Clear();
                    unprepared = batch is null && _outgoing.TryPeek(out var next) ? next : null;
                    if (batch is null && unprepared is null)
                    {
                        _busy = false;
                        Shrink();
                    }
                }

                // Not under the gate: their waiters may take it.
                Array.ForEach(stillborn, state => state.End(FutureStatus.Cancelled));
                if (batch is null && unprepared is null)
                {
                    return;
                }

                if (unprepared is not null)
                {
                    await PrepareAsync(unprepared);
                    continue;
                }

                await DeliverAsync(batch!);
                told.ForEach(waiter => waiter.TrySetResult());
            }
        }
        catch (Exception error)
        {
            // Not transient, or for too long: every future says why.
            Break(error, _closing.IsCancellationRequested ? FutureStatus.Cancelled : FutureStatus.Error);
        }
    }

    // Under the gate: all is sent. Lists that a large graph made long are not kept for the next.
    private void Shrink()
    {
        const int Long = 50_000;
        if (_outgoing.Capacity > Long)
        {
            _outgoing.TrimExcess();
        }

        if (_released.Capacity > Long)
        {
            _released.TrimExcess();
        }
    }

    private async Task PrepareAsync(object item)
    {
        try
        {
            if (item is GraphEmission emission)
            {
                await emission.PrepareAsync(this, _options, _closing.Token);
            }
            else if (item is FutureState { Source: DataSource data } state)
            {
                await data.PrepareAsync(state, _closing.Token);
            }
            else if (item is HandOver again)
            {
                await again.PrepareAsync(this, _closing.Token);
            }
        }
        catch (Exception error) when (error is PayloadException or NotSupportedException or ArgumentException)
        {
            FutureState[] concerned = item switch { GraphEmission failed => [.. failed.Source.Wanted.Values], FutureState failed => [failed], _ => [] };
            foreach (var state in concerned)
            {
                state.End(FutureStatus.Error, error);
            }

            lock (_gate)
            {
                if (_outgoing.TryPeek(out var head) && ReferenceEquals(head, item))
                {
                    _outgoing.Dequeue();
                    ReleaseAll(TakenBy(item));
                    if (item is HandOver lost)
                    {
                        _cancelled.Add(lost.Key);
                    }
                }
            }
        }
    }

    // Under the gate.
    private void ClearOutbox()
    {
        foreach (var item in _outgoing)
        {
            ReleaseAll(TakenBy(item));
        }

        _outgoing.Clear();
        _released.Clear();
        _cancelled.Clear();
        _toldWhenSent.ForEach(waiter => waiter.TrySetResult());
        _toldWhenSent.Clear();
    }

    // Until it is answered, or the epoch it belongs to is over.
    private async Task DeliverAsync(SubmitBatch batch)
    {
        var patience = new Patience(_options, _time);
        while (Interlocked.Read(ref _epoch) == batch.Epoch)
        {
            try
            {
                await _code.BringAsync(_closing.Token);
                var answer = await _scheduler.SubmitAsync(batch).WaitAsync(_options.CallTimeout, _time, _closing.Token);
                if (answer.EpochInForce != batch.Epoch)
                {
                    await ReopenAsync(batch.Epoch, answer.EpochInForce);
                }

                return;
            }
            catch (Exception error) when (Transient.Is(error) && !_closing.IsCancellationRequested)
            {
                await patience.WaitAsync(error, _closing.Token);
                if (Planted.BatchesAreSentOnce)
                {
                    return;
                }
            }
        }
    }
}
