using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Grains.Execution;

/// <summary>
/// Brings the inputs of tasks from other workers: all that is wanted of one holder in one call, larger ones piece by piece, a few at a time,
/// each once however many tasks wait for it.
/// </summary>
internal sealed class InputFetcher(WorkerCore core) : HolderQueues<Fetch>(core, CallsPerHolder, KeysPerCall), IDisposable
{
    private const int CallsPerHolder = 2;
    private const int KeysPerCall = 512;
    private const int LargeAtATime = 4;
    private const int MostTries = 3;

    private static readonly TimeSpan s_retry = TimeSpan.FromMilliseconds(200);

    private readonly SemaphoreSlim _large = new(LargeAtATime);

    /// <summary>How fast inputs have come lately.</summary>
    public TransferRate Rate { get; } = new(core.Time);

    public void Dispose() => _large.Dispose();

    public void Add(IReadOnlyList<Fetch> fetches)
    {
        // Its last holder was lost as the task was sent here: the scheduler will know how to have it again.
        foreach (var fetch in fetches.Where(fetch => fetch.Holder.Length == 0))
        {
            Core.Executor.PostAside(new ActionWork(() => fetch.Session.NotFetched(fetch)));
        }

        Enqueue(fetches.Where(fetch => fetch.Holder.Length > 0));
    }

    protected override Task ArrivedAsync(List<Fetch> wanted, ValuePiece[] pieces, TimeSpan took)
    {
        Rate.Note(pieces.Sum(piece => (long)piece.Bytes.Length), took);
        Arrived(wanted, pieces);
        return Task.CompletedTask;
    }

    protected override async Task FailedAsync(List<Fetch> wanted, Exception exception)
    {
        await Task.Delay(s_retry, Core.Time);
        foreach (var fetch in wanted)
        {
            if (++fetch.Tries >= MostTries && !Planted.FetchesNeverGiveUp)
            {
                fetch.Session.NotFetched(fetch, unreachable: true);
            }
            else
            {
                Enqueue([fetch]);
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
                Core.CountReceived(piece.Bytes.Length);
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
            var began = Core.Time.GetTimestamp();
            if (await LargeValue.ReadAsync(Core, fetch.Session.Id, fetch.Key, fetch.Holder, first) is not { } bytes)
            {
                fetch.Session.NotFetched(fetch);
                return;
            }

            Rate.Note(bytes.Length - first.Bytes.Length, Core.Time.GetElapsedTime(began));
            Decode([(fetch, Payload.FromBytes(bytes))]);
        }
        catch (Exception exception)
        {
            Core.LogFetchFailed(fetch.Holder, exception);
            if (++fetch.Tries >= MostTries)
            {
                fetch.Session.NotFetched(fetch, unreachable: true);
            }
            else if (!Planted.LargeInputsAreAskedForOnce)
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
            Core.Executor.PostAside(new ActionWork(() =>
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
            var preparing = Core.Codes.PrepareAsync(fetch.Session.Id, payload);
            if (preparing.IsCompletedSuccessfully)
            {
                fetch.Session.Fetched(fetch, payload.Read<object?>(preparing.Result));
                return;
            }

            var decoding = await fetch.Session.CodeAsync(payload, preparing.AsTask(), null);
            Core.Executor.PostAside(new ActionWork(() => Fetched(fetch, payload, decoding)));
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
}
