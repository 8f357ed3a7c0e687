using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Grains.Placement;
using Orleans.Dask.Grains.Storage;
using Orleans.Dask.Grains.Workers;
using Orleans.Placement;

namespace Orleans.Dask.Grains.Scheduling;

/// <summary>
/// The shell around <see cref="SchedulerState"/>: calls become events, commands go to outboxes, the turn ends. It lives where its
/// client is connected, and holds nothing that could not be had again: the client submits anew, the workers tell what they have.
/// </summary>
[Reentrant, PreferLocalPlacement]
internal sealed partial class SchedulerGrain(WorkerOptions worker, SchedulerOptions options, ISiloStatusOracle silos, InventoryView inventories, ChunkStore store, TimeProvider time, ILogger<SchedulerGrain> logger) : Grain, ISchedulerGrain
{
    private static readonly TimeSpan s_longestPoll = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan s_longestOpen = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(250);

    private SchedulerSession? _session;
    private long _lastEpoch;

    private SessionId Id => new(this.GetPrimaryKeyString());

    private long EpochInForce => _session is { Closed: false } session ? session.Epoch : 0;

    public async Task<SessionOpened> OpenAsync(OpenSession request)
    {
        VersionRule.Require(request.ClientVersion, VersionRule.Current);
        if (request.Epoch > _lastEpoch)
        {
            _lastEpoch = request.Epoch;
            _session?.Abandon();
            _session = new SchedulerSession(Id, request, worker.Process, options, GrainFactory, inventories, store.Memory, time, logger);
            this.RegisterGrainTimer(static (session, _) => session.Grain.TickAsync(session.Session), (Grain: this, Session: _session),
                new GrainTimerCreationOptions(s_tick, s_tick) { Interleave = true, KeepAlive = true });
        }

        var opened = _session;
        if (opened is not null)
        {
            opened.Polled();
            try
            {
                await opened.FollowAsync(ActiveSilos()).WaitAsync(s_longestOpen, time);
            }
            catch (TimeoutException)
            {
                // Silos that answer later come with the news.
                LogSlowSilos(Id.Value, s_longestOpen);
            }
        }

        return new SessionOpened(EpochInForce, [.. _session?.State.Workers ?? []]);
    }

    public async Task<SubmitAnswer> SubmitAsync(SubmitBatch batch)
    {
        if (batch.Epoch == EpochInForce)
        {
            var session = _session!;
            session.Polled();
            await session.HoldersJoinedAsync(batch, ActiveSilos);
            if (batch.Epoch == EpochInForce)
            {
                session.Submit(batch);
            }
        }

        return new SubmitAnswer(EpochInForce);
    }

    public async Task<SessionNews> PollAsync(long epoch, long seen)
    {
        if (epoch != EpochInForce)
        {
            return new SessionNews(EpochInForce, seen, [], null, []);
        }

        var session = _session!;
        var began = time.GetTimestamp();
        while (true)
        {
            session.Polled();
            if (session.Closed)
            {
                return new SessionNews(EpochInForce, seen, [], null, []);
            }

            if (session.News.After(seen, epoch) is { } news)
            {
                return news;
            }

            var left = s_longestPoll - time.GetElapsedTime(began);
            if (left <= TimeSpan.Zero)
            {
                return new SessionNews(epoch, seen, [], null, []);
            }

            try
            {
                await session.News.Next.WaitAsync(left, time);
            }
            catch (TimeoutException)
            {
                // No news is an answer too: the loop's next round gives it.
                continue;
            }
        }
    }

    public Task<ReportAnswer> ReportAsync(WorkerReport report)
    {
        var inForce = report.Epoch == EpochInForce && EpochInForce != 0;
        if (inForce)
        {
            _session!.Report(report);
        }

        return Task.FromResult(new ReportAnswer(EpochInForce, inForce && report.Leaving is not null ? _session!.Progress(report.Worker, ActiveSilos()) : null));
    }

    public Task<ValueState> EnsureAsync(TaskKey key)
    {
        if (EpochInForce != 0)
        {
            _session!.Apply(new ValueEnsured(key));
        }

        return WhereAsync(key);
    }

    public Task<ValueState> WhereAsync(TaskKey key) =>
        Task.FromResult(EpochInForce != 0 ? _session!.State.Where(key) : new ValueState(TaskStatusCode.Unknown, [], 0, null));

    public async Task CloseAsync(long epoch)
    {
        if (epoch >= EpochInForce && _session is { Closed: false } session)
        {
            await session.CloseAsync();
            DeactivateOnIdle();
        }
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _session?.Abandon();
        return Task.CompletedTask;
    }

    private Task TickAsync(SchedulerSession session)
    {
        if (session.Closed || session != _session)
        {
            return Task.CompletedTask;
        }

        if (session.LeaseIsOver)
        {
            LogLeaseOver(Id.Value, session.Lease);
            return CloseAsync(session.Epoch);
        }

        session.Apply(new TimePassed());

        // Not awaited: one silo that does not answer must hold up neither clock nor lease.
        _ = session.FollowAsync(ActiveSilos());
        return Task.CompletedTask;
    }

    private string[] ActiveSilos() => [.. silos.GetApproximateSiloStatuses(onlyActive: true).Keys.Order().Select(silo => silo.ToParsableString())];

    [LoggerMessage(1, LogLevel.Information, "Session {Session} has not been heard of for {Lease}: its values go.")]
    private partial void LogLeaseOver(string session, TimeSpan lease);

    [LoggerMessage(2, LogLevel.Warning, "Session {Session} begins without silos that have not answered for {Waited}; they join later.")]
    private partial void LogSlowSilos(string session, TimeSpan waited);
}
