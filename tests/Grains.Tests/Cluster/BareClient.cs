using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Grains.Tests.Cluster;

/// <summary>A session by the bare grain interfaces, as somebody without our client would write it.</summary>
internal sealed class BareClient(IGrainFactory grains, string session)
{
    private readonly Dictionary<TaskKey, Outcome> _outcomes = [];
    private readonly List<FunctionSpec> _functions = [];
    private long _sequence;
    private long _seen;

    public ISchedulerGrain Scheduler { get; } = grains.GetGrain<ISchedulerGrain>(session);

    public long Epoch { get; private set; }

    public IReadOnlyDictionary<TaskKey, Outcome> Outcomes => _outcomes;

    public async Task<SessionOpened> OpenAsync(TimeSpan? lease = null, string? version = null)
    {
        (_sequence, _seen) = (0, 0);
        _outcomes.Clear();
        return await Scheduler.OpenAsync(new OpenSession(++Epoch, version ?? VersionRule.Current, lease ?? TimeSpan.FromMinutes(1), ProcessIdentity.Current));
    }

    /// <summary>Names a function by number.</summary>
    public int Function(Delegate code)
    {
        _functions.Add(new FunctionSpec(_functions.Count + 1, Payload.FromBytes(Payload.Of(DelegateFunction.Of(code)).Encode())));
        return _functions.Count;
    }

    public static TaskSpec Task(int layer, int index, int function, params WireKey[] inputs) => new(new WireKey(layer, index), function, inputs, null);

    public static TaskSpec Task(int layer, int index, int function, object?[] arguments, params WireKey[] inputs) =>
        new(new WireKey(layer, index), function, inputs, Payload.FromBytes(Payload.Of(arguments).Encode()));

    public async Task<SubmitAnswer> SubmitAsync(string[] layers, TaskSpec[] tasks, WireKey[] wanted, WireKey[]? unwanted = null, WireKey[]? cancelled = null, ScatteredValue[]? scattered = null) =>
        await Scheduler.SubmitAsync(new SubmitBatch(Epoch, ++_sequence, layers, [.. _functions], tasks, wanted, unwanted ?? [], cancelled ?? [], scattered ?? [], false));

    /// <summary>Polls until all keys have ended.</summary>
    public async Task WaitAsync(params TaskKey[] keys)
    {
        while (!keys.All(key => _outcomes.TryGetValue(key, out var outcome) && outcome.Status is TaskStatusCode.Finished or TaskStatusCode.Failed or TaskStatusCode.Cancelled))
        {
            await PollAsync();
        }
    }

    public async Task<SessionNews> PollAsync()
    {
        var news = await Scheduler.PollAsync(Epoch, _seen).WaitAsync(TestSilos.Patience);
        if (news.EpochInForce == Epoch)
        {
            _seen = news.Version;
            foreach (var outcome in news.Outcomes)
            {
                _outcomes[outcome.Key] = outcome;
            }
        }

        return news;
    }

    /// <summary>Reads a value through its grain, piece by piece.</summary>
    public async Task<T> ReadAsync<T>(TaskKey key)
    {
        var grain = grains.GetGrain<ITaskGrain>($"{session}/{key}");
        var bytes = new List<byte>();
        while (true)
        {
            var piece = await grain.ReadAsync(bytes.Count, null).WaitAsync(TestSilos.Patience);
            if (piece is null)
            {
                continue;
            }

            bytes.AddRange(piece.Bytes);
            if (bytes.Count == piece.Total)
            {
                return Payload.Decode<T>(bytes.ToArray());
            }
        }
    }

    public T Value<T>(TaskKey key) => _outcomes[key].Value!.Read<T>();

    public async Task ScatterAsync(TaskKey key, object value, string worker)
    {
        var bytes = Payload.Of(value).Encode();
        for (var offset = 0; offset < bytes.Length; offset += 1 << 20)
        {
            var end = Math.Min(bytes.Length, offset + (1 << 20));
            await grains.GetGrain<IWorkerGrain>(worker).WriteAsync(new SessionId(session), key, new ValuePiece(bytes.Length, offset, bytes[offset..end], null));
        }
    }
}
