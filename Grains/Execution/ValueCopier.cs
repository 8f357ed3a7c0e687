using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Grains.Storage;

namespace Orleans.Dask.Grains.Execution;

/// <summary>
/// Fetches values that no task here takes, since their scheduler wants them kept here: as bytes, which need neither code nor
/// decoding. Many small ones in one call, large ones piece by piece, one at a time in each call.
/// </summary>
internal sealed class ValueCopier(WorkerCore core) : HolderQueues<WantedCopy>(core, CallsPerHolder, KeysPerCall)
{
    private const int CallsPerHolder = 2;
    private const int KeysPerCall = 256;
    private const int MostTries = 3;

    private static readonly TimeSpan s_retry = TimeSpan.FromMilliseconds(200);

    public void Add(WorkerSession session, TaskKey key, string holder) => Enqueue([new WantedCopy(session, key, holder)]);

    protected override async Task ArrivedAsync(List<WantedCopy> wanted, ValuePiece[] pieces, TimeSpan took)
    {
        for (var i = 0; i < wanted.Count; i++)
        {
            try
            {
                await KeepAsync(wanted[i], pieces[i]);
            }
            catch (Exception exception)
            {
                // What came before it and what comes after it with the same answer is here all the same.
                Core.LogFetchFailed(wanted[i].Holder, exception);
                await FailedAsync([wanted[i]], exception);
            }
        }
    }

    /// <summary>A holder out of reach is asked again after a while. Where a value would not be read, those asked for with it are asked for one by one.</summary>
    protected override async Task FailedAsync(List<WantedCopy> wanted, Exception exception)
    {
        var unreachable = exception is TimeoutException or OrleansException;
        if (unreachable)
        {
            await Task.Delay(s_retry, Core.Time);
        }

        foreach (var copy in wanted)
        {
            if (wanted.Count > 1 && !unreachable)
            {
                Enqueue([copy with { Alone = true }]);
            }
            else if (unreachable && copy.Tries + 1 < MostTries)
            {
                Enqueue([copy with { Tries = copy.Tries + 1 }]);
            }
            else
            {
                copy.Session.NotCopied(copy.Key, copy.Holder, unreachable);
            }
        }
    }

    private async Task KeepAsync(WantedCopy wanted, ValuePiece first)
    {
        if (first.Whole is { } whole)
        {
            wanted.Session.Copied(wanted.Key, StoredValue.OfObject(whole.Read<object?>(), first.Total));
        }
        else if (first.Total >= 0 && await LargeValue.ReadAsync(Core, wanted.Session.Id, wanted.Key, wanted.Holder, first) is { } bytes)
        {
            wanted.Session.Copied(wanted.Key, StoredValue.OfBytes(bytes));
        }
        else
        {
            wanted.Session.NotCopied(wanted.Key, wanted.Holder, unreachable: false);
        }
    }
}

/// <summary>A value to be kept here.</summary>
internal sealed record WantedCopy(WorkerSession Session, TaskKey Key, string Holder) : IWanted
{
    public int Tries { get; init; }

    /// <inheritdoc/>
    public bool Alone { get; init; }
}
