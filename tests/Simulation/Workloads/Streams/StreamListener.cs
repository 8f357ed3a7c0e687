using System.Globalization;
using Orleans.Dask.Simulation.Cluster;
using Orleans.Streams;

namespace Orleans.Dask.Simulation.Workloads;

/// <summary>One subscription of a client: it hears nothing that was not sent, nothing twice, and nothing once it has left.</summary>
internal sealed class StreamListener(SimClient client, StreamLog log, string name) : IAsyncObserver<long>
{
    private readonly List<long> _heard = [];
    private readonly HashSet<long> _known = [];
    private readonly HashSet<long> _given = [];
    private readonly Dictionary<long, int> _attempts = [];
    private StreamSubscriptionHandle<long>? _subscription;
    private int _from;
    private bool _hasLeft;
    private long _place = -1;

    public string Name => $"{client.Process.Name}'s {name}";

    public IReadOnlyList<long> Heard => _heard;

    /// <summary>How long it takes for an event.</summary>
    public Func<Task>? Work { get; init; }

    /// <summary>Events of which it refuses so many attempts: one more than are made, and it never takes them.</summary>
    public Func<long, int> Refusals { get; init; } = static _ => 0;

    /// <summary>What it hears went through a grain, which may have had to send it again.</summary>
    public bool IsBehindGrain { get; init; }

    public bool HasHeard(long number) => _known.Contains(number);

    public async Task SubscribeAsync(IAsyncStream<long> stream)
    {
        // An attempt that fails may have gone through: what it brings is for nobody.
        _subscription = await ClusterCall.UntilDoneAsync(client, () => stream.SubscribeAsync(this), TimeSpan.FromMinutes(1));
        _from = log.Count;
    }

    /// <summary>Goes on with the subscription as after a pause, by its handle.</summary>
    public async Task ResumeAsync(IAsyncStream<long> stream)
    {
        var handles = await ClusterCall.UntilDoneAsync(client, stream.GetAllSubscriptionHandles, TimeSpan.FromMinutes(1));
        var mine = handles.Where(handle => handle.HandleId == _subscription!.HandleId).ToArray();
        if (mine.Length != 1)
        {
            throw new WrongAnswerException($"{Name} finds {mine.Length} subscriptions with its id, expected its own.");
        }

        _subscription = await mine[0].ResumeAsync(this);
    }

    public async Task LeaveAsync()
    {
        await ClusterCall.UntilDoneAsync(client, _subscription!.UnsubscribeAsync, TimeSpan.FromMinutes(1));
        _hasLeft = true;
    }

    /// <param name="until">Events sent after so many need not have come.</param>
    public void Judge(int until) => log.Judge(Name, _heard, _from, until, _given, IsBehindGrain);

    public async Task OnNextAsync(long item, StreamSequenceToken? token = null)
    {
        if (Refusals(item) > _attempts.GetValueOrDefault(item))
        {
            _attempts[item] = _attempts.GetValueOrDefault(item) + 1;
            _given.Add(item);
            throw new InvalidTimeZoneException($"{Name} refuses event {item}.");
        }

        if (token is null || (token.SequenceNumber <= _place && !log.MayReorder))
        {
            client.Process.World.Defect($"{Name} hears event {item} at {token?.ToString() ?? "no place"} after one at {_place}.");
        }

        _place = token?.SequenceNumber ?? _place;
        Note(item);
        if (Work is not null)
        {
            await Work();
        }
    }

    public Task OnErrorAsync(Exception ex)
    {
        Note(long.Parse(ex.Message, CultureInfo.InvariantCulture));
        return Task.CompletedTask;
    }

    private void Note(long item)
    {
        _given.Remove(item);
        client.Process.World.Note(client.Process, "hears", name, item.ToString(CultureInfo.InvariantCulture));
        if (_hasLeft)
        {
            client.Process.World.Defect($"{Name} hears event {item} of {log.Name} after it has left.");
        }
        else if (!log.Knows(item))
        {
            client.Process.World.Defect($"{Name} hears event {item} of {log.Name}, which nobody has sent.");
        }
        else if (!_known.Add(item) && !(IsBehindGrain && log.MayLose))
        {
            client.Process.World.Defect($"{Name} hears event {item} of {log.Name} twice.");
        }
        else
        {
            _heard.Add(item);
        }
    }
}
