using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Grains.Scheduling;

/// <summary>What a session's client has not been seen to know yet. Entries stay until a later question shows that they arrived.</summary>
internal sealed class NewsLog
{
    private const int MostOutcomes = 10_000;
    private const int MostBytes = 1 << 20;

    private readonly Queue<Outcome> _outcomes = new();
    private readonly HashSet<string> _codeWanted = new(StringComparer.Ordinal);

    // Completed on the scheduler's turns, where those who wait continue anyway: a detour over the thread pool would cost each future two more hops.
    private TaskCompletionSource _news = new();
    private long _first = 1;
    private WorkerInfo[]? _workers;

    /// <summary>Completes when something comes.</summary>
    public Task Next => _news.Task;

    public void Add(List<Outcome> outcomes)
    {
        foreach (var outcome in outcomes)
        {
            _outcomes.Enqueue(outcome);
        }

        if (outcomes.Count > 0)
        {
            Wake();
        }
    }

    /// <summary>The workers are others now.</summary>
    public void Add(WorkerInfo[] workers)
    {
        _workers = workers;
        Wake();
    }

    public void Add(string[] codeWanted)
    {
        if (codeWanted.Length > 0)
        {
            _codeWanted.UnionWith(codeWanted);
            Wake();
        }
    }

    /// <summary>Lets those who wait look again.</summary>
    public void Wake()
    {
        var news = _news;
        _news = new TaskCompletionSource();
        news.TrySetResult();
    }

    /// <summary>What there is after <paramref name="seen"/>, as much as fits one message; null: nothing.</summary>
    public SessionNews? After(long seen, long epoch)
    {
        while (_first <= seen && _outcomes.Count > 0)
        {
            _outcomes.Dequeue();
            _first++;
        }

        if (_outcomes.Count == 0 && _workers is null && _codeWanted.Count == 0)
        {
            return null;
        }

        var (taken, bytes) = (new List<Outcome>(Math.Min(_outcomes.Count, MostOutcomes)), 0L);
        foreach (var outcome in _outcomes)
        {
            if (taken.Count == MostOutcomes || bytes >= MostBytes)
            {
                break;
            }

            bytes += outcome.Value is { IsEncoded: true } value ? value.Length : 0;
            taken.Add(outcome);
        }

        // Workers and code are told once, best effort: a client that misses them learns of both when it asks for a value.
        var (workers, code) = (_workers, _codeWanted.Count == 0 ? [] : _codeWanted.ToArray());
        _workers = null;
        _codeWanted.Clear();
        return new SessionNews(epoch, _first + taken.Count - 1, [.. taken], workers, code);
    }
}
