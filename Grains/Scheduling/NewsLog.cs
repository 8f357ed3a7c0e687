using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Grains.Scheduling;

/// <summary>
/// What a session's client has not been seen to know yet: outcomes, the silos there are, code that silos miss. Everything is
/// numbered, and stays until a later question shows that it arrived: an answer that is lost on its way loses nothing.
/// </summary>
internal sealed class NewsLog
{
    private const int MostEntries = 10_000;
    private const int BytesPerWorker = 256;

    // Outcome, WorkerInfo[] or the SHA-256 of an assembly; the first has the number _first.
    private readonly Queue<object> _entries = new();
    private readonly HashSet<string> _codeWanted = new(StringComparer.Ordinal);

    // Completed on the scheduler's turns, where those who wait continue anyway: a detour over the thread pool would cost each future two more hops.
    private TaskCompletionSource _news = new();
    private long _first = 1;
    private long _told;

    /// <summary>Completes when something comes.</summary>
    public Task Next => _news.Task;

    public void Add(List<Outcome> outcomes)
    {
        foreach (var outcome in outcomes)
        {
            _entries.Enqueue(outcome);
        }

        if (outcomes.Count > 0)
        {
            Wake();
        }
    }

    /// <summary>The workers are others now.</summary>
    public void Add(WorkerInfo[] workers)
    {
        _entries.Enqueue(workers);
        Wake();
    }

    /// <summary>Assemblies to be brought again; one that was asked for and not seen yet is not asked for twice.</summary>
    public void Add(string[] codeWanted)
    {
        var any = false;
        foreach (var sha256 in codeWanted)
        {
            if (_codeWanted.Add(sha256))
            {
                _entries.Enqueue(sha256);
                any = true;
            }
        }

        if (any)
        {
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
        if (Planted.NewsAreToldOnce)
        {
            seen = Math.Max(seen, _told);
        }

        while (_first <= seen && _entries.TryDequeue(out var known))
        {
            _first++;
            if (known is string sha256)
            {
                _codeWanted.Remove(sha256);
            }
        }

        if (_entries.Count == 0)
        {
            if (_entries.Capacity > MostEntries)
            {
                _entries.TrimExcess();
            }

            return null;
        }

        var (outcomes, code) = (new List<Outcome>(Math.Min(_entries.Count, MostEntries)), new List<string>());
        WorkerInfo[]? workers = null;
        Payload? lastError = null;
        var (taken, bytes) = (0, 0L);
        foreach (var entry in _entries)
        {
            // An error stands in a message once, however many tasks share it, and they follow one another.
            var size = SizeOf(entry, lastError);
            if (taken > 0 && (taken == MostEntries || bytes + size > MessageLimits.GatheredBytes))
            {
                break;
            }

            (taken, bytes) = (taken + 1, bytes + size);
            switch (entry)
            {
                case Outcome outcome:
                    outcomes.Add(outcome);
                    lastError = outcome.Error?.Exception ?? lastError;
                    break;
                case WorkerInfo[] later:
                    workers = later;
                    break;
                default:
                    code.Add((string)entry);
                    break;
            }
        }

        _told = _first + taken - 1;
        return new SessionNews(epoch, _told, [.. outcomes], workers, [.. code]);
    }

    private static long SizeOf(object entry, Payload? lastError) => entry switch
    {
        Outcome outcome => MessageLimits.BytesPerEntry + outcome.Key.Layer.Length + MessageLimits.SizeOf(outcome.Value)
            + (outcome.Error is not { } error || ReferenceEquals(error.Exception, lastError) ? 0 : MessageLimits.BytesPerEntry + error.Failed.Layer.Length + MessageLimits.SizeOf(error.Exception)),
        WorkerInfo[] workers => workers.Length * BytesPerWorker,
        _ => MessageLimits.BytesPerEntry * 2,
    };
}
