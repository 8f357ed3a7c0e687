using System.Diagnostics.CodeAnalysis;
using Orleans.Embedded;
using Orleans.Runtime;

namespace Orleans.Runtime
{
    /// <summary>A timer of one activation; it ends with it.</summary>
    public interface IGrainTimer : IDisposable
    {
        void Change(TimeSpan dueTime, TimeSpan period);
    }

    /// <summary>When a grain timer ticks, and beside what.</summary>
    public readonly struct GrainTimerCreationOptions()
    {
        [SetsRequiredMembers]
        public GrainTimerCreationOptions(TimeSpan dueTime, TimeSpan period)
            : this()
        {
            DueTime = dueTime;
            Period = period;
        }

        /// <summary>Until the first tick; <see cref="Timeout.InfiniteTimeSpan"/>: not before <see cref="IGrainTimer.Change"/>.</summary>
        public required TimeSpan DueTime { get; init; }

        /// <summary>From the end of one tick to the next; <see cref="Timeout.InfiniteTimeSpan"/>: once.</summary>
        public required TimeSpan Period { get; init; }

        /// <summary>Ticks run between the turns of calls in flight. Default: they wait their turn as a call does.</summary>
        public bool Interleave { get; init; }

        /// <summary>Ticks count as use: the activation is not collected while they come.</summary>
        public bool KeepAlive { get; init; }
    }
}

namespace Orleans
{
    /// <summary>What a grain can do about itself, whatever its base class.</summary>
    public static class GrainBaseExtensions
    {
        public static void DeactivateOnIdle(this IGrainBase grain)
        {
            ArgumentNullException.ThrowIfNull(grain);
            grain.GrainContext.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationRequested, "DeactivateOnIdle was called."));
        }

        /// <summary>A timer whose callback runs on the grain's turns. A failing tick is logged; the timer goes on.</summary>
        public static IGrainTimer RegisterGrainTimer<TState>(
            this IGrainBase grain,
            Func<TState, CancellationToken, Task> callback,
            TState state,
            GrainTimerCreationOptions options)
        {
            ArgumentNullException.ThrowIfNull(grain);
            ArgumentNullException.ThrowIfNull(callback);
            return ((Activation)grain.GrainContext).AddTimer(token => callback(state, token), options);
        }

        public static IGrainTimer RegisterGrainTimer(this IGrainBase grain, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
        {
            ArgumentNullException.ThrowIfNull(grain);
            ArgumentNullException.ThrowIfNull(callback);
            return ((Activation)grain.GrainContext).AddTimer(callback, options);
        }
    }
}
