using System.Collections.Concurrent;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>
/// One-way calls to receivers that are slower than those who call them. Nobody waits for the answer of such a call, so nothing tells
/// the sender how many lie there: therefore every so many of them one asks for an answer, and until that comes no more go to this
/// receiver than as many again. The others wait here, and callers that await wait with them.
/// </summary>
/// <remarks>
/// A caller on a grain's turn does not wait, its call does: the receiver may in turn wait for that grain, whose turn would then never
/// end. Too many calls that wait are refused, and their callers told.
/// </remarks>
internal sealed class OneWayGates(RuntimeClient runtime, int maxWaiting)
{
    /// <summary>One-way calls after which one asks for an answer: twice as many may be under way from here to one receiver.</summary>
    public const int Stride = 128;

    private readonly ConcurrentDictionary<GrainId, Gate> _gates = new();
    private int _waiting;

    private RuntimeClient Runtime => runtime;

    private int Most => maxWaiting;

    /// <summary>Calls that have not left.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <returns>Completes when it has left; null when it has done so, or goes on without anybody waiting for it.</returns>
    /// <exception cref="OrleansMessageRejectionException">As many calls wait as may.</exception>
    public Task? Send(Message call)
    {
        var gate = _gates.GetOrAdd(call.Target, static (_, gates) => new Gate(gates), this);
        var (mayLeave, asks, left) = gate.Enter(call);
        if (mayLeave)
        {
            gate.Pass(call, asks);
        }

        return left;
    }

    /// <summary>Forgets receivers that were not called since the last time.</summary>
    public void Tidy()
    {
        foreach (var gate in _gates)
        {
            if (gate.Value.IsIdle())
            {
                _gates.TryRemove(gate);
            }
        }
    }

    private sealed class Gate(OneWayGates gates)
    {
        private readonly Lock _lock = new();
        private readonly Queue<(Message Call, TaskCompletionSource? Left)> _waiting = new();
        private int _passed;
        private bool _isAsking;
        private bool _isUsed;

        private bool IsShut => _isAsking && _passed >= Stride;

        public (bool MayLeave, bool Asks, Task? Left) Enter(Message call)
        {
            lock (_lock)
            {
                _isUsed = true;
                if (!IsShut && _waiting.Count == 0)
                {
                    return (true, Count(), null);
                }

                if (Interlocked.Increment(ref gates._waiting) > gates.Most)
                {
                    Interlocked.Decrement(ref gates._waiting);
                    throw new OrleansMessageRejectionException(
                        $"As many one-way calls wait as may at once: {gates.Most}. {call.Target} is slower than those who call it. Await the calls, or raise ConnectionOptions.MaxPendingCalls.");
                }

                // It leaves later, from another thread.
                call.TakeCall(gates.Runtime);
                var left = TurnQueue.Running is null ? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) : null;
                _waiting.Enqueue((call, left));
                return (false, false, left?.Task);
            }
        }

        public void Pass(Message call, bool asks)
        {
            if (asks)
            {
                gates.Runtime.SendAsking(call, Opened);
            }
            else
            {
                gates.Runtime.SendNow(call);
            }
        }

        public bool IsIdle()
        {
            lock (_lock)
            {
                var wasUsed = _isUsed;
                _isUsed = false;
                return !wasUsed && !_isAsking && _waiting.Count == 0;
            }
        }

        /// <summary>The one that asked has been answered, or will not be.</summary>
        private void Opened()
        {
            lock (_lock)
            {
                _isAsking = false;
            }

            while (TryTake(out var call, out var asks, out var left))
            {
                try
                {
                    Pass(call, asks);
                }
                catch (Exception e)
                {
                    gates.Runtime.Unheard(call, e);
                }

                left?.TrySetResult();
            }
        }

        private bool TryTake(out Message call, out bool asks, out TaskCompletionSource? left)
        {
            lock (_lock)
            {
                if (IsShut || !_waiting.TryDequeue(out var next))
                {
                    (call, asks, left) = (null!, false, null);
                    return false;
                }

                Interlocked.Decrement(ref gates._waiting);
                (call, left) = next;
                asks = Count();
                return true;
            }
        }

        /// <returns>Whether this one asks for an answer.</returns>
        private bool Count()
        {
            _passed++;
            if (_isAsking || _passed < Stride)
            {
                return false;
            }

            (_isAsking, _passed) = (true, 0);
            return true;
        }
    }
}
