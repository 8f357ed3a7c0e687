using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Grains.Storage;

namespace Orleans.Dask.Grains.Execution;

/// <summary>
/// Fetches values that no task here takes, since their scheduler wants them kept here: as bytes, which need neither code nor
/// decoding. Many small ones in one call, large ones piece by piece, a few calls at a time.
/// </summary>
internal sealed class ValueCopier(WorkerCore core)
{
    private const int CallsAtATime = 4;
    private const int KeysPerCall = 256;
    private const int MostTries = 3;

    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_retry = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private readonly Queue<Wanted> _wanted = new();
    private int _calls;

    public void Add(WorkerSession session, TaskKey key, string holder) => Add(new Wanted(session, key, holder));

    private void Add(Wanted wanted)
    {
        lock (_gate)
        {
            _wanted.Enqueue(wanted);
            if (_calls == CallsAtATime)
            {
                return;
            }

            _calls++;
        }

        core.Executor.PostAside(new ActionWork(() => _ = CallAsync()));
    }

    private async Task CallAsync()
    {
        while (Take() is { } batch)
        {
            await FetchAsync(batch);
        }
    }

    /// <summary>What one call can ask for: of one session and one holder.</summary>
    private List<Wanted>? Take()
    {
        lock (_gate)
        {
            if (!_wanted.TryDequeue(out var first))
            {
                _calls--;
                return null;
            }

            var batch = new List<Wanted> { first };
            while (!first.Alone && batch.Count < KeysPerCall && _wanted.TryPeek(out var next) && !next.Alone && next.Session == first.Session && next.Holder == first.Holder)
            {
                batch.Add(_wanted.Dequeue());
            }

            return batch;
        }
    }

    private async Task FetchAsync(List<Wanted> batch)
    {
        try
        {
            var table = new KeyTable();
            var keys = batch.Select(wanted => table.Write(wanted.Key)).ToArray();
            var pieces = await core.Worker(batch[0].Holder)
                .ReadManyAsync(new ReadRequest(batch[0].Session.Id, table.Names(), keys, core.Options.Process))
                .WaitAsync(s_deadline, core.Time);
            for (var i = 0; i < batch.Count; i++)
            {
                if (i >= pieces.Length)
                {
                    // There was no room for it in the answer.
                    Add(batch[i]);
                }
                else if (pieces[i].Total < 0)
                {
                    batch[i].Session.NotCopied(batch[i].Key, batch[i].Holder, unreachable: false);
                }
                else
                {
                    await KeepAsync(batch[i], pieces[i]);
                }
            }
        }
        catch (Exception exception)
        {
            core.LogFetchFailed(batch[0].Holder, exception);
            await TryAgainAsync(batch, unreachable: exception is TimeoutException or OrleansException);
        }
    }

    private async Task KeepAsync(Wanted wanted, ValuePiece first)
    {
        if (first.Whole is { } whole)
        {
            wanted.Session.Copied(wanted.Key, StoredValue.OfObject(whole.Read<object?>(), first.Total));
            return;
        }

        var bytes = await LargeValue.ReadAsync(core, wanted.Session.Id, wanted.Key, wanted.Holder, first);
        if (bytes is null)
        {
            wanted.Session.NotCopied(wanted.Key, wanted.Holder, unreachable: false);
        }
        else
        {
            wanted.Session.Copied(wanted.Key, StoredValue.OfBytes(bytes));
        }
    }

    /// <summary>A holder out of reach is asked again after a while. Where a value would not be read, those asked for with it are asked for one by one.</summary>
    private async Task TryAgainAsync(List<Wanted> batch, bool unreachable)
    {
        if (unreachable)
        {
            await Task.Delay(s_retry, core.Time);
        }

        foreach (var wanted in batch)
        {
            if (wanted.Session.Holds(wanted.Key))
            {
                // It had come before the call failed.
                continue;
            }

            if (batch.Count > 1 && !unreachable)
            {
                Add(wanted with { Alone = true });
            }
            else if (unreachable && wanted.Tries + 1 < MostTries)
            {
                Add(wanted with { Tries = wanted.Tries + 1 });
            }
            else
            {
                wanted.Session.NotCopied(wanted.Key, wanted.Holder, unreachable);
            }
        }
    }

    private sealed record Wanted(WorkerSession Session, TaskKey Key, string Holder)
    {
        public int Tries { get; init; }

        /// <summary>To be asked for by itself.</summary>
        public bool Alone { get; init; }
    }
}
