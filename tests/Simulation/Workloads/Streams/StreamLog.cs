using Orleans.Dask.Simulation.Cluster;
using Orleans.Dask.Simulation.Faults;

namespace Orleans.Dask.Simulation.Workloads;

/// <summary>What was sent into one stream, by whom, and which of it the stream accepted: what its listeners may hear, and must.</summary>
/// <remarks>An event is the number of its place here, so that whoever hears it knows whose it is.</remarks>
internal sealed class StreamLog(SimCluster cluster, string name)
{
    private readonly List<Sent> _sent = [];

    public string Name => name;

    public int Count => _sent.Count;

    /// <summary>Events that were said to be kept may be lost: a silo died or was taken for dead, a queue was emptied, messages vanished.</summary>
    public bool MayLose => cluster.Deaths + cluster.Suspects > 0
        || cluster.World.Strikes.ContainsKey(Strike.Lost) || cluster.World.Strikes.ContainsKey(Strike.ObserverLost) || cluster.World.Strikes.ContainsKey(Strike.StreamEmptied);

    /// <summary>While silos fail a stream may have two grains for a moment, and what each accepted comes in an order of its own.</summary>
    public bool MayReorder => cluster.Deaths + cluster.Suspects > 0 || cluster.World.Strikes.ContainsKey(Strike.DeclaredDead) || cluster.World.Strikes.ContainsKey(Strike.SecondActivation);

    /// <summary>A call may fail though nothing is lost: its connection broke.</summary>
    public bool MayRefuse => MayLose || cluster.World.Strikes.ContainsKey(Strike.Broken);

    /// <summary>Nothing has kept messages from arriving when they should.</summary>
    public bool IsInTime => !MayRefuse && !cluster.World.Strikes.ContainsKey(Strike.Overtaken) && cluster.Left == 0;

    /// <summary>Sends events of one producer, in one call.</summary>
    /// <param name="producer">Awaits each call before its next: its accepted events have an order.</param>
    /// <param name="count">How many.</param>
    /// <param name="send">Gets their numbers.</param>
    /// <returns>Whether they were accepted. Not: whether any of them arrives is not known.</returns>
    public async Task<bool> SendAsync(int producer, int count, Func<long[], Task> send)
    {
        var events = Enumerable.Range(0, count).Select(_ => new Sent(producer)).ToArray();
        var first = _sent.Count;
        _sent.AddRange(events);
        try
        {
            await send([.. Enumerable.Range(first, count).Select(number => (long)number)]);
        }
        catch (Exception e) when (ClusterCall.MayFailWith(e))
        {
            return false;
        }

        Array.ForEach(events, e => e.IsAccepted = true);
        return true;
    }

    public bool Knows(long number) => number >= 0 && number < _sent.Count;

    /// <summary>Judges what one listener heard.</summary>
    /// <param name="heard">In the order in which it came.</param>
    /// <param name="from">It listened when this many had been sent.</param>
    /// <param name="until">It listened until this many had been sent.</param>
    /// <param name="given">Events that it has refused to take.</param>
    /// <param name="isBehindGrain">A grain sent what it heard, and may have sent again what came late.</param>
    public void Judge(string listener, IReadOnlyList<long> heard, int from, int until, IReadOnlySet<long> given, bool isBehindGrain = false)
    {
        foreach (var events in heard.Where(number => _sent[(int)number].IsAccepted).GroupBy(number => _sent[(int)number].Producer))
        {
            var before = -1L;
            foreach (var number in events)
            {
                if (number < before && !(isBehindGrain ? MayLose : MayReorder))
                {
                    throw new WrongAnswerException($"{listener} heard event {number} of {name} after {before} of the same producer, who sent it after the first was accepted.");
                }

                before = number;
            }
        }

        if (MayLose)
        {
            return;
        }

        var missing = Enumerable.Range(from, Math.Max(0, until - from)).Select(number => (long)number)
            .Where(number => _sent[(int)number].IsAccepted && !given.Contains(number)).Except(heard).ToArray();
        if (missing.Length > 0)
        {
            throw new WrongAnswerException($"{listener} has not heard {missing.Length} events of {name} that were accepted while it listened, and no silo was lost: {string.Join(' ', missing.Take(20))}.");
        }
    }

    private sealed class Sent(int producer)
    {
        public int Producer => producer;

        public bool IsAccepted { get; set; }
    }
}
