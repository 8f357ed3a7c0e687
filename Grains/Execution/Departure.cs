using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Grains.Placement;

namespace Orleans.Dask.Grains.Execution;

/// <summary>
/// Leaves in good order: before the silo itself stops, its tasks and values go to others. Registered after the silo, so that hosts
/// stop it before.
/// </summary>
/// <remarks>
/// The silo tells the others, who place nothing on it any more, and every scheduler that it works for; those take back what has not
/// begun and have its last copies fetched (<see cref="Scheduling.SchedulerState"/>). It asks them every now and then what still ties
/// it, so a scheduler that begins meanwhile hears of it too. Whatever goes wrong, after <see cref="Workers.WorkerOptions.LeaveTimeout"/> it goes.
/// </remarks>
internal sealed partial class Departure(WorkerCore core, InventoryView inventories, ISiloStatusOracle silos, ILogger<Departure> logger) : IHostedService
{
    private static readonly TimeSpan s_askEvery = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_describeDeadline = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_tellAgain = TimeSpan.FromMilliseconds(500);

    /// <summary>What a task has to end in when its token says so.</summary>
    private static readonly TimeSpan s_toEnd = TimeSpan.FromSeconds(1);

    /// <summary>As long as a client may take to notice that its scheduler is gone, and to begin another.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(12);

    private readonly Lock _gate = new();
    private readonly HashSet<SiloAddress> _told = [];
    private Task? _left;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <remarks>A host that is stopped while somebody waits for its end is stopped twice; the silo may go after neither before this is through.</remarks>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _left ??= LeaveAsync(cancellationToken);
        }
    }

    private async Task LeaveAsync(CancellationToken cancellationToken)
    {
        var limit = core.Options.LeaveTimeout;
        if (limit <= TimeSpan.Zero)
        {
            return;
        }

        var forTasks = TimeSpan.FromTicks(Math.Clamp(core.Options.LeaveTaskTimeout.Ticks, 0, Math.Max(0, (limit - s_toEnd).Ticks)));
        core.IsLeaving = true;
        inventories.Leaves(silos.SiloAddress);
        var began = core.Time.GetTimestamp();
        var (values, bytes) = Held();
        var others = await TellAsync();
        var telling = TellAgainAsync();
        var stopped = false;
        while (Others().Length > 0)
        {
            var waited = core.Time.GetElapsedTime(began);
            var open = core.Sessions.Where(session => !session.MayGo(s_patience, withRuns: waited > forTasks + s_toEnd)).ToArray();
            if (open.Length == 0 || waited > limit || cancellationToken.IsCancellationRequested)
            {
                Log(open, values, bytes, waited);
                return;
            }

            if (!stopped && waited > forTasks)
            {
                stopped = true;
                if (open.Count(session => session.StopRuns()) is var busy and > 0)
                {
                    LogTasksStopped(core.Info.Address, forTasks, busy);
                }
            }

            foreach (var session in open)
            {
                session.Leave(others);
            }

            // Some may not have been reached, and some have come since.
            if (telling.IsCompleted)
            {
                others = [.. others, .. await telling];
                telling = TellAgainAsync();
            }

            await Task.Delay(s_askEvery, core.Time, CancellationToken.None);
        }

        if (values > 0)
        {
            LogLast(core.Info.Address, values, bytes);
        }
    }

    private SiloAddress[] Others() =>
        [.. silos.GetApproximateSiloStatuses(onlyActive: true).Keys.Where(silo => !silo.Equals(silos.SiloAddress)).Order()];

    private (int Values, long Bytes) Held() => (core.Sessions.Sum(session => session.Values.Length), core.Store.Bytes);

    private async Task<WorkerInfo[]> TellAgainAsync()
    {
        await Task.Delay(s_tellAgain, core.Time);
        return await TellAsync();
    }

    /// <summary>Tells those that have not heard of it.</summary>
    /// <returns>Of these, who have answered and may take values over.</returns>
    private async Task<WorkerInfo[]> TellAsync()
    {
        var answers = await Task.WhenAll(Others().Where(silo => !_told.Contains(silo)).ToArray().Select(async silo => (Silo: silo, Info: await TellAsync(silo))));
        _told.UnionWith(answers.Where(answer => answer.Info is not null).Select(answer => answer.Silo));
        return [.. answers.Select(answer => answer.Info).OfType<WorkerInfo>().Where(info => !info.Leaving)];
    }

    private async Task<WorkerInfo?> TellAsync(SiloAddress silo)
    {
        try
        {
            return await core.Worker(silo.ToParsableString()).LeavesAsync(core.Info.Address).WaitAsync(s_describeDeadline, core.Time);
        }
        catch (Exception exception)
        {
            // Whatever it was, this silo leaves all the same. Until that one hears of it, it may place an activation here, which costs that a move.
            core.LogAnnounceFailed(silo.ToParsableString(), exception);
            return null;
        }
    }

    private void Log(WorkerSession[] open, int values, long bytes, TimeSpan waited)
    {
        var left = open.SelectMany(session => session.Values).ToArray();
        if (left.Length > 0)
        {
            LogLeftBehind(core.Info.Address, left.Length, left.Sum(value => value.Value.Size), open.Length, waited);
        }

        var stuck = core.Sessions.Select(session => session.Stuck).Aggregate((Values: 0, Bytes: 0L), (sum, one) => (sum.Values + one.Values, sum.Bytes + one.Bytes));
        if (stuck.Values > 0)
        {
            LogStuck(core.Info.Address, stuck.Values, stuck.Bytes);
        }

        LogGone(core.Info.Address, values, bytes, waited);
    }

    [LoggerMessage(1, LogLevel.Information, "{Silo} leaves: of the {Values} values it held ({Bytes} bytes) others have all that it was the last to hold, after {Waited}.")]
    private partial void LogGone(string silo, int values, long bytes, TimeSpan waited);

    [LoggerMessage(2, LogLevel.Warning, "{Silo} leaves behind up to {Values} values ({Bytes} bytes) of {Sessions} sessions: they had not been taken over after {Waited}. Those with a recipe are made again. A longer leave timeout gives more time.")]
    private partial void LogLeftBehind(string silo, int values, long bytes, int sessions, TimeSpan waited);

    [LoggerMessage(3, LogLevel.Warning, "{Silo} leaves behind {Values} values ({Bytes} bytes) that no other silo could take: they cannot travel, or all others are leaving too.")]
    private partial void LogStuck(string silo, int values, long bytes);

    [LoggerMessage(4, LogLevel.Warning, "{Silo} has waited {Limit} for tasks of {Sessions} sessions that had begun; they are cancelled, and run again elsewhere.")]
    private partial void LogTasksStopped(string silo, TimeSpan limit, int sessions);

    [LoggerMessage(5, LogLevel.Information, "{Silo} is the last silo: its {Values} values ({Bytes} bytes) go with it.")]
    private partial void LogLast(string silo, int values, long bytes);
}
