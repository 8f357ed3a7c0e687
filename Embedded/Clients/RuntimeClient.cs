using System.Collections.Concurrent;
using System.Globalization;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>
/// What silos and clients have in common: making references, sending calls and waiting for their answers, objects that others may
/// call. Subclasses know the way of a message.
/// </summary>
internal abstract partial class RuntimeClient : IGrainRuntime, IClusterClient, IDisposable
{
    private const int SweepsPerTidying = 100;
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<(NodeAddress Caller, long Id), Message> _cancellable = new();
    private readonly ITimer _sweeper;
    private readonly long _sweepTicks;
    private long _now;
    private int _sweeps;

    protected RuntimeClient(SiloEnvironment environment, NodeAddress node, TimeSpan responseTimeout, int maxPendingCalls)
    {
        Calls = new CallTable(maxPendingCalls);
        Environment = environment;
        Node = node;
        ResponseTimeout = responseTimeout;
        Observers = new LocalObjects(this);
        OneWay = new OneWayGates(this, maxPendingCalls);
        _sweepTicks = Ticks(SweepPeriod);
        _now = environment.Time.GetTimestamp();
        _sweeper = environment.Time.CreateTimer(static runtime => ((RuntimeClient)runtime!).Sweep(), this, SweepPeriod, SweepPeriod);
    }

    public SiloEnvironment Environment { get; }

    public NodeAddress Node { get; }

    public CallTable Calls { get; }

    public LocalObjects Observers { get; }

    public abstract IServiceProvider ServiceProvider { get; }

    /// <summary>Timestamp of the last sweep: cheap, and at most a tenth of a second old.</summary>
    public long CoarseNow => Volatile.Read(ref _now);

    /// <summary>For methods without a <see cref="ResponseTimeoutAttribute"/>.</summary>
    public TimeSpan ResponseTimeout { get; }

    public ValueTask<T> CallAsync<T>(GrainReference target, Invocation call) => new(Send<T>(target, call), 0);

    public ValueTask CallAsync(GrainReference target, Invocation call) =>
        call.Method.OneWay ? SendOneWay(target, call) : new ValueTask(Send<object?>(target, call), 0);

    public IAsyncEnumerable<T> EnumerateAsync<T>(GrainReference target, Invocation call) => PullAsync<T>(target, call, CancellationToken.None);

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey
    {
        ArgumentException.ThrowIfNullOrEmpty(primaryKey);
        return GetGrain<TGrainInterface>(typeof(TGrainInterface), primaryKey, grainClassNamePrefix);
    }

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidKey =>
        GetGrain<TGrainInterface>(typeof(TGrainInterface), primaryKey.ToString("N"), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey =>
        GetGrain<TGrainInterface>(typeof(TGrainInterface), primaryKey.ToString("X", CultureInfo.InvariantCulture), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable => Reference<TGrainInterface>(grainId);

    public TGrainObserverInterface CreateObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver
    {
        ArgumentNullException.ThrowIfNull(obj);
        return Reference<TGrainObserverInterface>(Observers.Add(obj));
    }

    public void DeleteObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver
    {
        ArgumentNullException.ThrowIfNull(obj);
        Observers.Remove(obj);
    }

    public TInterface Reference<TInterface>(GrainId id) => (TInterface)(object)ProxyFactory.Create(typeof(TInterface), id, this);

    /// <summary>A system target of another node.</summary>
    public TInterface SystemTarget<TInterface>(string type, NodeAddress node) => Reference<TInterface>(NodeGrains.SystemTarget(type, node));

    /// <summary>Brings an answer to the caller that waits for it. One that comes late finds nobody.</summary>
    public void Answered(Message response)
    {
        if (Calls.Remove(response.Id) is { } call)
        {
            if (response.AnsweredBy is { } silo)
            {
                Learn(call.Request.Target, silo);
            }

            call.TryComplete(response.Answer);
        }
    }

    /// <summary>A call of ours was sent on, perhaps to a silo that died meanwhile. (One that leaves answers or sends on as long as it is connected.)</summary>
    protected void SentOn(Message notice, bool toDead)
    {
        if (Calls.Find(notice.Id) is not { } call)
        {
            return;
        }

        call.SentTo = new NodeAddress(notice.AnsweredBy!);
        if (toDead && !Environment.CallsOutliveTheirSilo)
        {
            Calls.Remove(call.Id);
            call.TryFail(new SiloUnavailableException($"{notice.AnsweredBy} died before it answered. Whether the call ran is not known."));
        }
    }

    /// <summary>Ends a request that cannot reach its grain.</summary>
    public void Reject(Message request, Exception reason)
    {
        if (request.Kind == MessageKind.Request)
        {
            Reply(request, Response.FromException(reason), null);
        }
        else
        {
            Dropped(request, reason);
        }
    }

    /// <summary>A request that never left: its silo is gone or does not listen. It did not run, so another way may be tried.</summary>
    public virtual void Undelivered(Message request, Exception reason) => Reject(request, reason);

    /// <summary>Whether a request that came is probably run here, and not sent on.</summary>
    public abstract bool Takes(Message request);

    /// <summary>Sends the answer of a request back to whoever asked.</summary>
    public void Reply(Message request, Response answer, SiloAddress? answeredBy)
    {
        if (request.Kind != MessageKind.Request)
        {
            if (answer.Exception is { } lost)
            {
                Dropped(request, lost);
            }

            return;
        }

        if (request.LocalCaller is { } caller)
        {
            Calls.Remove(caller.Id);
            if (!caller.IsDone)
            {
                caller.TryComplete(CopyOf(answer));
            }

            return;
        }

        SendResponse(new Message
        {
            Kind = MessageKind.Response,
            Id = request.Id,
            Caller = request.Caller,
            Gateway = request.Gateway,
            Target = request.Target,
            Answer = answer,
            AnsweredBy = answeredBy,
        });
    }

    /// <summary>A request from another node whose caller may cancel it: found again when the cancel comes.</summary>
    public void WatchForCancel(Message request)
    {
        var source = new CancellationTokenSource();
        request.Cancellation = source;
        request.Call.CancellationToken = source.Token;
        _cancellable[(request.Caller, request.Id)] = request;
    }

    /// <summary>A request ran, or left this node.</summary>
    public void Finished(Message request)
    {
        if (request.Cancellation is not null)
        {
            _cancellable.TryRemove(KeyValuePair.Create((request.Caller, request.Id), request));
        }
    }

    /// <summary>Cancels a request that waits or runs here.</summary>
    /// <returns>The silo to tell, when the request went on to it.</returns>
    public SiloAddress? TryCancel(Message cancel)
    {
        if (!_cancellable.TryGetValue((cancel.Caller, cancel.Id), out var request))
        {
            return null;
        }

        if (request.SentOnTo is { } silo)
        {
            Finished(request);
            return silo;
        }

        // Away from the connection that brought it: callbacks of the token are the grain's code.
        Environment.Turns.Schedule(new CancelWork(request.Cancellation!));
        return null;
    }

    public virtual void Dispose() => _sweeper.Dispose();

    /// <summary>Fails calls that wait for a node that is gone.</summary>
    public void FailCallsTo(NodeAddress node, Func<Exception> reason)
    {
        if (Environment.CallsOutliveTheirSilo)
        {
            return;
        }

        foreach (var call in Calls.Overdue(long.MinValue, call => node.Equals(call.SentTo)))
        {
            Calls.Remove(call.Id);
            call.TryFail(reason());
        }
    }

    /// <summary>The kind of grain behind an interface.</summary>
    protected abstract GrainType ResolveGrainType(Type interfaceType, string? classPrefix);

    /// <summary>Sets a request on its way.</summary>
    protected abstract void SendRequest(Message request);

    protected abstract void SendResponse(Message response);

    protected abstract void SendCancel(Message cancel, NodeAddress sentTo);

    /// <summary>A message that nobody waits for ends here.</summary>
    protected abstract void Dropped(Message message, Exception reason);

    /// <summary>A turn threw outside any call: a defect of the engine, or a continuation without an awaiter.</summary>
    public abstract void TurnFailed(string where, Exception exception);

    /// <summary>An answer or a cancel that cannot be delivered: its caller waits out the timeout.</summary>
    public abstract void Lost(Message message, Exception reason);

    /// <summary>Called ten times a second.</summary>
    protected virtual void Swept()
    {
    }

    /// <summary>An answer told where a grain is.</summary>
    protected virtual void Learn(GrainId grain, SiloAddress silo)
    {
    }

    public long Ticks(TimeSpan span) => (long)(span.TotalSeconds * Environment.Time.TimestampFrequency);

    private static Response CopyOf(Response answer)
    {
        try
        {
            return answer.CopyForLocalCall();
        }
        catch (Exception e)
        {
            return Response.FromException(e);
        }
    }

    private TGrainInterface GetGrain<TGrainInterface>(Type interfaceType, string key, string? classPrefix) =>
        Reference<TGrainInterface>(new GrainId(ResolveGrainType(interfaceType, classPrefix), IdSpan.Create(key)));

    /// <summary>The clock is as old as the last sweep: one period more, so that nobody is failed early.</summary>
    private long DeadlineOf(GrainMethod method) => Volatile.Read(ref _now) + Ticks(method.ResponseTimeout ?? ResponseTimeout) + _sweepTicks;

    private PendingCall<T> Send<T>(GrainReference target, Invocation call, long sequence = 0)
    {
        var request = new Message
        {
            Kind = MessageKind.Request,
            Caller = Node,
            Target = target.GrainId,
            Call = call,
            Context = RequestContext.Values,
            Sequence = sequence,
        };

        var pending = new PendingCall<T>(request, this) { Deadline = DeadlineOf(call.Method) };
        try
        {
            Calls.Add(pending);
        }
        catch (OrleansMessageRejectionException e)
        {
            pending.TryFail(e);
            return pending;
        }

        request.Id = pending.Id;
        request.LocalCaller = pending;
        if (call.CancellationToken.CanBeCanceled)
        {
            pending.Cancellation = call.CancellationToken.UnsafeRegister(
                static (state, _) =>
                {
                    var waiting = (PendingCall<T>)state!;
                    waiting.Owner.Cancel(waiting);
                },
                pending);
        }

        if (pending.IsDone)
        {
            return pending;
        }

        try
        {
            SendRequest(request);
        }
        catch (Exception e)
        {
            Calls.Remove(pending.Id);
            pending.TryFail(e);
        }

        return pending;
    }

    private void Cancel(PendingCall call)
    {
        Calls.Remove(call.Id);
        if (call.TryFail(new OperationCanceledException(call.Request.Call.CancellationToken)) && call.SentTo is { } node)
        {
            SendCancel(new Message { Kind = MessageKind.Cancel, Id = call.Id, Caller = Node, Target = call.Request.Target }, node);
        }
    }

    private void Sweep()
    {
        Volatile.Write(ref _now, Environment.Time.GetTimestamp());
        Swept();
        if (++_sweeps % SweepsPerTidying == 0)
        {
            ForgetSentOn();
            OneWay.Tidy();
        }

        foreach (var call in Calls.Overdue(_now))
        {
            Calls.Remove(call.Id);
            var method = call.Request.Call.Method;
            call.TryFail(new TimeoutException(
                $"{call.Request.Target} did not answer {method} within {method.ResponseTimeout ?? ResponseTimeout}"
                + $" (sent to {call.SentTo?.ToString() ?? "this process"}). Whether it ran is not known."));
        }
    }

    /// <summary>Requests that were sent on long ago are answered elsewhere; nobody tells this node.</summary>
    private void ForgetSentOn()
    {
        var before = _now - Ticks(ResponseTimeout * 2);
        foreach (var (_, request) in _cancellable)
        {
            if (request.SentOnTo is not null && request.SentOnAt < before)
            {
                Finished(request);
            }
        }
    }

    private sealed class CancelWork(CancellationTokenSource source) : IThreadPoolWorkItem
    {
        public void Execute() => source.Cancel();
    }
}
