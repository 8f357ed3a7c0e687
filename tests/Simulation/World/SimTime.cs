namespace Orleans.Dask.Simulation.World;

/// <summary>The clock of one process: the world's time.</summary>
internal sealed class SimTime(SimProcess process) : TimeProvider
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => s_start + process.World.Elapsed;

    public override long GetTimestamp() => process.World.Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(process, callback, state, ExecutionContext.Capture());
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(SimProcess process, TimerCallback callback, object? state, ExecutionContext? context) : ITimer
    {
        private TimeSpan _period;
        private Due? _next;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _next?.CallOff();
            _next = null;
            _period = period;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                Arm(dueTime);
            }

            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }

        private void Arm(TimeSpan dueTime)
        {
            _next = new Due(process, this);
            process.World.Enqueue(_next, process.World.Now + dueTime.Ticks);
        }

        private void Fire()
        {
            _next = null;
            if (_period > TimeSpan.Zero)
            {
                Arm(_period);
            }

            if (context is null)
            {
                callback(state);
            }
            else
            {
                ExecutionContext.Run(context, new ContextCallback(callback), state);
            }
        }

        private sealed class Due(SimProcess process, Timer timer) : SimEvent(process)
        {
            private bool _calledOff;

            public override bool IsStale => _calledOff;

            public void CallOff() => _calledOff = true;

            public override void Run() => timer.Fire();

            public override void AddTo(EventLog log, long now) => log.Add(now, Process.Name, "timer", null);

            public override string ToString() => $"timer {timer.Method}";
        }

        private string Method => $"{callback.Method.DeclaringType}.{callback.Method.Name}";
    }
}
