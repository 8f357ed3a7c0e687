using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Grains.Execution;

/// <summary>
/// Brings values from other workers: all that is wanted of one holder in one call, larger ones piece by piece, a few at a time,
/// each once however many tasks wait for it.
/// </summary>
internal sealed class InputFetcher(WorkerCore core) : IDisposable
{
    private const int CallsPerHolder = 2;
    private const int KeysPerCall = 512;
    private const int LargeAtATime = 4;
    private const int MostTries = 3;

    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_retry = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Holder> _holders = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _large = new(LargeAtATime);

    /// <summary>How fast inputs have come lately.</summary>
    public TransferRate Rate { get; } = new(core.Time);

    public void Dispose() => _large.Dispose();

    public void Add(IReadOnlyList<Fetch> fetches)
    {
        lock (_gate)
        {
            foreach (var fetch in fetches)
            {
                // Its last holder was lost as the task was sent here: the scheduler will know how to have it again.
                if (fetch.Holder.Length == 0)
                {
                    core.Executor.PostAside(new ActionWork(() => fetch.Session.NotFetched(fetch)));
                    continue;
                }

                if (!_holders.TryGetValue(fetch.Holder, out var holder))
                {
                    _holders.Add(fetch.Holder, holder = new Holder(fetch.Holder));
                }

                holder.Wanted.Enqueue(fetch);
                if (holder.Calls < CallsPerHolder && (holder.Calls == 0 || holder.Wanted.Count >= KeysPerCall))
                {
                    holder.Calls++;
                    core.Executor.PostAside(new ActionWork(() => _ = CallAsync(holder)));
                }
            }
        }
    }

    private async Task CallAsync(Holder holder)
    {
        while (Take(holder) is { } fetches)
        {
            try
            {
                var table = new KeyTable();
                var keys = fetches.Select(fetch => table.Write(fetch.Key)).ToArray();
                var began = core.Time.GetTimestamp();
                var pieces = await core.Worker(holder.Address)
                    .ReadManyAsync(new ReadRequest(fetches[0].Session.Id, table.Names(), keys, core.Options.Process))
                    .WaitAsync(s_deadline, core.Time);
                Rate.Note(pieces.Sum(piece => (long)piece.Bytes.Length), core.Time.GetElapsedTime(began));
                if (pieces.Length < fetches.Count)
                {
                    lock (_gate)
                    {
                        foreach (var fetch in fetches.Skip(pieces.Length))
                        {
                            holder.Wanted.Enqueue(fetch);
                        }
                    }
                }

                Arrived(fetches, pieces);
            }
            catch (Exception exception)
            {
                core.LogFetchFailed(holder.Address, exception);
                await Task.Delay(s_retry, core.Time);
                TryAgain(holder, fetches);
            }
        }
    }

    private List<Fetch>? Take(Holder holder)
    {
        lock (_gate)
        {
            if (holder.Wanted.Count == 0)
            {
                if (--holder.Calls == 0)
                {
                    _holders.Remove(holder.Address);
                }

                return null;
            }

            // One call serves one session.
            var fetches = new List<Fetch> { holder.Wanted.Dequeue() };
            while (fetches.Count < KeysPerCall && holder.Wanted.TryPeek(out var next) && next.Session == fetches[0].Session)
            {
                fetches.Add(holder.Wanted.Dequeue());
            }

            return fetches;
        }
    }

    private void TryAgain(Holder holder, List<Fetch> fetches)
    {
        foreach (var fetch in fetches)
        {
            if (++fetch.Tries >= MostTries && !Planted.FetchesNeverGiveUp)
            {
                fetch.Session.NotFetched(fetch, unreachable: true);
                continue;
            }

            lock (_gate)
            {
                holder.Wanted.Enqueue(fetch);
            }
        }
    }

    private void Arrived(List<Fetch> fetches, ValuePiece[] pieces)
    {
        var whole = new List<(Fetch, Payload)>(pieces.Length);
        for (var i = 0; i < pieces.Length; i++)
        {
            var (fetch, piece) = (fetches[i], pieces[i]);
            if (piece.Total < 0)
            {
                fetch.Session.NotFetched(fetch);
            }
            else if (piece.Whole is { } payload)
            {
                whole.Add((fetch, payload));
            }
            else if (piece.Bytes.Length == piece.Total)
            {
                core.CountReceived(piece.Bytes.Length);
                whole.Add((fetch, Payload.FromBytes(piece.Bytes)));
            }
            else
            {
                _ = LargeAsync(fetch, piece);
            }
        }

        Decode(whole);
    }

    /// <summary>The rest of a value of more than one piece.</summary>
    private async Task LargeAsync(Fetch fetch, ValuePiece first)
    {
        await _large.WaitAsync();
        try
        {
            var began = core.Time.GetTimestamp();
            if (await LargeValue.ReadAsync(core, fetch.Session.Id, fetch.Key, fetch.Holder, first) is not { } bytes)
            {
                fetch.Session.NotFetched(fetch);
                return;
            }

            Rate.Note(bytes.Length - first.Bytes.Length, core.Time.GetElapsedTime(began));
            Decode([(fetch, Payload.FromBytes(bytes))]);
        }
        catch (Exception exception)
        {
            core.LogFetchFailed(fetch.Holder, exception);
            if (++fetch.Tries >= MostTries)
            {
                fetch.Session.NotFetched(fetch, unreachable: true);
            }
            else
            {
                Add([fetch]);
            }
        }
        finally
        {
            _large.Release();
        }
    }

    private void Decode(List<(Fetch Fetch, Payload Payload)> whole)
    {
        if (whole.Count > 0)
        {
            core.Executor.PostAside(new ActionWork(() =>
            {
                foreach (var (fetch, payload) in whole)
                {
                    _ = DecodeAsync(fetch, payload);
                }
            }));
        }
    }

    private async Task DecodeAsync(Fetch fetch, Payload payload)
    {
        try
        {
            var preparing = core.Codes.PrepareAsync(fetch.Session.Id, payload);
            if (preparing.IsCompletedSuccessfully)
            {
                fetch.Session.Fetched(fetch, payload.Read<object?>(preparing.Result));
                return;
            }

            var decoding = await fetch.Session.CodeAsync(payload, preparing.AsTask(), null);
            core.Executor.PostAside(new ActionWork(() => Fetched(fetch, payload, decoding)));
        }
        catch (Exception exception)
        {
            fetch.Session.Undecodable(fetch, exception);
        }
    }

    private static void Fetched(Fetch fetch, Payload payload, PayloadDecoding decoding)
    {
        try
        {
            fetch.Session.Fetched(fetch, payload.Read<object?>(decoding));
        }
        catch (Exception exception)
        {
            fetch.Session.Undecodable(fetch, exception);
        }
    }

    private sealed class Holder(string address)
    {
        public string Address => address;

        public Queue<Fetch> Wanted { get; } = new();

        public int Calls { get; set; }
    }
}
