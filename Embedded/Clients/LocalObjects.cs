using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Orleans.Embedded.Serialization;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>
/// Objects of this node that others call: observers, held weakly as Orleans does, and the node's own system targets. Calls of an
/// observer run one after the other; a system target's may interleave at their awaits.
/// </summary>
internal sealed class LocalObjects(RuntimeClient runtime)
{
    private readonly ConcurrentDictionary<GrainId, LocalObject> _objects = new();
    private readonly ConditionalWeakTable<object, StrongBox<GrainId>> _ids = [];
    private long _last;

    public GrainId Add(IGrainObserver observer)
    {
        var id = _ids.GetValue(observer, _ => new StrongBox<GrainId>(NodeGrains.NewObserver(runtime.Node, Interlocked.Increment(ref _last)))).Value;
        _objects.TryAdd(id, new LocalObject(runtime, new WeakReference<object>(observer)));
        return id;
    }

    public bool TryGetId(object observer, out GrainId id)
    {
        if (_ids.TryGetValue(observer, out var found))
        {
            id = found.Value;
            return true;
        }

        id = default;
        return false;
    }

    public void Remove(IGrainObserver observer)
    {
        if (_ids.TryGetValue(observer, out var id))
        {
            _objects.TryRemove(id.Value, out _);
            _ids.Remove(observer);
        }
    }

    /// <returns>The queue on whose turns the target's calls run.</returns>
    public TurnQueue AddSystemTarget(string type, object target)
    {
        // Calls name interfaces by their alias: who only implements one must have met it too.
        WireTypes.Register(target.GetType().Assembly);
        var queue = new LocalObject(runtime, target);
        _objects[NodeGrains.SystemTarget(type, runtime.Node)] = queue;
        return queue;
    }

    /// <summary>Runs a request that is addressed to this node.</summary>
    public void Deliver(Message request)
    {
        if (!_objects.TryGetValue(request.Target, out var target))
        {
            runtime.Reject(request, new OrleansMessageRejectionException(
                $"{request.Target} does not exist. An observer lives from CreateObjectReference until DeleteObjectReference, and only while its owner holds it."));
            return;
        }

        if (request.TryReadCall(runtime))
        {
            target.Post(request);
        }
    }

    private sealed class LocalObject : TurnQueue, ICallQueue
    {
        private readonly RuntimeClient _runtime;
        private readonly object _target;
        private readonly bool _oneByOne;
        private TurnList _waiting;
        private bool _busy;

        public LocalObject(RuntimeClient runtime, object target)
            : base(runtime.Environment.Turns)
        {
            _runtime = runtime;
            _target = target;
            _oneByOne = target is WeakReference<object>;
        }

        public void Begin(Message request)
        {
            if (_oneByOne && _busy)
            {
                _waiting.Add(request);
                return;
            }

            _busy = true;
            Start(request);
        }

        protected override void Failed(Exception exception) => _runtime.TurnFailed("an observer", exception);

        private void Start(Message request)
        {
            var target = _target;
            if (_target is WeakReference<object> weak && !weak.TryGetTarget(out target!))
            {
                Finish(request, Response.FromException(new OrleansMessageRejectionException($"{request.Target} was collected: its owner no longer holds the observer.")));
                return;
            }

            RequestContext.Values = request.Context;
            var running = request.Call.InvokeAsync(target);
            if (running.IsCompletedSuccessfully)
            {
                Finish(request, running.Result);
            }
            else
            {
                _ = FinishLaterAsync(request, running);
            }
        }

        private async Task FinishLaterAsync(Message request, ValueTask<Response> running) => Finish(request, await running);

        private void Finish(Message request, Response answer)
        {
            _runtime.Finished(request);
            _runtime.Reply(request, answer, null);
            if (_waiting.IsEmpty)
            {
                _busy = false;
            }
            else
            {
                // As a turn of its own: a long queue must not deepen the stack.
                Post(new ActionTurn(static queue => ((LocalObject)queue!).Start((Message)((LocalObject)queue)._waiting.TakeFirst()), this));
            }
        }
    }
}
