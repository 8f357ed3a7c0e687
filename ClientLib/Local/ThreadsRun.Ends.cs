using Orleans.Dask.Arrays;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask;

// How a run begins and how it ends.
internal sealed partial class ThreadsRun
{
    // On the first thread that comes by: a graph of a million nodes would hold up the caller for long.
    private void Plan()
    {
        try
        {
            _cancellation.ThrowIfCancellationRequested();
            _flat = Optimizer.Run(_graph, _wanted);
            Prepare();
        }
        catch (Exception thrown)
        {
            End();
            if (thrown is OperationCanceledException)
            {
                _completion.SetCanceled(_cancellation);
            }
            else
            {
                _completion.SetException(thrown);
            }

            return;
        }

        Volatile.Write(ref _planState, PlanStates.Planned);
        if (_remaining == 0)
        {
            Complete();
        }
        else if (_sources.Length > 1)
        {
            _scheduler.SignalAll();
        }
    }

    private void Prepare()
    {
        var n = _flat.Count;
        (_values, _missing, _uses, _isWanted) = (new object?[n], new int[n], new int[n], new bool[n]);
        var sources = new int[n];
        var sourceCount = 0;
        for (var id = 0; id < n; id++)
        {
            _uses[id] = _flat.Dependants(id).Length;
            switch (_flat.Nodes[id])
            {
                case DataNode data:
                    _values[id] = data.Value;
                    Lent.Keep(data.Value);
                    continue;
                case FutureNode future:
                    throw LocalGraph.CannotRun(future);
            }

            _remaining++;
            foreach (var input in _flat.Dependencies(id))
            {
                _missing[id] += _flat.Nodes[input] is DataNode ? 0 : 1;
            }

            if (_missing[id] == 0)
            {
                sources[sourceCount++] = id;
            }
        }

        foreach (var id in _flat.Wanted)
        {
            _uses[id]++;
            _isWanted[id] = true;
        }

        _sources = sources[..sourceCount];
        _block = Math.Clamp(sourceCount / (_scheduler.Threads * 16), 1, 32);
    }

    // Memory that only our own functions saw is used again after the last of them; what goes to the caller, or through a user's
    // hands, is not.
    private void Hold(int id, object? value)
    {
        if (value is null)
        {
            return;
        }

        if (!_isWanted[id] && _flat.Nodes[id] is AliasNode or CallNode { Function: ILending { Lends: true } } && Lent.Shows(value))
        {
            Lent.Hold(value);
            return;
        }

        Lent.Keep(value);
        if (!Lent.Shows(value))
        {
            KeepInputs(id);
        }
    }

    private void KeepInputs(int id)
    {
        foreach (var input in _flat.Dependencies(id))
        {
            Lent.Keep(_values[input]);
        }
    }

    private void Fail(int id, Exception thrown)
    {
        // Who is told to stop and does so has not failed; its dependants cannot run either way.
        if (thrown is not OperationCanceledException || !_stop.IsCancellationRequested)
        {
            lock (_lanes)
            {
                if (_failure is null || id < _failure.Value.Id)
                {
                    _failure = (id, thrown);
                }
            }
        }

        _skipped = true;
        StopAfter(id);
        _ = _stop.CancelAsync();
    }

    private void Cancel()
    {
        StopAfter(Nothing);
        _stop.Cancel();
    }

    private void StopAfter(int id)
    {
        int last;
        while (id < (last = Volatile.Read(ref _last)) && Interlocked.CompareExchange(ref _last, id, last) != last)
        {
        }
    }

    private void Complete()
    {
        var results = LocalGraph.Results(_flat, _values);
        End();
        if (_failure is { } failure)
        {
            _completion.SetException(new TaskFailedException(_flat.Nodes[failure.Id].Key, worker: null, attempt: 1, failure.Thrown));
        }
        else if (_skipped)
        {
            _completion.SetCanceled(_cancellation);
        }
        else
        {
            _completion.SetResult(results);
        }
    }

    private void End()
    {
        Volatile.Write(ref _planState, PlanStates.Done);
        _scheduler.End(this);
        // Without waiting for a callback that may be running: it could be waiting for us.
        _registration.Unregister();
    }
}
