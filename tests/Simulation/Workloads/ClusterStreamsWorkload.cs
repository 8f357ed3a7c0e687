using System.Globalization;
using Orleans.Dask.Simulation.Cluster;
using Orleans.Dask.Simulation.World;
using Orleans.Dask.Streams;
using Orleans.Streams;

namespace Orleans.Dask.Simulation.Workloads;

/// <summary>
/// Memory streams between clients and grains, and their events as futures. What was accepted arrives once and in its producer's order
/// while no silo is lost; whatever is lost, nothing comes that was not sent, nobody waits for ever, and a subscription goes on.
/// </summary>
internal sealed class ClusterStreamsWorkload : Workload
{
    // Of the embedded engine, and about as many as a queue of Orleans' holds.
    private const int Full = 16_384;

    // Orleans' and ours: after so many attempts an event is given up.
    private const int Attempts = 4;

    // A task that began on a slow executor takes minutes, and the stream behind it waits.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(9);

    // Some messages.
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(3);

    public override async Task RunAsync(SimClient client, SeededRandom random)
    {
        List<Task> parts = [ManyAsync(client, new SeededRandom(random.Next()))];
        if (random.Chance(0.4))
        {
            parts.Add(GrainsAsync(client, new SeededRandom(random.Next())));
        }

        if (random.Chance(0.4))
        {
            parts.Add(FuturesAsync(client, new SeededRandom(random.Next())));
        }

        if (random.Chance(0.25))
        {
            parts.Add(FullAsync(client, new SeededRandom(random.Next())));
        }

        await Task.WhenAll(parts);
    }

    /// <summary>Several producers, several subscribers of whom some come late and some go early, slow ones and such as refuse events.</summary>
    private async Task ManyAsync(SimClient client, SeededRandom random)
    {
        var log = new StreamLog(Cluster, $"{client.Process.Name}-many");
        var stream = client.Dask.OrleansStream<long>(log.Name);
        var staying = new List<StreamListener>();
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            staying.Add(Listener(client, log, random, $"listener {i}"));
            await staying[^1].SubscribeAsync(stream);
        }

        var producers = Enumerable.Range(0, random.Next(1, 4)).Select(producer => ProduceAsync(client, log, stream, producer, new SeededRandom(random.Next()))).ToList();
        producers.Add(VisitAsync(client, log, stream, new SeededRandom(random.Next())));
        if (random.Chance(0.5))
        {
            await PauseAsync(client, random);
            await staying[0].ResumeAsync(stream);
        }

        await Task.WhenAll(producers);
        var until = log.Count;
        await UntilHeardAsync(client, log, stream, staying);
        foreach (var listener in staying)
        {
            listener.Judge(until);
        }

        foreach (var listener in staying.Where(_ => random.Chance(0.7)))
        {
            await listener.LeaveAsync();
        }

        // Those who have left hear nothing of it.
        await log.SendAsync(-1, 1, events => stream.OnNextAsync(events[0]));
        await PauseAsync(client, random);
    }

    private static async Task ProduceAsync(SimClient client, StreamLog log, IAsyncStream<long> stream, int producer, SeededRandom random)
    {
        for (var calls = random.Next(1, 25); calls > 0; calls--)
        {
            _ = random.Next(10) switch
            {
                0 => await log.SendAsync(producer, random.Next(2, 40), events => stream.OnNextBatchAsync(events)),
                1 => await log.SendAsync(producer, 1, events => stream.OnErrorAsync(new InvalidTimeZoneException(events[0].ToString(CultureInfo.InvariantCulture)))),
                _ => await log.SendAsync(producer, 1, events => stream.OnNextAsync(events[0])),
            };
            if (random.Chance(0.3))
            {
                await PauseAsync(client, random);
            }
        }
    }

    /// <summary>Somebody listens for a while.</summary>
    private static async Task VisitAsync(SimClient client, StreamLog log, IAsyncStream<long> stream, SeededRandom random)
    {
        await PauseAsync(client, random);
        var visitor = Listener(client, log, random, "visitor");
        await visitor.SubscribeAsync(stream);
        await PauseAsync(client, random);
        await visitor.LeaveAsync();
        visitor.Judge(until: 0);
    }

    private static StreamListener Listener(SimClient client, StreamLog log, SeededRandom random, string name)
    {
        var own = new SeededRandom(random.Next());
        var slowness = random.Pick([0, 0, 1, 50]);
        var refusing = random.Chance(0.3) ? random.Next(1, Attempts + 2) : 0;
        return new StreamListener(client, log, name)
        {
            Work = slowness == 0 ? null : () => Task.Delay(own.Span(TimeSpan.Zero, TimeSpan.FromMilliseconds(10 * slowness)), client.Process.Time),
            Refusals = number => number % 7 == 3 ? refusing : 0,
        };
    }

    /// <summary>A grain hears a stream and publishes what it hears.</summary>
    private async Task GrainsAsync(SimClient client, SeededRandom random)
    {
        var isImplicit = random.Chance(0.5);
        var log = new StreamLog(Cluster, $"{client.Process.Name}-{(isImplicit ? "echo" : "relay")}");
        var provider = ((IClusterClient)client.Connection).GetStreamProvider(DaskClient.StreamProvider);
        var listener = new StreamListener(client, log, "listener behind a grain") { IsBehindGrain = true };
        await listener.SubscribeAsync(GrainStreams.Of(provider, GrainStreams.Heard, log.Name));
        if (!isImplicit)
        {
            await ClusterCall.UntilDoneAsync(client, client.Connection.GetGrain<IRelayGrain>(log.Name).ListenAsync, TimeSpan.FromMinutes(1));
        }

        var stream = GrainStreams.Of(provider, isImplicit ? GrainStreams.Implicit : GrainStreams.Explicit, log.Name);
        for (var calls = random.Next(1, 20); calls > 0; calls--)
        {
            await log.SendAsync(0, random.Next(1, 4), events => stream.OnNextBatchAsync(events));
            await PauseAsync(client, random);
        }

        var until = log.Count;
        await UntilHeardAsync(client, log, stream, [listener]);
        listener.Judge(until);
    }

    /// <summary>A subscriber that takes nothing fills the stream: its producers wait, and go on when it leaves.</summary>
    private async Task FullAsync(SimClient client, SeededRandom random)
    {
        var log = new StreamLog(Cluster, $"{client.Process.Name}-full");
        var stream = client.Dask.OrleansStream<long>(log.Name);
        var gate = new TaskCompletionSource();
        var stuck = new StreamListener(client, log, "stuck listener") { Work = () => gate.Task };
        await stuck.SubscribeAsync(stream);
        StreamListener[] staying = random.Chance(0.5) ? [new StreamListener(client, log, "free listener")] : [];
        foreach (var listener in staying)
        {
            await listener.SubscribeAsync(stream);
        }

        var filled = await log.SendAsync(0, Full + 1, events => stream.OnNextBatchAsync(events));
        var waiting = Enumerable.Range(1, random.Next(1, 4)).Select(producer => log.SendAsync(producer, 1, events => stream.OnNextAsync(events[0]))).ToArray();
        await Task.Delay(random.Span(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(4)), client.Process.Time);
        if (filled && !log.MayLose && waiting.Any(call => call.IsCompletedSuccessfully && call.Result))
        {
            throw new WrongAnswerException($"{log.Name} has taken an event while a listener is {Full + 1} behind.");
        }

        await stuck.LeaveAsync();
        var left = client.Process.Time.GetTimestamp();
        var accepted = await Task.WhenAll(waiting);
        if (client.Process.Time.GetElapsedTime(left) is var waited && waited > s_soon && log.IsInTime)
        {
            throw new WrongAnswerException($"Producers of {log.Name} have waited for {waited} after the listener that was behind had left.");
        }

        if (!log.MayRefuse && !accepted.All(taken => taken))
        {
            throw new WrongAnswerException($"{accepted.Count(taken => !taken)} of {accepted.Length} producers of {log.Name} were refused, though the listener that was behind has left.");
        }

        var until = log.Count;
        await UntilHeardAsync(client, log, stream, staying);
        foreach (var listener in staying)
        {
            listener.Judge(until);
        }

        gate.SetResult();
    }

    /// <summary>Events become values of the cluster and tasks take them: each future ends, with what its event says.</summary>
    private async Task FuturesAsync(SimClient client, SeededRandom random)
    {
        var log = new StreamLog(Cluster, $"{client.Process.Name}-futures");
        var stream = client.Dask.OrleansStream<long>(log.Name);
        var (arrived, results) = (new List<long>(), new List<long>());
        var events = new OrleansStreamSource<long>(stream, buffer: random.Next(1, 8));
        events.Sink(arrived.Add);
        var scattered = events.Scatter(client.Dask);
        scattered.Futures.Sink(future => Keep(future));
        var mapped = scattered.Map(TaskFunctions.One);
        mapped.Futures.Sink(future => Keep(future));
        mapped.Buffer(random.Next(1, 8)).Gather().Sink(results.Add);
        await ClusterCall.UntilDoneAsync(client, events.StartAsync, TimeSpan.FromMinutes(1));
        var from = log.Count;

        var source = new StreamSource<long[]>();
        using var sink = source.SinkAsync(item => new ValueTask(stream.OnNextAsync(item[0])));
        for (var count = random.Next(1, 20); count > 0; count--)
        {
            await log.SendAsync(0, 1, item => source.EmitAsync(item).AsTask());
            await PauseAsync(client, random);
        }

        var until = log.Count;
        await UntilHeardAsync(client, log, stream, arrived.Contains, () => events.Completion.IsCompleted);
        Exception? error = null;
        try
        {
            await ClusterCall.UntilDoneAsync(client, () => events.DisposeAsync().AsTask(), s_patience);
            for (var tries = 0; tries < 6000 && results.Count < arrived.Count; tries++)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), client.Process.Time);
            }
        }
        catch (Exception e) when (IsExcused(e))
        {
            error = e;
        }

        var expected = arrived.Select(TaskFunctions.One).ToArray();
        Same(string.Join(' ', expected.Take(results.Count)), string.Join(' ', results), "what became of the events");
        if (error is null)
        {
            Same(expected.Length, results.Count, "the number of futures that ended");
            log.Judge($"{client.Process.Name}'s pipeline", arrived, from, until, new HashSet<long>());
        }
    }

    private static Task UntilHeardAsync(SimClient client, StreamLog log, IAsyncStream<long> stream, IReadOnlyCollection<StreamListener> listeners) =>
        UntilHeardAsync(client, log, stream, number => listeners.All(listener => listener.HasHeard(number)), static () => false);

    /// <summary>Sends until something that was sent last has been heard: whatever befell the stream and its subscriptions, they go on.</summary>
    private static async Task UntilHeardAsync(SimClient client, StreamLog log, IAsyncStream<long> stream, Func<long, bool> isHeard, Func<bool> hasEnded)
    {
        var began = client.Process.Time.GetTimestamp();
        var first = log.Count;
        while (!hasEnded())
        {
            var accepted = await log.SendAsync(-1, 1, events => stream.OnNextAsync(events[0]));
            await Task.Delay(TimeSpan.FromSeconds(1), client.Process.Time);
            if (accepted && Enumerable.Range(first, log.Count - first).Any(number => isHeard(number)))
            {
                return;
            }

            if (client.Process.Time.GetElapsedTime(began) > s_patience)
            {
                throw new WrongAnswerException($"{log.Name} has been silent for {s_patience}: {log.Count - first} events were sent, and not all its listeners have heard one of them.");
            }
        }
    }
}
