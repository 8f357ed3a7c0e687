using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>One consumer of a stream and the events it has not had yet.</summary>
internal sealed class Subscription(Guid id, GrainId consumer)
{
    private readonly Queue<Waiting> _events = new();
    private int _takenOfFirst;

    public Guid Id => id;

    public GrainId Consumer => consumer;

    public bool IsImplicit { get; init; }

    public bool IsPumping { get; set; }

    /// <summary>Events not yet delivered.</summary>
    public int Behind { get; private set; }

    public void Add(StreamEvents events, long first)
    {
        _events.Enqueue(new Waiting(events, first));
        Behind += CountOf(events);
    }

    /// <summary>The oldest events, as one delivery; they stay until <see cref="DoneBefore"/>. Null: none.</summary>
    public StreamDelivery? Take(int most, StreamId stream, string provider, Guid hub)
    {
        if (!_events.TryPeek(out var oldest))
        {
            return null;
        }

        var items = new List<byte[]>();
        var skip = _takenOfFirst;
        foreach (var waiting in _events)
        {
            if (waiting.Events.Kind != (byte)StreamEventKind.Next || items.Count >= most)
            {
                break;
            }

            items.AddRange(waiting.Events.Items.Skip(skip).Take(most - items.Count));
            skip = 0;
        }

        return new StreamDelivery
        {
            Provider = provider,
            Stream = stream,
            Subscription = id,
            Kind = oldest.Events.Kind,
            First = oldest.First + _takenOfFirst,
            Items = [.. items],
            Error = oldest.Events.Error,
            Hub = hub,
        };
    }

    /// <summary>Events before a place need not be kept.</summary>
    public void DoneBefore(long place)
    {
        while (_events.TryPeek(out var oldest) && place > oldest.First + _takenOfFirst)
        {
            var count = CountOf(oldest.Events);
            var taken = (int)Math.Min(count, place - oldest.First);
            Behind -= taken - _takenOfFirst;
            _takenOfFirst = taken;
            if (taken == count)
            {
                _events.Dequeue();
                _takenOfFirst = 0;
            }
        }
    }

    public void Clear()
    {
        _events.Clear();
        _takenOfFirst = 0;
        Behind = 0;
    }

    private static int CountOf(StreamEvents events) => Math.Max(1, events.Items.Length);

    private readonly record struct Waiting(StreamEvents Events, long First);
}
