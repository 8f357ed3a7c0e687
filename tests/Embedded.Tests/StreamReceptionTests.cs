using Orleans.Embedded;
using Orleans.Embedded.Serialization;

namespace Orleans.Dask.Embedded.Tests;

/// <summary>What a subscriber's end does with deliveries, without a cluster.</summary>
public sealed class StreamReceptionTests
{
    private static readonly Guid s_hub = new(1, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]);

    [Fact]
    public async Task A_subscriber_that_leaves_in_the_middle_of_a_delivery_gets_no_more()
    {
        var (got, gate) = (new List<int>(), new TaskCompletionSource());
        var reception = Reception(async item =>
        {
            got.Add(item);
            await gate.Task;
        });
        var delivered = reception.DeliverAsync(Delivery(s_hub, 0, 3));
        reception.Receiver = null;
        gate.SetResult();
        Assert.Equal(new StreamReceipt(1, null), await delivered);
        Assert.Equal([0], got);
    }

    [Fact]
    public async Task What_a_hub_delivers_again_is_taken_once()
    {
        var got = new List<int>();
        var reception = Reception(item =>
        {
            got.Add(item);
            return Task.CompletedTask;
        });
        Assert.Equal(new StreamReceipt(3, null), await reception.DeliverAsync(Delivery(s_hub, 0, 3)));
        Assert.Equal(new StreamReceipt(5, null), await reception.DeliverAsync(Delivery(s_hub, 0, 5)));
        Assert.Equal([0, 1, 2, 3, 4], got);
    }

    [Fact]
    public async Task Two_activations_of_a_hub_count_each_for_itself()
    {
        var got = new List<int>();
        var reception = Reception(item =>
        {
            got.Add(item);
            return Task.CompletedTask;
        });
        var other = new Guid(2, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]);
        await reception.DeliverAsync(Delivery(s_hub, 0, 2));
        await reception.DeliverAsync(Delivery(other, 1, 1));
        await reception.DeliverAsync(Delivery(s_hub, 0, 3));
        Assert.Equal([0, 1, 1, 2], got);
    }

    [Fact]
    public async Task An_event_that_is_refused_is_the_first_of_the_next_delivery()
    {
        var (got, refused) = (new List<int>(), false);
        var reception = Reception(item =>
        {
            if (item == 1 && !refused)
            {
                refused = true;
                throw new InvalidOperationException("not yet");
            }

            got.Add(item);
            return Task.CompletedTask;
        });
        var receipt = await reception.DeliverAsync(Delivery(s_hub, 0, 3));
        Assert.Equal(1, receipt.Taken);
        Assert.Contains("not yet", receipt.Failure, StringComparison.Ordinal);
        Assert.Equal(new StreamReceipt(2, null), await reception.DeliverAsync(Delivery(s_hub, 1, 2)));
        Assert.Equal([0, 1, 2], got);
    }

    private static StreamReception Reception(Func<int, Task> take) => new(time: null) { Receiver = new Receiver(take) };

    private static StreamDelivery Delivery(Guid hub, long first, int count) => new()
    {
        Provider = "mem",
        Stream = StreamId.Create("explicit", "s"),
        Subscription = Guid.Empty,
        Kind = (byte)StreamEventKind.Next,
        First = first,
        Items = [.. Enumerable.Range((int)first, count).Select(WireSerializer.ToBytes)],
        Hub = hub,
    };

    private sealed class Receiver(Func<int, Task> take) : IStreamReceiver
    {
        public async ValueTask<int> ReceiveAsync(StreamDelivery delivery, int from)
        {
            await take((int)delivery.First + from);
            return 1;
        }
    }
}
