using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>
/// Probes the silos that follow this one in address order. A process that is gone refuses connections at once: then the missed
/// probes follow each other quickly, and a killed silo is noticed long before a hung one.
/// </summary>
/// <remarks>
/// What goes wrong at home says nothing of others: a probe that this silo could not send, or whose clock rang so late that its answer
/// may lie here unread, has no outcome.
/// </remarks>
internal sealed partial class Prober(EmbeddedSilo silo, ClusterMembershipOptions options)
{
    private readonly ILogger _logger = silo.Logger;
    private readonly TimeProvider _time = silo.Environment.Time;
    private readonly ConcurrentDictionary<SiloAddress, CancellationTokenSource> _probed = new();
    private readonly Dictionary<SiloAddress, TaskCompletionSource> _hurry = [];

    /// <summary>Probes whom the table says, and nobody else.</summary>
    public void Follow(MembershipTable table)
    {
        var targets = TargetsIn(table);
        foreach (var (probed, stop) in _probed.OrderBy(p => p.Key))
        {
            if (!targets.Contains(probed) && _probed.TryRemove(probed, out _))
            {
                stop.Cancel();
            }
        }

        foreach (var target in targets)
        {
            var stop = new CancellationTokenSource();
            if (_probed.TryAdd(target, stop))
            {
                _ = ProbeAsync(target, stop.Token);
            }
        }
    }

    /// <summary>A connection to it broke: look at once.</summary>
    public void Hurry(SiloAddress target)
    {
        lock (_hurry)
        {
            if (_hurry.Remove(target, out var waiting))
            {
                waiting.TrySetResult();
            }
        }
    }

    public void Stop()
    {
        foreach (var (_, stop) in _probed.OrderBy(p => p.Key))
        {
            stop.Cancel();
        }
    }

    private SiloAddress[] TargetsIn(MembershipTable table)
    {
        if (!table.HasLiving(silo.Address))
        {
            return [];
        }

        var others = table.Entries.Where(e => e.Status != SiloStatus.Dead && !e.Silo.Equals(silo.Address)).Select(e => e.Silo).Order().ToArray();
        var after = Array.FindIndex(others, other => other > silo.Address);
        var first = after < 0 ? 0 : after;
        return [.. Enumerable.Range(0, Math.Min(options.NumProbedSilos, others.Length)).Select(i => others[(first + i) % others.Length])];
    }

    private async Task ProbeAsync(SiloAddress target, CancellationToken stop)
    {
        var wasSilent = false;
        while (!stop.IsCancellationRequested)
        {
            var began = _time.GetTimestamp();
            ProbeOutcome? outcome = ProbeOutcome.Answered;
            try
            {
                var version = await silo.Membership.Target(target).ProbeAsync().AsTask().WaitAsync(options.ProbeTimeout, _time, stop);
                await CompareAsync(target, version, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                outcome = ProbeOutcomes.Of(e, _time.GetElapsedTime(began), options.ProbeTimeout);
                LogMissed(target, outcome, e.Message);
            }

            if (outcome is { } known)
            {
                silo.Membership.Probed(target, known);
            }

            var took = _time.GetElapsedTime(began);
            var rest = outcome switch
            {
                ProbeOutcome.Refused => options.ProbeTimeout / 5 - took,

                // Who hangs up may be a process that is just ending: the next look finds nobody.
                ProbeOutcome.Silent when !wasSilent => options.ProbeTimeout / 5 - took,
                ProbeOutcome.Silent => options.ProbeTimeout - took,
                _ => options.ProbeTimeout,
            };
            wasSilent = outcome == ProbeOutcome.Silent;
            if (rest > TimeSpan.Zero)
            {
                await PauseAsync(target, rest, stop);
            }
        }
    }

    private async Task PauseAsync(SiloAddress target, TimeSpan pause, CancellationToken stop)
    {
        TaskCompletionSource hurry = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_hurry)
        {
            _hurry[target] = hurry;
        }

        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await Task.WhenAny(hurry.Task.Awaited(), Task.Delay(pause, silo.Environment.Time, over.Token).Awaited());
        over.Cancel();
    }

    /// <summary>Whoever is behind learns: a push that was lost is made good by the next probe.</summary>
    private async Task CompareAsync(SiloAddress target, long version, CancellationToken stop)
    {
        var mine = silo.Membership.Table;
        try
        {
            if (version < mine.Version)
            {
                await silo.Membership.Target(target).LearnAsync(mine, silo.Address);
            }
            else if (version > mine.Version)
            {
                silo.Membership.Heard(await silo.Membership.Target(target).ReadAsync().WaitAsync(options.ProbeTimeout, _time, stop));
            }
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            // It has answered the probe, and that counts.
            LogNotCompared(target, e.Message);
        }
    }

    [LoggerMessage(LogLevel.Debug, "Probe of {Target}: {Outcome}: {Reason}")]
    private partial void LogMissed(SiloAddress target, ProbeOutcome? outcome, string reason);

    [LoggerMessage(LogLevel.Debug, "{Target} answers probes, but its table and ours were not compared: {Reason}")]
    private partial void LogNotCompared(SiloAddress target, string reason);
}
