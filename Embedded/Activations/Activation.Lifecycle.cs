namespace Orleans.Embedded;

/// <summary>How an activation comes and goes.</summary>
internal sealed partial class Activation
{
    private TaskCompletionSource? _deactivated;
    private DeactivationReason? _ending;
    private long _lastUse;
    private long _keepUntil;
    private List<IPersistentStateBinding>? _states;
    private bool _isRegistered;

    /// <summary>It is this grain's activation by the directory's word. Written under the directory's lock, read by its handing over.</summary>
    public bool IsRegistered
    {
        get => Volatile.Read(ref _isRegistered);
        set => Volatile.Write(ref _isRegistered, value);
    }

    public Task Deactivated
    {
        get
        {
            // Made only for those who ask: most activations end unwatched.
            Interlocked.CompareExchange(ref _deactivated, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), null);
            return _deactivated.Task;
        }
    }

    /// <summary>Registers, constructs, reads state, activates: the first turns of its life.</summary>
    public void BeginActivation() => Post(new ActionTurn(static activation => _ = ((Activation)activation!).ActivateAsync(), this));

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default) =>
        Post(new DeactivateTurn(deactivationReason));

    public void DelayDeactivation(TimeSpan span) =>
        Volatile.Write(ref _keepUntil, span <= TimeSpan.Zero ? 0 : span > TimeSpan.FromDays(3650) ? long.MaxValue : Silo.CoarseNow + Silo.TicksOf(span));

    /// <summary>Ends the activation if nobody used it since <paramref name="before"/>. From any thread: the last word is spoken on its turn.</summary>
    public void CollectIfIdle(long before)
    {
        if (IsIdle(before))
        {
            Post(new CollectTurn(before));
        }
    }

    public void AddState(IPersistentStateBinding state) => (_states ??= []).Add(state);

    /// <summary>Nobody used it since; a hint from other threads.</summary>
    public bool IsIdle(long before) =>
        _state == ActivationState.Valid
        && _ending is null
        && Load == 0
        && Volatile.Read(ref _lastUse) < before
        && Volatile.Read(ref _keepUntil) < Silo.CoarseNow;

    private async Task ActivateAsync()
    {
        try
        {
            if (!_class.IsStatelessWorker)
            {
                var winner = await Silo.Directory.RegisterAsync(this);
                if (winner is not null)
                {
                    Silo.Runtime.Learned(GrainId, winner);
                    LeaveSilo();
                    return;
                }
            }

            Construct();
            if (_states is not null)
            {
                foreach (var state in _states)
                {
                    await state.ReadStateAsync();
                }
            }

            await ((IGrainBase)GrainInstance!).OnActivateAsync(CancellationToken.None);
            _state = ActivationState.Valid;
            _lastUse = Silo.CoarseNow;
        }
        catch (Exception e)
        {
            FailActivation(e);
            if (!_class.IsStatelessWorker)
            {
                // Also when registering itself failed: the owner may have entered it before its answer was lost.
                await Silo.Directory.UnregisterAsync(this);
            }

            return;
        }

        StartWaiting();
    }

    private void Construct()
    {
        s_beingConstructed = this;
        try
        {
            GrainInstance = _class.Constructor.Create(this);
        }
        finally
        {
            s_beingConstructed = null;
        }
    }

    /// <summary>The calls that waited learn why; later ones try anew.</summary>
    private void FailActivation(Exception exception)
    {
        var waiting = _waiting;
        _waiting = default;
        while (!waiting.IsEmpty)
        {
            var request = (Message)waiting.TakeFirst();
            Interlocked.Decrement(ref _load);
            Silo.Runtime.Reply(request, Response.FromException(exception), null);
        }

        Silo.Runtime.TurnFailed($"{GrainId}, OnActivateAsync", exception);
        LeaveSilo();
    }

    private void BeginDeactivation()
    {
        _state = ActivationState.Deactivating;
        _ = DeactivateAsync(_ending!.Value);
    }

    private async Task DeactivateAsync(DeactivationReason reason)
    {
        StopTimers();
        using var patience = new CancellationTokenSource(Silo.DeactivationTimeout, Silo.Environment.Time);
        try
        {
            await ((IGrainBase)GrainInstance!).OnDeactivateAsync(reason, patience.Token).WaitAsync(patience.Token);
        }
        catch (Exception e)
        {
            Silo.Runtime.TurnFailed($"{GrainId}, OnDeactivateAsync", e);
        }

        try
        {
            switch (GrainInstance)
            {
                case IAsyncDisposable disposable:
                    await disposable.DisposeAsync();
                    break;
                case IDisposable disposable:
                    disposable.Dispose();
                    break;
            }
        }
        catch (Exception e)
        {
            Silo.Runtime.TurnFailed($"{GrainId}, Dispose", e);
        }

        if (!_class.IsStatelessWorker)
        {
            await Silo.Directory.UnregisterAsync(this);
        }

        LeaveSilo();
    }

    /// <summary>From here on this is nobody's activation; what waited is sent to wherever the grain is next.</summary>
    private void LeaveSilo()
    {
        _state = ActivationState.Gone;
        StopTimers();
        Silo.Forget(this);
        while (!_waiting.IsEmpty)
        {
            SendOn((Message)_waiting.TakeFirst());
        }

        Interlocked.CompareExchange(ref _deactivated, Over, null)?.TrySetResult();
    }

    private static readonly TaskCompletionSource Over = CompletedSource();

    private static TaskCompletionSource CompletedSource()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }

    private sealed class DeactivateTurn(DeactivationReason reason) : Turn
    {
        public override void Run(TurnQueue queue) => ((Activation)queue).End(reason);
    }

    private sealed class CollectTurn(long before) : Turn
    {
        public override void Run(TurnQueue queue)
        {
            var activation = (Activation)queue;
            if (activation.IsIdle(before))
            {
                activation.End(new DeactivationReason(DeactivationReasonCode.ActivationIdle, "It was idle for the collection age."));
            }
        }
    }

    private void End(DeactivationReason reason)
    {
        if (_ending is null && _state is ActivationState.Activating or ActivationState.Valid)
        {
            _ending = reason;
            StartWaiting();
        }
    }
}
