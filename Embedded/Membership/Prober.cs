using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>
/// Probes the silos that follow this one in address order and votes against those that stay silent. A process that is gone refuses
/// connections at once: then the missed probes follow each other quickly, and a killed silo is noticed long before a hung one.
/// </summary>
internal sealed partial class Prober(EmbeddedSilo silo, ClusterMembershipOptions options)
{
    private readonly ILogger _logger = silo.Logger;
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
        if (table.StatusOf(silo.Address) != SiloStatus.Active)
        {
            return [];
        }

        var others = table.Entries.Where(e => e.Hosts && !e.Silo.Equals(silo.Address)).Select(e => e.Silo).Order().ToArray();
        var after = Array.FindIndex(others, other => other > silo.Address);
        var first = after < 0 ? 0 : after;
        return [.. Enumerable.Range(0, Math.Min(options.NumProbedSilos, others.Length)).Select(i => others[(first + i) % others.Length])];
    }

    private async Task ProbeAsync(SiloAddress target, CancellationToken stop)
    {
        var time = silo.Environment.Time;
        var missed = 0;
        while (!stop.IsCancellationRequested)
        {
            var began = time.GetTimestamp();
            try
            {
                var version = await silo.Membership.Target(target).ProbeAsync().AsTask().WaitAsync(options.ProbeTimeout, time, stop);
                missed = 0;
                await CompareAsync(target, version);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is TimeoutException or OrleansException)
            {
                missed++;
                LogMissed(target, missed, e.Message);
            }

            if (missed >= options.NumMissedProbesLimit)
            {
                await SuspectAsync(target);
            }

            var rest = missed == 0 ? options.ProbeTimeout : options.ProbeTimeout / 5;
            await PauseAsync(target, rest - (missed == 0 ? TimeSpan.Zero : Min(rest, time.GetElapsedTime(began))), stop);
        }
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

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
    private async Task CompareAsync(SiloAddress target, long version)
    {
        var mine = silo.Membership.Table;
        if (version < mine.Version)
        {
            await silo.Membership.Target(target).LearnAsync(mine);
        }
        else if (version > mine.Version)
        {
            silo.Membership.Accept(await silo.Membership.Target(target).ReadAsync().WaitAsync(options.ProbeTimeout, silo.Environment.Time));
        }
    }

    private async Task SuspectAsync(SiloAddress target)
    {
        try
        {
            await silo.Membership.Target(silo.Membership.Table.Keeper).SuspectAsync(target, silo.Address).WaitAsync(options.ProbeTimeout, silo.Environment.Time);
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            // Said again with the next missed probe.
            LogVoteFailed(target, e.Message);
        }
    }

    [LoggerMessage(LogLevel.Debug, "Silo {Target} missed probe {Count}: {Reason}")]
    private partial void LogMissed(SiloAddress target, int count, string reason);

    [LoggerMessage(LogLevel.Warning, "The vote against {Target} did not arrive: {Reason}")]
    private partial void LogVoteFailed(SiloAddress target, string reason);
}
