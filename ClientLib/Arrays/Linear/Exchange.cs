namespace Orleans.Dask.Arrays;

/// <summary>
/// The exchange of rows that brings pivot rows to a run of positions: pivot p comes to <c>start + p</c>; rows of the run that are no
/// pivots go, in order, to the places that pivots from below left.
/// </summary>
internal readonly struct Exchange
{
    private readonly long[] _pivots;
    private readonly long _start;
    private readonly long _end;

    /// <param name="pivots">Positions of the pivot rows, all in the run or after it.</param>
    /// <param name="start">Where the run begins.</param>
    /// <param name="end">Where it ends; it is as long as there are pivots.</param>
    public Exchange(NDArray pivots, long start, long end) => (_pivots, _start, _end) = (((NDArray<long>)pivots).ToArray(), start, end);

    /// <summary>The rows of a tile that are among the pivots, from above.</summary>
    public static NDArray From(NDArray tile, NDArray pivots, long first, long last) =>
        Indexer.Take(tile, [.. ((NDArray<long>)pivots).ToArray().Where(p => p >= first && p < last).Order().Select(p => p - first)], 0);

    /// <summary>A vector of all rows after the exchange.</summary>
    public long[] Apply(long[] rows)
    {
        var result = (long[])rows.Clone();
        for (var p = 0; p < _pivots.Length; p++)
        {
            result[_start + p] = rows[_pivots[p]];
        }

        foreach (var (place, row) in Displaced())
        {
            result[place] = rows[row];
        }

        return result;
    }

    /// <summary>The run's tile after the exchange.</summary>
    /// <param name="tile">As it was.</param>
    /// <param name="below">Per tile below, its rows among the pivots (<see cref="From"/>).</param>
    public NDArray Top<T>(NDArray tile, object?[] below)
        where T : unmanaged
    {
        var columns = tile.Dimensions[1];
        NDArray<T> result = new(tile.Dimensions);
        var own = ((NDArray<T>)tile).Span;
        for (var p = 0; p < _pivots.Length; p++)
        {
            if (_pivots[p] < _end)
            {
                own.Slice((int)(_pivots[p] - _start) * columns, columns).CopyTo(result.Data[(p * columns)..]);
            }
        }

        var (pivots, end) = (_pivots, _end);
        using var coming = Enumerable.Range(0, pivots.Length).Where(p => pivots[p] >= end).OrderBy(p => pivots[p]).GetEnumerator();
        foreach (var rows in below)
        {
            var span = ((NDArray<T>)rows!).Span;
            for (var row = 0; row < ((NDArray)rows).Dimensions[0] && coming.MoveNext(); row++)
            {
                span.Slice(row * columns, columns).CopyTo(result.Data[(coming.Current * columns)..]);
            }
        }

        return result;
    }

    /// <summary>A tile below after the exchange.</summary>
    /// <param name="tile">As it was.</param>
    /// <param name="run">The run's tile as it was.</param>
    /// <param name="first">Where the tile begins.</param>
    public NDArray Fill<T>(NDArray tile, NDArray run, long first)
        where T : unmanaged
    {
        var last = first + tile.Dimensions[0];
        (long Place, long Row)[] own = [.. Displaced().Where(d => d.Place >= first && d.Place < last)];
        if (own.Length == 0)
        {
            return tile;
        }

        var columns = tile.Dimensions[1];
        var result = (NDArray<T>)Strided.Copy(tile);
        var rows = ((NDArray<T>)run).Span;
        foreach (var (place, row) in own)
        {
            rows.Slice((int)(row - _start) * columns, columns).CopyTo(result.Data[((int)(place - first) * columns)..]);
        }

        return result;
    }

    /// <summary>The places that pivots left below the run, and the rows of the run that go there.</summary>
    private (long Place, long Row)[] Displaced()
    {
        var (start, end) = (_start, _end);
        var chosen = _pivots.ToHashSet();
        var left = Enumerable.Range(0, (int)(end - start)).Select(i => start + i).Where(r => !chosen.Contains(r));
        return [.. _pivots.Where(p => p >= end).Order().Zip(left)];
    }
}
