using Orleans.Dask.Session;

namespace Orleans.Dask;

public sealed partial class DaskClient
{
    // Values read from stores at a time; those that rode along with the news cost nothing.
    private const int ReadsAtATime = 16;

    /// <summary>Waits for all futures and brings their values here.</summary>
    /// <param name="futures">Of this client; a future may stand there twice.</param>
    /// <param name="cancellationToken">Ends the waiting, not the tasks.</param>
    /// <returns>The values, in the order of the futures.</returns>
    /// <exception cref="Grains.Interfaces.TaskFailedException">Of the first future, in order, of those that had failed when the first failure came.</exception>
    public async Task<T[]> GatherAsync<T>(IEnumerable<Future<T>> futures, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(futures);
        var held = futures.ToArray();
        var states = Array.ConvertAll(held, future => future.State);
        var values = new T[states.Length];
        await GatherAsync(states, Array.ConvertAll(states, _ => typeof(T)), (i, value) => values[i] = (T)value!, cancellationToken);
        GC.KeepAlive(held);
        return values;
    }

    /// <inheritdoc cref="GatherAsync{T}(IEnumerable{Future{T}}, CancellationToken)"/>
    public async Task<object?[]> GatherAsync(IEnumerable<Future> futures, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(futures);
        var held = futures.ToArray();
        var values = new object?[held.Length];
        await GatherAsync(Array.ConvertAll(held, future => future.State), Array.ConvertAll(held, future => future.ValueType), (i, value) => values[i] = value, cancellationToken);
        GC.KeepAlive(held);
        return values;
    }

    private async Task GatherAsync(FutureState[] states, Type[] types, Action<int, object?> take, CancellationToken cancellationToken)
    {
        await Countdown.WhenAllEnded(states, cancellationToken);
        var failed = Array.Find(states, state => state.Status is FutureStatus.Error or FutureStatus.Cancelled);
        if (failed is not null)
        {
            await Link.ReadAsync(failed, typeof(object), cancellationToken);
        }

        List<Task>? reads = null;
        for (var i = 0; i < states.Length; i++)
        {
            var read = Link.ReadAsync(states[i], types[i], cancellationToken);
            if (read.IsCompletedSuccessfully)
            {
                take(i, read.Result);
                continue;
            }

            (reads ??= []).Add(Take(read.AsTask(), i, take));
            if (reads.Count >= ReadsAtATime)
            {
                await Task.WhenAny(reads);
                reads = await Unfinished(reads);
            }
        }

        await Task.WhenAll(reads ?? []);
    }

    private static async Task Take(Task<object?> read, int place, Action<int, object?> take) => take(place, await read);

    private static async Task<List<Task>> Unfinished(List<Task> reads)
    {
        var open = new List<Task>(reads.Count);
        foreach (var read in reads)
        {
            if (read.IsCompleted)
            {
                await read;
            }
            else
            {
                open.Add(read);
            }
        }

        return open;
    }
}
