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

    // Under the gate.
    private (SubmitBatch? Batch, List<TaskCompletionSource> Told) Build()
    {
        var writer = new BatchWriter(_epoch, _options.MaxBatchTasks, _options.MaxBatchBytes);
        while (_broken is null && _outgoing.TryPeek(out var item))
        {
            if (item is FutureState state)
            {
                if (state.Source is DataSource { IsPrepared: false } && state.References > 0)
                {
                    break;
                }

                if (state.References > 0 && TakesWhatWasGivenUp(state))
                {
                    // A scheduler of a later epoch has never heard of what was given up before it.
                    _stillborn.Add(state);
                }
                else if (state.References > 0)
                {
                    if (!writer.HasRoomFor(state.Source as FunctionEntry, state.Source is DataSource { Written: not null } ? null : state.Arguments, state.Inputs.Length))
                    {
                        break;
                    }

                    Write(state, writer);
                    Want(state, writer);
                }

                _outgoing.Dequeue();
                ReleaseAll(state.Inputs);
                continue;
            }

            if (item is HandOver again)
            {
                if (again.Written is not { } written || !writer.HasRoom)
                {
                    break;
                }

                writer.Scattered(again.Key, written, isKept: true);
                _outgoing.Dequeue();
                continue;
            }

            var graph = (GraphEmission)item;
            if (!graph.IsPrepared)
            {
                // Encoded outside the gate; what is written so far needn't wait for it.
                break;
            }

            if (!graph.Write(writer, wanted => Want(wanted, writer)))
            {
                break;
            }

            if (graph.IsDone)
            {
                _outgoing.Dequeue();
                ReleaseAll(graph.Source.Externals);
            }
        }

        var released = 0;
        for (; released < _released.Count && writer.HasRoom; released++)
        {
            var state = _released[released];
            if (state.References > 0)
            {
                continue;
            }

            if (state.ToldEpoch == _epoch && !IsReplaced(state))
            {
                writer.Unwant(state.Key);
            }

            state.ToldEpoch = 0;
            _states.Remove(state);
        }

        _released.RemoveRange(0, released);
        var cancelled = 0;
        for (; cancelled < _cancelled.Count && writer.HasRoom; cancelled++)
        {
            writer.Cancel(_cancelled[cancelled]);
        }

        _cancelled.RemoveRange(0, cancelled);
        if (writer.IsEmpty)
        {
            return (null, []);
        }

        var told = _cancelled.Count == 0 ? _toldWhenSent : [];
        _toldWhenSent = _cancelled.Count == 0 ? [] : _toldWhenSent;
        return (writer.ToBatch(++_sequence, _outgoing.TryPeek(out var next) && next is GraphEmission { IsUnderWay: true }), told);
    }

    private bool TakesWhatWasGivenUp(FutureState state)
    {
        foreach (var input in state.Inputs)
        {
            if (input.Status == FutureStatus.Cancelled || (_stillborn.Count > 0 && _stillborn.Contains(input)))
            {
                return true;
            }
        }

        return false;
    }

    private static void Write(FutureState state, BatchWriter writer)
    {
        switch (state.Source)
        {
            case FunctionEntry function:
                writer.Task(state.Key, function.Number, writer.Wire(state.Inputs), state.Arguments);
                break;
            case DataSource { Written: { } written }:
                writer.Scattered(state.Key, written, isKept: true);
                break;
            case DataSource:
                writer.Task(state.Key, 0, [], state.Arguments);
                break;
            case ScatteredSource scattered:
                writer.Scattered(state.Key, scattered, isKept: false);
                break;
        }
    }

    private void Want(FutureState state, BatchWriter writer)
    {
        if (state.ToldEpoch != _epoch)
        {
            state.ToldEpoch = _epoch;
            writer.Want(state.Key);
        }
    }

    private void ReleaseAll(FutureState[] states)
    {
        foreach (var state in states)
        {
            Release(state);
        }
    }

    // The key was wanted again, by a state of its own, after this one had ended for good.
    private bool IsReplaced(FutureState state) => _states.TryFind(state.Key, out var found) && !ReferenceEquals(found, state);

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
