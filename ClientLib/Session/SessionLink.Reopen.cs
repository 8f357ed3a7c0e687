using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Session;

// The session's scheduler has been lost, or has forgotten it: a new epoch, and all that is still wanted once more.
internal sealed partial class SessionLink
{
    private Task? _reopening;

    private Task ReopenAsync(long from, long inForce)
    {
        lock (_gate)
        {
            return Interlocked.Read(ref _epoch) != from ? Task.CompletedTask : _reopening ??= ReopenOnceAsync(Math.Max(from, inForce) + 1);
        }
    }

    private async Task ReopenOnceAsync(long epoch)
    {
        // Not under the gate of whoever found out.
        await Task.Yield();
        try
        {
            Begin(await OpenEpochAsync(epoch, _closing.Token));
        }
        finally
        {
            lock (_gate)
            {
                _reopening = null;
            }
        }

        bool idle;
        lock (_gate)
        {
            idle = BecomeBusy();
        }

        if (idle)
        {
            _ = SendAsync();
        }
    }

    private async Task<SessionOpened> OpenEpochAsync(long epoch, CancellationToken cancellationToken)
    {
        var patience = new Patience(_options, _time);
        while (true)
        {
            try
            {
                var request = new OpenSession(epoch, VersionRule.Current, _options.Lease, ProcessIdentity.Current);
                var opened = await _scheduler.OpenAsync(request).WaitAsync(_options.CallTimeout, _time, cancellationToken);
                if (opened.Epoch == epoch)
                {
                    return opened;
                }

                // A call that was given up arrived after all, or a message of an older time: go past it.
                epoch = Math.Max(epoch, opened.Epoch) + 1;
            }
            catch (Exception error) when (Transient.Is(error) && !cancellationToken.IsCancellationRequested)
            {
                await patience.WaitAsync(error, cancellationToken);
            }
        }
    }

    private void Begin(SessionOpened opened)
    {
        SetWorkers(opened.Workers);
        lock (_gate)
        {
            Interlocked.Exchange(ref _epoch, opened.Epoch);
            _sequence = 0;
            var again = Recipes(_states.States.Where(IsNeeded));
            ClearOutbox();
            foreach (var item in again)
            {
                Enqueue(item);
            }

            foreach (var state in _states.States.Where(state => state.References == 0).ToArray())
            {
                _states.Remove(state);
            }
        }
    }

    // Under the gate. What failed under an earlier epoch was not submitted again: it is when something takes it, so that the present
    // scheduler knows how its takers fail.
    private void BringBackFailed(FutureState[] inputs)
    {
        List<FutureState>? failed = null;
        foreach (var input in inputs)
        {
            if (input.Status == FutureStatus.Error && input.ToldEpoch != _epoch && !Planted.FailuresAreNotBroughtBack)
            {
                (failed ??= []).Add(input);
            }
        }

        foreach (var item in failed is null ? [] : Recipes(failed))
        {
            Enqueue(item);
        }
    }

    // Under the gate: sources of what is wanted and of what that is made from, dependencies first, else in order of submission.
    private List<object> Recipes(IEnumerable<FutureState> of)
    {
        var items = new List<object>();
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var path = new Stack<(FutureState State, bool IsDone)>();
        foreach (var root in of.OrderBy(state => state.Ordinal).ToArray())
        {
            path.Push((root, false));
            while (path.TryPop(out var at))
            {
                if (at.IsDone)
                {
                    Emit(at.State, items, seen);
                }
                else if (seen.Add(at.State))
                {
                    path.Push((at.State, true));
                    foreach (var input in InputsOf(at.State))
                    {
                        path.Push((Current(input), false));
                    }
                }
            }
        }

        return items;
    }

    // Under the gate: how to have a large value again that the cluster lost, if it is one that was kept here. Its own future may be
    // gone, and it is needed all the same by what is made from it.
    private Func<Payload>? KeptValue(TaskKey key)
    {
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var pending = new Stack<FutureState>(_states.TryFind(key, out var known) ? [known] : _states.States.Where(IsNeeded));
        while (pending.TryPop(out var state))
        {
            if (state.Source is GraphSource graph && seen.Add(graph) && graph.FindData(key) is { } data)
            {
                return () => Coding.Encode(data.Value);
            }

            if (state.Key == key)
            {
                return state.Source is DataSource ? () => state.Arguments! : null;
            }

            foreach (var input in InputsOf(state).Where(seen.Add))
            {
                pending.Push(input);
            }
        }

        return null;
    }

    private static bool IsNeeded(FutureState state) =>
        (state.References > 0) != Planted.OpenFuturesAreNotBroughtBack && state.Status is not (FutureStatus.Cancelled or FutureStatus.Error);

    private static FutureState[] InputsOf(FutureState state) => state.Source is GraphSource graph ? graph.Externals : state.Inputs;

    // A dependency whose futures are gone has left the table; it comes back for as long as it is needed.
    private FutureState Current(FutureState input)
    {
        if (_states.TryFind(input.Key, out var current))
        {
            return current;
        }

        _states.Put(input);
        return input;
    }

    private static void Emit(FutureState state, List<object> items, HashSet<object> seen)
    {
        if (state.Source is not GraphSource graph)
        {
            (state.Source as DataSource)?.Forget();
            items.Add(state);
        }
        else if (seen.Add(graph))
        {
            items.Add(new GraphEmission(graph));
        }
    }
}
