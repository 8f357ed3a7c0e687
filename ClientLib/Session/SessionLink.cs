using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Session;

// One session of a client with its scheduler.
//
//   Submit, Drop, Cancel ──► outbox ──► SubmitAsync ──► scheduler grain      one message in flight; what comes meanwhile
//   futures end          ◄── news   ◄── PollAsync   ◄──                      goes with the next (group commit)
//
// Who holds what: a FutureState counts its futures and the unsent tasks that depend on it. The scheduler is told "wanted"
// with the task and "unwanted" when the count is zero, in that order in one stream of numbered messages.
//
// The scheduler is a grain and may be lost with its silo. Its successor answers with another epoch; then the session is
// opened again under a later one and everything that is still wanted is submitted again, dependencies first. Values that
// silos still hold are found there by the scheduler, so that only what was really lost is computed again.

/// <summary>The session: its keys, its futures, its conversation with the scheduler.</summary>
internal sealed partial class SessionLink : IAsyncDisposable, IThreadPoolWorkItem
{
    private readonly ISchedulerGrain _scheduler;
    private readonly SessionOptions _options;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _gate = new();
    private readonly KeyTable _states = new();
    private readonly CodeShipping _code;
    private readonly ValueReader _reader;
    private readonly ValueWriter _writer;
    private Task _polling = Task.CompletedTask;
    private WorkerInfo[] _workers = [];
    private Exception? _broken;
    private long _epoch;
    private long _ordinal;

    public SessionLink(SessionId session, IGrainFactory grains, ISchedulerGrain scheduler, SessionOptions options, TimeProvider time)
    {
        Session = session;
        _scheduler = scheduler;
        _options = options;
        _time = time;
        Grains = grains;
        _code = new CodeShipping(grains.GetGrain<ICodeGrain>(session.Value), options, time);
        Coding = new ValueCoding { OnAssembly = _code.Note };
        Functions = new FunctionTable(session.Value.Length > 6 ? session.Value[..6] : session.Value, Coding, options.MaxArgumentBytes);
        _reader = new ValueReader(this, options, time);
        _writer = new ValueWriter(this, options, time);
    }

    public SessionId Session { get; }

    public IGrainFactory Grains { get; }

    public ValueCoding Coding { get; }

    public FunctionTable Functions { get; }

    /// <summary>Largest constants that travel with a task; what is larger goes to a store by itself.</summary>
    public int MaxArgumentBytes => _options.MaxArgumentBytes;

    /// <summary>The silos that run tasks, as last heard of.</summary>
    public IReadOnlyList<WorkerInfo> Workers => Volatile.Read(ref _workers);

    /// <summary>Opens the session and begins to listen.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        var opened = await OpenEpochAsync(1, both.Token);
        Begin(opened);
        _polling = PollAsync();
    }

    /// <summary>A future's state, under a new key, for a call.</summary>
    public FutureState Submit(FunctionEntry function, TaskKey key, FutureState[] inputs, Payload? arguments)
    {
        var state = new FutureState(this, key, function) { Inputs = inputs, Arguments = arguments, Ordinal = Interlocked.Increment(ref _ordinal), References = 1 };
        bool idle;
        lock (_gate)
        {
            Add(state);
            idle = BecomeBusy();
        }

        if (idle)
        {
            _ = SendAsync();
        }

        return state;
    }

    /// <summary>Many calls at once: one turn of the lock.</summary>
    public void Submit(ReadOnlySpan<FutureState> states)
    {
        bool idle;
        lock (_gate)
        {
            foreach (var state in states)
            {
                Add(state);
            }

            idle = BecomeBusy();
        }

        if (idle)
        {
            _ = SendAsync();
        }
    }

    /// <summary>A state for <see cref="Submit(ReadOnlySpan{FutureState})"/>, held once.</summary>
    public FutureState NewState(TaskKey key, object source, FutureState[] inputs, Payload? arguments) =>
        new(this, key, source) { Inputs = inputs, Arguments = arguments, Ordinal = Interlocked.Increment(ref _ordinal), References = 1 };

    /// <summary>Hands a graph over; the states of the wanted keys, in their order, each held once.</summary>
    /// <exception cref="GraphException">The graph takes a value from a future that was let go.</exception>
    public FutureState[] Submit(FlatGraph graph)
    {
        var wanted = new FutureState[graph.Wanted.Length];
        bool idle;
        lock (_gate)
        {
            ThrowIfBroken();
            var source = new GraphSource(graph, Externals(graph), Functions);
            for (var i = 0; i < wanted.Length; i++)
            {
                var id = graph.Wanted[i];
                var key = graph.Nodes[id].Key;
                if (!_states.TryFind(key, out var state) || state.Status == FutureStatus.Cancelled)
                {
                    state = new FutureState(this, key, source) { Ordinal = Interlocked.Increment(ref _ordinal) };
                    _states.Put(state);
                }

                state.References++;
                wanted[i] = source.Wanted[id] = state;
            }

            BringBackFailed(source.Externals);
            Enqueue(new GraphEmission(source));
            idle = BecomeBusy();
        }

        if (idle)
        {
            _ = SendAsync();
        }

        return wanted;
    }

    /// <summary>Writes a value into the stores of the silos; what it returns is the source of its state.</summary>
    public Task<ScatteredSource> ScatterAsync(TaskKey key, Payload payload, IReadOnlyList<string>? workers, int replicas, CancellationToken cancellationToken) =>
        _writer.WriteAsync(key, payload, workers, replicas, cancellationToken);

    /// <summary>Whether the last future of a key is gone and has been counted out.</summary>
    internal bool IsDropped(TaskKey key)
    {
        lock (_gate)
        {
            return !_states.TryFind(key, out var state) || state.References == 0;
        }
    }

    /// <summary>One more future of a key.</summary>
    public void Hold(FutureState state)
    {
        lock (_gate)
        {
            state.References++;
        }
    }

    /// <summary>Gives a task up: here at once, on the cluster with the next message.</summary>
    public async Task CancelAsync(FutureState state)
    {
        if (state.HasEnded)
        {
            return;
        }

        state.End(FutureStatus.Cancelled);
        Task sent;
        bool idle;
        lock (_gate)
        {
            sent = EnqueueCancel(state.Key);
            idle = BecomeBusy();
        }

        if (idle)
        {
            _ = SendAsync();
        }

        await sent;
    }

    /// <summary>The value of an ended state, read from its silo where it did not ride along.</summary>
    public async ValueTask<object?> ReadAsync(FutureState state, Type expected, CancellationToken cancellationToken)
    {
        while (true)
        {
            switch (state.Status)
            {
                case FutureStatus.Finished:
                    var payload = state.Result as Payload ?? await _reader.ReadAsync(state.Key, cancellationToken);
                    return ValueCoding.Decode(payload, expected);
                case FutureStatus.Error:
                    throw Failure.Of(state);
                case FutureStatus.Cancelled:
                    throw new TaskCanceledException($"'{state.Key}' was cancelled.");
                default:
                    await state.WhenEnded(cancellationToken);
                    break;
            }
        }
    }

    /// <summary>Ends the session; futures that have not ended are cancelled.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_closing.IsCancellationRequested)
        {
            return;
        }

        // First the reason: what the token interrupts would give a worse one.
        Break(new ObjectDisposedException(nameof(DaskClient), "The client is closed: its session has ended and its values are gone."), FutureStatus.Cancelled);

        // Not CancelAsync, which would go to the thread pool: only this session's own waits hang on the token.
        _closing.Cancel();
        await _polling;
        try
        {
            await _scheduler.CloseAsync(Interlocked.Read(ref _epoch)).WaitAsync(TimeSpan.FromSeconds(2), _time);
        }
        catch (Exception error) when (Transient.Is(error))
        {
            // Who does not hear the farewell lets the session go when its lease runs out.
        }

        _code.Dispose();
        _closing.Dispose();
    }

    private void Add(FutureState state)
    {
        ThrowIfBroken();
        _states.Put(state);
        BringBackFailed(state.Inputs);
        Enqueue(state);
    }

    /// <exception cref="InvalidOperationException">The session has ended.</exception>
    internal void ThrowIfEnded()
    {
        lock (_gate)
        {
            ThrowIfBroken();
        }
    }

    private void ThrowIfBroken()
    {
        if (_broken is { } broken)
        {
            throw broken is ObjectDisposedException ? broken : new InvalidOperationException($"The session has ended: {broken.Message}", broken);
        }
    }

    private FutureState[] Externals(FlatGraph graph)
    {
        List<FutureState>? externals = null;
        foreach (var node in graph.Nodes)
        {
            if (node is FutureNode)
            {
                (externals ??= []).Add(_states.TryFind(node.Key, out var state) && state.References > 0 ? state
                    : throw new GraphException($"The graph takes '{node.Key}' from this session, but no future holds it any more. Keep what PersistAsync or Submit returned for as long as graphs use it."));
            }
        }

        return externals is null ? [] : [.. externals];
    }

    // All that is not ended ends here: nobody waits for a session that is gone.
    private void Break(Exception reason, FutureStatus status)
    {
        FutureState[] open;
        lock (_gate)
        {
            if (_broken is not null)
            {
                return;
            }

            _broken = reason;
            open = [.. _states.States.Where(state => !state.HasEnded)];
            ClearOutbox();
        }

        _workersChanged.TrySetResult();
        foreach (var state in open)
        {
            state.End(status, status == FutureStatus.Error ? reason : null);
        }
    }
}
