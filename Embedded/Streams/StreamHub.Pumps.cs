using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>How the events of each subscription get to its consumer: oldest first, one delivery at a time.</summary>
internal sealed partial class StreamHub
{
    private const int MaxBatch = 512;

    /// <summary>How often an observer may refuse an event before it is dropped.</summary>
    private const int Attempts = 4;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>How long a consumer that cannot be reached is waited for; then a client is gone, and each event for a grain is tried once.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>What is still to be delivered when the activation ends may take so long.</summary>
    private static readonly TimeSpan LeavesWithin = TimeSpan.FromSeconds(5);

    private int _pumping;
    private bool _isLeaving;
    private bool _isOver;
    private TaskCompletionSource? _delivered;

    /// <summary>Events that are kept are delivered from here: the next activation knows nothing of them.</summary>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _isLeaving = true;
        if (_pumping > 0 && !Planted.LeavingHubsDeliverNothing)
        {
            _delivered = new TaskCompletionSource();
            try
            {
                await _delivered.Task.WaitAsync(LeavesWithin, _silo.Environment.Time, cancellationToken);
            }
            catch (Exception e) when (e is TimeoutException or OperationCanceledException)
            {
                // Told below.
            }
        }

        // Whoever is at it still stops: events of the next activation must not come before these.
        _isOver = true;
        if (Behind is > 0 and var lost)
        {
            LogLost(GrainContext.GrainId, lost, LeavesWithin);
        }
    }

    /// <summary>Events that are kept, for all subscriptions together.</summary>
    public int Behind => _subscriptions.Values.Sum(s => s.Behind);

    /// <summary>All that is kept goes, as it may at any turn. From any thread; for simulations.</summary>
    /// <param name="lost">Is told how many events.</param>
    public void LoseEvents(Action<int> lost) => ((Activation)GrainContext).Post(new ActionTurn(
        _ =>
        {
            lost(Behind);
            foreach (var subscription in _subscriptions.Values)
            {
                subscription.Clear();
            }

            MakeRoom();
        },
        null));

    private async Task PumpAsync(Subscription subscription, StreamId stream, string provider)
    {
        if (_pumping++ == 0)
        {
            DelayDeactivation(TimeSpan.MaxValue);
        }

        var consumer = ((Activation)GrainContext).Silo.Runtime.Reference<IStreamConsumer>(subscription.Consumer);
        var refused = 0;
        Silence? silence = null;
        while (!_isOver && subscription.Take(MaxBatch, stream, provider, _id) is { } delivery)
        {
            StreamReceipt receipt = default;
            try
            {
                receipt = await consumer.DeliverAsync(delivery);
                silence = null;
            }
            catch (Exception e) when (e is OrleansException or TimeoutException)
            {
                silence ??= new Silence(_silo.Environment.Time.GetTimestamp());
                if (_isLeaving || !await WaitAsync(subscription, delivery, silence, e))
                {
                    break;
                }

                continue;
            }
            catch (Exception e)
            {
                receipt = new StreamReceipt(0, e.Message);
            }

            Done(subscription, delivery.First + receipt.Taken);
            if (receipt.Failure is null)
            {
                refused = 0;
                continue;
            }

            refused = receipt.Taken > 0 ? 1 : refused + 1;
            if (receipt.Taken < Math.Max(1, delivery.Items.Length))
            {
                if (refused < Attempts)
                {
                    await Task.Delay(Pause * refused, _silo.Environment.Time);
                    continue;
                }

                Done(subscription, delivery.First + receipt.Taken + 1);
            }

            refused = 0;
            LogDropped(stream, subscription.Consumer, receipt.Failure);
        }

        subscription.IsPumping = false;
        if (--_pumping == 0)
        {
            DelayDeactivation(TimeSpan.Zero);
            _delivered?.SetResult();
        }
    }

    /// <summary>Waits for a consumer that could not be reached, and in the end gives up: an event, or the subscription.</summary>
    /// <returns>Whether to go on.</returns>
    private async Task<bool> WaitAsync(Subscription subscription, StreamDelivery delivery, Silence silence, Exception reason)
    {
        var time = _silo.Environment.Time;
        if (time.GetElapsedTime(silence.Since) < Patience && !Planted.ClientsAreGivenUpAtOnce)
        {
            var pause = Pause * ++silence.Calls;
            await Task.Delay(pause < LongestPause ? pause : LongestPause, time);
            return true;
        }

        LogDropped(delivery.Stream, subscription.Consumer, reason.Message);
        if (!NodeGrains.IsNodeBound(subscription.Consumer))
        {
            Done(subscription, delivery.First + 1);
            return true;
        }

        // A client that is gone does not come back under the same id.
        try
        {
            await UnsubscribeAsync(subscription.Id);
        }
        catch (Exception e)
        {
            // It is forgotten here, and comes back with the next activation, which will find its client gone as well.
            LogNotKept(subscription.Consumer, e);
        }

        return false;
    }

    private void Done(Subscription subscription, long before)
    {
        subscription.DoneBefore(before);
        MakeRoom();
    }

    /// <summary>A consumer does not answer.</summary>
    private sealed class Silence(long since)
    {
        public long Since => since;

        public int Calls { get; set; }
    }

    [LoggerMessage(LogLevel.Warning, "The subscription of {Consumer}, which is gone, could not be taken out of the store")]
    private partial void LogNotKept(GrainId consumer, Exception exception);

    [LoggerMessage(LogLevel.Error, "An event of {Stream} for {Consumer} was dropped after several attempts: {Reason}")]
    private partial void LogDropped(StreamId stream, GrainId consumer, string reason);

    [LoggerMessage(LogLevel.Error, "{Hub} ended with {Events} events that consumers did not take within {Patience}: they are lost")]
    private partial void LogLost(GrainId hub, int events, TimeSpan patience);
}
