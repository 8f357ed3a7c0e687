using System.Net;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>How a silo starts and ends.</summary>
internal sealed partial class EmbeddedSilo
{
    private static readonly TimeSpan FarewellAtMost = TimeSpan.FromSeconds(1);

    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        _siloDoor.Start(this);
        var isFirst = _setup.Primary is null || _setup.Primary.Equals(Address.Endpoint);
        IPEndPoint[] seeds = [.. (isFirst ? _setup.Seeds : _setup.Seeds.Prepend(_setup.Primary!)).Where(seed => !seed.Equals(Address.Endpoint)).Distinct()];
        await Membership.JoinAsync(seeds, mayFound: isFirst, cancellationToken);
        _gatewayDoor?.Start(this);
        await Membership.ReachAsync(SiloStatus.Active, Options<ClusterMembershipOptions>().MaxJoinAttemptTime, cancellationToken);
        _collector = Environment.Time.CreateTimer(static silo => ((EmbeddedSilo)silo!).Collect(), this, _collection.CollectionQuantum, _collection.CollectionQuantum);
        LogStarted(Address, ClusterId);
    }

    /// <summary>Leaves the cluster: no new grains, the present ones deactivated, the table told.</summary>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _stopping, 1) != 0)
        {
            await Stopped;
            return;
        }

        try
        {
            if (Membership.CurrentStatus is SiloStatus.Joining or SiloStatus.Active)
            {
                await Membership.ReachAsync(SiloStatus.ShuttingDown, _collection.DeactivationTimeout, cancellationToken);
                await DeactivateAllAsync(new DeactivationReason(DeactivationReasonCode.ShuttingDown, "The silo shuts down."), cancellationToken);
                await Membership.ReachAsync(SiloStatus.Dead, _collection.DeactivationTimeout, cancellationToken);

                // What was on its way meanwhile is sent on, until nobody sends it anything.
                await Membership.FarewellAsync(FarewellAtMost);
            }
        }
        catch (Exception e) when (e is OrleansException or TimeoutException or OperationCanceledException)
        {
            // The others will find out by their probes.
            LogLeaveFailed(e.Message);
        }

        await Links.FlushAsync(TimeSpan.FromSeconds(1));
        Close("the silo stopped");
    }

    /// <summary>Ends at once, as a crash would, but for the sockets that are closed.</summary>
    public void Kill(string reason)
    {
        Interlocked.Exchange(ref _stopping, 1);
        Close(reason);
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    public bool IsStopping => Volatile.Read(ref _stopping) != 0;

    public bool IsStopped => _stopped.Task.IsCompleted;

    /// <summary>Deactivates activations, all or by choice, and waits until they are gone.</summary>
    public async Task DeactivateAllAsync(DeactivationReason reason, CancellationToken cancellationToken, Func<Activation, bool>? which = null)
    {
        Activation[] chosen;
        do
        {
            chosen = [.. _activations.Values.Where(which ?? (static _ => true)).OrderBy(activation => activation.Number)];
            await DeactivateAsync(chosen, reason, cancellationToken);
        }
        // One that began as the silo began to stop has been missed.
        while (IsStopping && chosen.Length > 0);

        // Last, since grains may call them as they go.
        await DeactivateAsync([.. _workers.Values.SelectMany(w => w.Snapshot()).Where(which ?? (static _ => true)).OrderBy(worker => worker.Number)], reason, cancellationToken);
    }

    private Task DeactivateAsync(Activation[] activations, DeactivationReason reason, CancellationToken cancellationToken)
    {
        foreach (var activation in activations)
        {
            activation.Deactivate(reason, cancellationToken);
        }

        return Task.WhenAll(activations.Select(a => a.Deactivated.Awaited())).WaitAsync(_collection.DeactivationTimeout, Environment.Time, cancellationToken);
    }

    /// <summary>Sends idle activations away, and ends sequences nobody pulls.</summary>
    public void Collect()
    {
        foreach (var activation in InOrder(a => a.IsIdle(CollectBefore(a))))
        {
            activation.CollectIfIdle(CollectBefore(activation));
        }

        foreach (var activation in _withSequences.Keys.OrderBy(a => a.Number))
        {
            activation.DropUnpulled();
        }
    }

    private long CollectBefore(Activation activation) => CoarseNow
        - TicksOf(_collection.ClassSpecificCollectionAge.TryGetValue(activation.Class.Type.FullName!, out var own) ? own : _collection.CollectionAge);

    /// <summary>Activations by age: the order of a table of texts differs from process to process, and a replay must not.</summary>
    private Activation[] InOrder(Func<Activation, bool> which) =>
        [.. _activations.Values.Concat(_workers.Values.SelectMany(w => w.Snapshot())).Where(which).OrderBy(a => a.Number)];

    private void Close(string reason)
    {
        _collector?.Dispose();
        _prober.Stop();
        Membership.Stop();
        _siloDoor.Dispose();
        _gatewayDoor?.Dispose();
        Links.Close(reason);
        Runtime.Dispose();
        foreach (var call in Runtime.Calls.Overdue(long.MaxValue))
        {
            Runtime.Calls.Remove(call.Id);
            call.TryFail(new SiloUnavailableException($"{Address} stopped before the answer came: {reason}."));
        }

        _stopped.TrySetResult();
    }

    [LoggerMessage(LogLevel.Information, "Silo {Address} started in cluster '{ClusterId}'")]
    private partial void LogStarted(SiloAddress address, string clusterId);

    [LoggerMessage(LogLevel.Warning, "Leaving the cluster failed: {Reason}")]
    private partial void LogLeaveFailed(string reason);
}
