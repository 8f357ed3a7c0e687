using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Grains.Execution;

/// <summary>A value to be read from another worker.</summary>
internal interface IWanted
{
    WorkerSession Session { get; }

    TaskKey Key { get; }

    string Holder { get; }

    /// <summary>To be asked for by itself.</summary>
    bool Alone => false;
}

/// <summary>
/// Asks other workers for values: each has a queue of its own, so that one that is slow or dead holds up nobody else's. Many values of one
/// session go in one call, few calls at a time to one worker.
/// </summary>
internal abstract class HolderQueues<TWanted>(WorkerCore core, int callsPerHolder, int keysPerCall)
    where TWanted : class, IWanted
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Queued> _holders = new(StringComparer.Ordinal);

    protected WorkerCore Core => core;

    protected void Enqueue(IEnumerable<TWanted> all)
    {
        lock (_gate)
        {
            foreach (var wanted in all)
            {
                if (!_holders.TryGetValue(wanted.Holder, out var holder))
                {
                    _holders.Add(wanted.Holder, holder = new Queued(wanted.Holder));
                }

                holder.Wanted.Enqueue(wanted);
                if (holder.Calls < callsPerHolder && (holder.Calls == 0 || holder.Wanted.Count >= keysPerCall))
                {
                    holder.Calls++;
                    core.Executor.PostAside(new ActionWork(() => _ = CallAsync(holder)));
                }
            }
        }
    }

    /// <summary>First pieces came, one for each of what was wanted, within <paramref name="took"/>.</summary>
    protected abstract Task ArrivedAsync(List<TWanted> wanted, ValuePiece[] pieces, TimeSpan took);

    /// <summary>The holder did not answer, or with an error. Until this is through it gets no further call in this one's place.</summary>
    protected abstract Task FailedAsync(List<TWanted> wanted, Exception exception);

    private async Task CallAsync(Queued holder)
    {
        while (Take(holder) is { } wanted)
        {
            try
            {
                var table = new KeyTable();
                var keys = wanted.Select(one => table.Write(one.Key)).ToArray();
                var began = core.Time.GetTimestamp();
                var pieces = await core.Worker(holder.Address)
                    .ReadManyAsync(new ReadRequest(wanted[0].Session.Id, table.Names(), keys, core.Options.Process))
                    .WaitAsync(s_deadline, core.Time);
                if (pieces.Length < wanted.Count)
                {
                    // There was no room for the rest in the answer.
                    Enqueue(wanted.Skip(pieces.Length));
                    wanted.RemoveRange(pieces.Length, wanted.Count - pieces.Length);
                }

                await ArrivedAsync(wanted, pieces, core.Time.GetElapsedTime(began));
            }
            catch (Exception exception)
            {
                core.LogFetchFailed(holder.Address, exception);
                await FailedAsync(wanted, exception);
            }
        }
    }

    /// <summary>What one call can ask for.</summary>
    private List<TWanted>? Take(Queued holder)
    {
        lock (_gate)
        {
            if (!holder.Wanted.TryDequeue(out var first))
            {
                if (--holder.Calls == 0)
                {
                    _holders.Remove(holder.Address);
                }

                return null;
            }

            var wanted = new List<TWanted> { first };
            while (!first.Alone && wanted.Count < keysPerCall && holder.Wanted.TryPeek(out var next) && !next.Alone && next.Session == first.Session)
            {
                wanted.Add(holder.Wanted.Dequeue());
            }

            return wanted;
        }
    }

    private sealed class Queued(string address)
    {
        public string Address => address;

        public Queue<TWanted> Wanted { get; } = new();

        public int Calls { get; set; }
    }
}
