using Orleans.Dask.Session;

namespace Orleans.Dask;

public sealed partial class DaskClient
{
    /// <summary>Puts a value into a silo's store. Tasks that take it run there where they can.</summary>
    /// <param name="value">Not changed afterwards.</param>
    /// <param name="workers">Addresses of silos that may keep it, as <see cref="Grains.Interfaces.WorkerInfo.Address"/>; null: all, in turn.</param>
    /// <param name="replicas">How many silos keep it. Default 1: lost with its silo, it stays lost.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="Grains.Interfaces.NoWorkerException">There are fewer silos than copies. Where there are none, they are waited for, for <see cref="DaskClientOptions.GiveUpAfter"/>.</exception>
    public async Task<Future<T>> ScatterAsync<T>(T value, IReadOnlyList<string>? workers = null, int replicas = 1, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(replicas, 1);
        var key = Link.Functions.NewLayer(TypeNames.Of(typeof(T))).Next()!.Value;
        var source = await Link.ScatterAsync(key, Link.Coding.Encode(value), workers, replicas, cancellationToken);
        var state = Link.NewState(key, source, [], null);
        Link.Submit([state]);
        var future = new Future<T>(state);
        try
        {
            await state.WhenEnded(cancellationToken);
            return state.Status == FutureStatus.Error ? throw Failure.Of(state) : future;
        }
        catch
        {
            // Nobody gets it, and the collector would let it go only some time.
            future.Dispose();
            throw;
        }
    }

    /// <summary>As <see cref="ScatterAsync{T}"/>, but kept here too for as long as its future is, so that no silo's end loses it.</summary>
    internal async Task<Future<T>> KeepAsync<T>(T value)
    {
        var state = Data(Link.Coding.Encode(value));
        var future = new Future<T>(state);
        await state.WhenEnded(CancellationToken.None);
        return state.Status == FutureStatus.Error ? throw Failure.Of(state) : future;
    }

    /// <summary>Puts every item of a list into a store, spread over the silos.</summary>
    /// <returns>The futures, in the order of the items.</returns>
    /// <inheritdoc cref="ScatterAsync{T}(T, IReadOnlyList{string}, int, CancellationToken)"/>
    /// <param name="values">Each becomes a value of its own.</param>
    /// <param name="workers"></param>
    /// <param name="replicas"></param>
    /// <param name="cancellationToken"></param>
    public async Task<IReadOnlyList<Future<T>>> ScatterAllAsync<T>(
        IEnumerable<T> values, IReadOnlyList<string>? workers = null, int replicas = 1, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        var futures = new List<Future<T>>();
        foreach (var batch in values.Chunk(ReadsAtATime))
        {
            futures.AddRange(await Task.WhenAll(batch.Select(value => ScatterAsync(value, workers, replicas, cancellationToken))));
        }

        return futures;
    }
}
