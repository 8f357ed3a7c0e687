using Orleans.Runtime;
using Orleans.Embedded.Serialization;

namespace Orleans.Embedded;

/// <summary>Timers of an activation.</summary>
internal sealed partial class Activation
{
    private HashSet<GrainTimer>? _timers;

    public IGrainTimer AddTimer(Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        if (!ReferenceEquals(Current, this) && !ReferenceEquals(s_beingConstructed, this))
        {
            throw new InvalidOperationException($"A timer of {GrainId} was registered outside its turns. Call RegisterGrainTimer from the grain's own methods.");
        }

        var timer = new GrainTimer(this, callback, options);
        (_timers ??= []).Add(timer);
        timer.Arm(options.DueTime);
        return timer;
    }

    private void StopTimers()
    {
        if (_timers is { } timers)
        {
            _timers = null;
            foreach (var timer in timers)
            {
                timer.Dispose();
            }
        }
    }

    private void Forget(GrainTimer timer) => _timers?.Remove(timer);

    /// <summary>Ticks are requests of the grain to itself: they wait as calls do, unless the options say otherwise.</summary>
    private sealed class GrainTimer : IGrainTimer
    {
        private readonly Activation _activation;
        private readonly Func<CancellationToken, Task> _callback;
        private readonly CancellationTokenSource _stopped = new();
        private readonly ITimer _timer;
        private readonly GrainTimerCreationOptions _options;
        private TimeSpan _period;
        private bool _changed;

        public GrainTimer(Activation activation, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
        {
            _activation = activation;
            _callback = callback;
            _options = options;
            _period = options.Period;
            _timer = activation.Silo.Environment.Time.CreateTimer(
                static timer => ((GrainTimer)timer!).Due(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public void Arm(TimeSpan due) => _timer.Change(due, Timeout.InfiniteTimeSpan);

        public void Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = period;
            _changed = true;
            Arm(dueTime);
        }

        public void Dispose()
        {
            if (!_stopped.IsCancellationRequested)
            {
                _stopped.Cancel();
                _timer.Dispose();
                _activation.Forget(this);
            }
        }

        public async Task TickAsync()
        {
            if (_stopped.IsCancellationRequested)
            {
                return;
            }

            _changed = false;
            try
            {
                await _callback(_stopped.Token);
            }
            catch (OperationCanceledException) when (_stopped.IsCancellationRequested)
            {
                return;
            }
            finally
            {
                // The next tick is counted from the end of this one: a slow callback never piles up ticks.
                if (!_stopped.IsCancellationRequested && !_changed && _period != Timeout.InfiniteTimeSpan)
                {
                    Arm(_period);
                }
            }
        }

        private void Due() => _activation.Accept(new Message
        {
            Kind = MessageKind.OneWay,
            Caller = _activation.Silo.Runtime.Node,
            Target = _activation.GrainId,
            Call = new TimerTick(this.TickAsync, _options),
            OwnsCall = true,
        });
    }
}

/// <summary>One tick of a timer, as a call to its own grain.</summary>
internal sealed class TimerTick(Func<Task> tick, GrainTimerCreationOptions options) : Invocation
{
    private static readonly GrainMethod Waiting = new(typeof(IGrainTimer), "sys.timer", "Tick", Never, NeverAnswered) {
        MethodInfo = typeof(TimerTick).GetMethod(nameof(InvokeAsync))!,
        OneWay = true,
    };
    private static readonly GrainMethod Interleaving = Waiting with { AlwaysInterleave = true };

    public bool KeepsAlive => options.KeepAlive;

    public override GrainMethod Method => options.Interleave ? Interleaving : Waiting;

    public override async ValueTask<Response> InvokeAsync(object target)
    {
        try
        {
            await tick();
            return Response.Completed;
        }
        catch (Exception e)
        {
            return Response.FromException(e);
        }
    }

    public override Invocation CopyForLocalCall() => this;

    public override void WriteArguments(ref WireWriter writer) => throw new InvalidOperationException("A timer's tick never leaves its activation.");

    public override void ReadArguments(ref WireReader reader) => throw new InvalidOperationException("A timer's tick never leaves its activation.");

    private static Invocation Never() => throw new InvalidOperationException("A timer's tick never arrives from elsewhere.");

    private static Response NeverAnswered() => throw new InvalidOperationException("A timer's tick is not answered.");
}
