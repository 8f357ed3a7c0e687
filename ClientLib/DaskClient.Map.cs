using System.Runtime.CompilerServices;
using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Session;

namespace Orleans.Dask;

public sealed partial class DaskClient
{
    // Tasks handed over at a time: the first ones run while the rest are being made.
    private const int MapChunk = 512;

    /// <summary>Calls a function once for every item, each call a task with a key of its own.</summary>
    /// <param name="call">As for <see cref="Submit{TResult}(Func{TResult})"/>.</param>
    /// <param name="items">What to call it with.</param>
    /// <returns>The futures, in the order of the items.</returns>
    public IReadOnlyList<Future<TResult>> Map<T, TResult>(Func<T, TResult> call, IEnumerable<T> items) => MapCall<T, TResult>(call, items, ConstantOf);

    /// <inheritdoc cref="Map{T, TResult}(Func{T, TResult}, IEnumerable{T})"/>
    public IReadOnlyList<Future<TResult>> Map<T, TResult>(Func<T, Task<TResult>> call, IEnumerable<T> items) => MapCall<T, TResult>(call, items, ConstantOf);

    /// <summary>Calls a function once for the value of every future.</summary>
    /// <inheritdoc cref="Map{T, TResult}(Func{T, TResult}, IEnumerable{T})"/>
    [OverloadResolutionPriority(1)]
    public IReadOnlyList<Future<TResult>> Map<T, TResult>(Func<T, TResult> call, IEnumerable<Future<T>> items) => MapCall<Future<T>, TResult>(call, items, FutureOf);

    /// <inheritdoc cref="Map{T, TResult}(Func{T, TResult}, IEnumerable{Future{T}})"/>
    [OverloadResolutionPriority(1)]
    public IReadOnlyList<Future<TResult>> Map<T, TResult>(Func<T, Task<TResult>> call, IEnumerable<Future<T>> items) => MapCall<Future<T>, TResult>(call, items, FutureOf);

    /// <summary>Calls a function once for every pair of items, up to the end of the shorter sequence.</summary>
    /// <inheritdoc cref="Map{T, TResult}(Func{T, TResult}, IEnumerable{T})"/>
    public IReadOnlyList<Future<TResult>> Map<T1, T2, TResult>(Func<T1, T2, TResult> call, IEnumerable<T1> first, IEnumerable<T2> second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return MapCall<(T1, T2), TResult>(call, first.Zip(second), static (client, pair) => client.Encode([Arg.Of(pair.Item1), Arg.Of(pair.Item2)]));
    }

    private static (FutureState[] Inputs, Payload? Constants, List<FutureState>? Made) ConstantOf<T>(DaskClient client, T item) => client.Encode([Arg.Of(item)]);

    private static (FutureState[] Inputs, Payload? Constants, List<FutureState>? Made) FutureOf<T>(DaskClient client, Future<T> item) => ([item.State], null, null);

    private Future<TResult>[] MapCall<T, TResult>(Delegate call, IEnumerable<T> items, Func<DaskClient, T, (FutureState[] Inputs, Payload? Constants, List<FutureState>? Made)> bind)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(items);
        var function = Link.Functions.Of(call);
        var futures = new List<Future<TResult>>(items.TryGetNonEnumeratedCount(out var count) ? count : 0);
        var chunk = new FutureState[Math.Min(MapChunk, Math.Max(1, count == 0 ? MapChunk : count))];
        var filled = 0;
        List<FutureState>? madeInAll = null;
        foreach (var item in items)
        {
            var (inputs, constants, made) = bind(this, item);
            if (made is not null)
            {
                (madeInAll ??= []).AddRange(made);
            }

            var state = Link.NewState(Link.Functions.NextKey(function, call), function, inputs, constants);
            futures.Add(new Future<TResult>(state));
            chunk[filled++] = state;
            if (filled == chunk.Length)
            {
                Link.Submit(chunk);
                filled = 0;
            }
        }

        Link.Submit(chunk.AsSpan(0, filled));
        madeInAll?.ForEach(Link.Drop);
        return [.. futures];
    }
}
