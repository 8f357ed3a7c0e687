using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Embedded;

/// <summary>
/// One grain in memory: its object, its turns, the calls that run and wait. All fields are touched on its own turns only, unless
/// said otherwise.
/// </summary>
internal sealed partial class Activation : TurnQueue, IGrainContext, ICallQueue
{
    [ThreadStatic]
    private static Activation? s_beingConstructed;

    private readonly GrainClass _class;
    private ActivationState _state;
    private TurnList _waiting;
    private int _exclusive;
    private int _readOnly;
    private int _running;
    private Dictionary<Guid, int>? _reentrancy;

    public Activation(EmbeddedSilo silo, GrainClass grainClass, GrainId id, long number)
        : base(silo.Environment.Turns)
    {
        Silo = silo;
        _class = grainClass;
        GrainId = id;
        Number = number;
        _lastUse = silo.CoarseNow;
    }

    public EmbeddedSilo Silo { get; }

    public GrainId GrainId { get; }

    /// <summary>Tells the activations of one grain on this silo apart.</summary>
    public long Number { get; }

    public GrainClass Class => _class;

    public object? GrainInstance { get; private set; }

    public IServiceProvider ActivationServices => Silo.Services;

    public TaskScheduler Scheduler => this;

    /// <summary>The activation whose turn this thread runs.</summary>
    public static new Activation? Running => Current as Activation;

    /// <summary>The activation whose grain's constructor runs on this thread.</summary>
    public static Activation? BeingConstructed => s_beingConstructed;

    /// <summary>Calls that run or wait; read from other threads as a hint.</summary>
    public int Load => Volatile.Read(ref _load);

    private int _load;
    private bool _isFull;

    public void Accept(Message request)
    {
        if (!request.TryReadCall(Silo.Runtime))
        {
            return;
        }

        if (Interlocked.Increment(ref _load) <= Silo.NetworkOptions.MaxPendingCalls || request.Sequence != 0 || request.Call is TimerTick)
        {
            Post(request);
            return;
        }

        Interlocked.Decrement(ref _load);
        Refuse(request);
    }

    public void Begin(Message request)
    {
        if (request.CameBy is { } connection && connection.TryHold(request, this))
        {
            return;
        }

        if (_state == ActivationState.Gone)
        {
            SendOn(request);
        }
        else if (MayStart(request))
        {
            Start(request);
        }
        else
        {
            _waiting.Add(request);
        }
    }

    public void EnterReentrancy(Guid id)
    {
        _reentrancy ??= [];
        _reentrancy[id] = _reentrancy.GetValueOrDefault(id) + 1;
    }

    public void LeaveReentrancy(Guid id)
    {
        if (_reentrancy is not null && _reentrancy.TryGetValue(id, out var times))
        {
            if (times == 1)
            {
                _reentrancy.Remove(id);
            }
            else
            {
                _reentrancy[id] = times - 1;
            }
        }
    }

    public override string ToString() => $"{GrainId} on {Silo.Address} ({_state})";

    /// <summary>One line for all that are refused until half of those that wait have begun: who floods a grain must not flood the log.</summary>
    private void Refuse(Message request)
    {
        if (!Interlocked.Exchange(ref _isFull, true))
        {
            LogFull(Silo.Logger, GrainId, Silo.NetworkOptions.MaxPendingCalls);
        }

        Silo.Runtime.Finished(request);
        if (request.Kind == MessageKind.Request)
        {
            Silo.Runtime.Reject(request, new OrleansMessageRejectionException(
                $"{Silo.NetworkOptions.MaxPendingCalls} calls wait for {GrainId}, which is slower than those who call it. Call it less, or raise ConnectionOptions.MaxPendingCalls."));
        }
    }

    protected override void Failed(Exception exception) => Silo.Runtime.TurnFailed(GrainId.ToString(), exception);

    private bool MayStart(Message request)
    {
        if (_state != ActivationState.Valid)
        {
            return false;
        }

        if (_running == 0 && _waiting.IsEmpty)
        {
            return _ending is null;
        }

        if (request.Interleaves || _class.Reentrant || Reenters(request))
        {
            return true;
        }

        if (_ending is not null || _exclusive > 0 || !_waiting.IsEmpty)
        {
            return false;
        }

        return _readOnly == 0 || request.Call.Method.ReadOnly;
    }

    private bool Reenters(Message request) =>
        _reentrancy is { Count: > 0 }
        && request.Context is { } context
        && context.TryGetValue(RequestContext.ReentrancyKey, out var value)
        && value is Guid id
        && _reentrancy.ContainsKey(id);

    private void Start(Message request)
    {
        _running++;
        if (!request.Interleaves && !_class.Reentrant)
        {
            if (request.Call.Method.ReadOnly)
            {
                request.RunsReadOnly = true;
                _readOnly++;
            }
            else
            {
                request.RunsExclusive = true;
                _exclusive++;
            }
        }

        RequestContext.Values = request.Context;
        var running = Invoke(request);
        if (running.IsCompletedSuccessfully)
        {
            Finish(request, running.Result);
        }
        else
        {
            _ = FinishLaterAsync(request, running);
        }
    }

    private ValueTask<Response> Invoke(Message request)
    {
        if (request.Sequence != 0)
        {
            return PullSequence(request);
        }

        var target = (object?)ExtensionFor(request.Call.Method) ?? GrainInstance!;
        var running = Silo.CallFilters.Length == 0
            ? request.Call.InvokeAsync(target)
            : new CallThroughFilters(this, target, request).RunAsync();
        return request.Call.Method.IsSequence ? InvokeSequenceAsync(request, running) : running;
    }

    private async Task FinishLaterAsync(Message request, ValueTask<Response> running)
    {
        Response answer;
        try
        {
            answer = await running;
        }
        catch (Exception e)
        {
            answer = Response.FromException(e);
        }

        Finish(request, answer);
    }

    private void Finish(Message request, Response answer)
    {
        if (Interlocked.Decrement(ref _load) <= Silo.NetworkOptions.MaxPendingCalls / 2 && _isFull)
        {
            _isFull = false;
        }

        _running--;
        if (request.RunsReadOnly)
        {
            _readOnly--;
        }
        else if (request.RunsExclusive)
        {
            _exclusive--;
        }

        Silo.Runtime.Finished(request);
        if (answer.Exception is InconsistentStateException { IsSourceActivation: true } stale)
        {
            // Its copy is older than the record: the next call is for one that has read it.
            stale.IsSourceActivation = false;
            Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationError, stale.Message));
        }

        if (request.Call is not TimerTick { KeepsAlive: false })
        {
            _lastUse = Silo.CoarseNow;
        }

        Silo.Runtime.Reply(request, answer, Silo.Address);
        StartWaiting();
    }

    /// <summary>Starts what has been waiting, oldest first, as far as it may run beside what runs.</summary>
    private void StartWaiting()
    {
        if (MayEnd)
        {
            BeginDeactivation();
            return;
        }

        if (_state != ActivationState.Valid || _waiting.IsEmpty || _pumping)
        {
            return;
        }

        // A call that ends at once comes back here through Finish: the flag keeps that from deepening the stack.
        _pumping = true;
        while (_state == ActivationState.Valid && _waiting.First is Message next && MayStartFromQueue(next))
        {
            _waiting.TakeFirst();
            Start(next);
        }

        _pumping = false;
        if (MayEnd)
        {
            BeginDeactivation();
        }
    }

    private bool MayEnd => _ending is not null && _running == 0 && _state == ActivationState.Valid;

    private bool _pumping;

    private bool MayStartFromQueue(Message request) =>
        request.Interleaves || _class.Reentrant || Reenters(request)
        || (_ending is null && _exclusive == 0 && (_readOnly == 0 || request.Call.Method.ReadOnly));

    private void SendOn(Message request)
    {
        Interlocked.Decrement(ref _load);
        if (request.Call is not TimerTick)
        {
            // A tick goes with its timer: elsewhere it would bring the grain to life for nothing.
            Silo.Runtime.SendOn(request);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Grain} is slower than those who call it: {Most} calls wait. Until half of them have begun, further ones are refused; one-way calls are lost by that.")]
    private static partial void LogFull(ILogger logger, GrainId grain, int most);
}

/// <summary>Life of an activation.</summary>
internal enum ActivationState : byte
{
    /// <summary>Made, not yet registered, read or activated. Calls wait.</summary>
    Activating,

    Valid,

    /// <summary>OnDeactivateAsync runs. Calls wait, and are sent on when it is done.</summary>
    Deactivating,

    /// <summary>No longer this grain's activation.</summary>
    Gone,
}
