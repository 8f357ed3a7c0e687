using Orleans.Dask.Arrays;

namespace Orleans.Dask;

/// <summary>Your functions on chunks, lines and windows.</summary>
public static class DaskArrayFunctional
{
    /// <param name="array">The array.</param>
    extension<T>(DaskArray<T> array)
        where T : unmanaged
    {
        /// <summary>A function of each chunk.</summary>
        /// <param name="function">Takes a chunk, gives one; must not change what it takes.</param>
        /// <param name="chunks">Of the answer, when the function changes shapes.</param>
        /// <param name="dropAxis">Axes that go away.</param>
        /// <param name="newAxis">Axes that come, as positions in the answer.</param>
        public DaskArray<TResult> MapBlocks<TResult>(Func<NDArray<T>, NDArray<TResult>> function, ChunkSpec? chunks = null, Axes dropAxis = default, Axes newAxis = default)
            where TResult : unmanaged
        {
            ArgumentNullException.ThrowIfNull(function);
            return array.MapBlocks((block, _) => function(block), chunks, dropAxis, newAxis);
        }

        /// <summary>A function of each chunk and where it stands; parameters as of the function of the chunk alone.</summary>
        public DaskArray<TResult> MapBlocks<TResult>(Func<NDArray<T>, BlockInfo, NDArray<TResult>> function, ChunkSpec? chunks = null, Axes dropAxis = default, Axes newAxis = default)
            where TResult : unmanaged
        {
            ArgumentNullException.ThrowIfNull(function);
            var source = array.Source;
            var drop = dropAxis.List is null ? [] : dropAxis.Resolve(array.Rank);
            int[] kept = [.. Enumerable.Range(0, array.Rank).Where(a => !drop.Contains(a))];
            var fresh = newAxis.List is { } list ? Strided.Axes(list, kept.Length + list.Length) : [];
            var from = new int[kept.Length + fresh.Length];
            var next = 0;
            for (var axis = 0; axis < from.Length; axis++)
            {
                from[axis] = fresh.Contains(axis) ? -1 : kept[next++];
            }

            if (Array.Find(drop, a => source.Chunks[a].Length > 1) is var split && Array.Exists(drop, a => source.Chunks[a].Length > 1))
            {
                throw new ChunkException($"Axis {split} goes away, but has {source.Chunks[split].Length} chunks. Rechunk it into one first.");
            }

            var result = Array.ConvertAll(from, a => a < 0 ? Shapes.One : source.Chunks[a]);
            if (chunks is { } given)
            {
                result = given.ResolveBlocks(result, array.DType);
            }

            var grid = new BlockGrid(result);
            long[][] starts = [.. Enumerable.Range(0, grid.Rank).Select(grid.Starts)];
            return new(BlockMap.Lower("map-blocks", ArrayToken.Unique(), DTypes.Of<TResult>(), result, [source], position =>
            {
                var block = new int[source.Rank];
                for (var axis = 0; axis < from.Length; axis++)
                {
                    if (from[axis] >= 0)
                    {
                        block[from[axis]] = position[axis];
                    }
                }

                return [source.Key(block)];
            }, (blocks, position) => function((NDArray<T>)blocks[0], new BlockInfo(position, starts))));
        }

        /// <summary>A function of the chunks of two arrays, side by side.</summary>
        public DaskArray<TResult> MapBlocks<TOther, TResult>(DaskArray<TOther> other, Func<NDArray<T>, NDArray<TOther>, NDArray<TResult>> function)
            where TOther : unmanaged
            where TResult : unmanaged
        {
            ArgumentNullException.ThrowIfNull(function);
            var (inputs, chunks) = Element.Align(array.Recipe, other.Recipe);
            SourceRecipe[] sources = [inputs[0].Materialize(), inputs[1].Materialize()];
            return new(BlockMap.Lower("map-blocks", ArrayToken.Unique(), DTypes.Of<TResult>(), chunks, sources, position => [sources[0].Key(position), sources[1].Key(position)],
                (blocks, _) => function((NDArray<T>)blocks[0], (NDArray<TOther>)blocks[1])));
        }

        /// <summary>A function of each chunk grown by what lies around it; the rim is cut off its answer.</summary>
        /// <param name="function">Keeps the shape of what it takes.</param>
        /// <param name="depth">How far, for all axes.</param>
        /// <param name="boundary">What stands beyond the ends.</param>
        public DaskArray<T> MapOverlap(Func<NDArray<T>, NDArray<T>> function, int depth, Boundary boundary = default) =>
            array.MapOverlap(function, [.. Enumerable.Repeat(depth, array.Rank)], [.. Enumerable.Repeat(boundary, array.Rank)]);

        /// <summary>A function of each chunk grown by what lies around it; depth and boundary axis by axis.</summary>
        public DaskArray<T> MapOverlap(Func<NDArray<T>, NDArray<T>> function, int[] depth, Boundary[] boundary)
        {
            ArgumentNullException.ThrowIfNull(function);
            OverlapLayers.Check(depth, boundary, array.Rank);
            return new(OverlapLayers.Lower(array.Recipe, depth, Array.ConvertAll(boundary, b => b.Text), ArrayToken.Unique(), array.DType, block => function((NDArray<T>)block)));
        }

        /// <summary>Every chunk grown by what lies around it: the array in overlapping pieces, to be cut back by <see cref="TrimOverlap{T}"/>.</summary>
        /// <param name="depth">How far, axis by axis.</param>
        /// <param name="boundary">What stands beyond the ends.</param>
        public DaskArray<T> Overlap(int[] depth, Boundary[] boundary)
        {
            OverlapLayers.Check(depth, boundary, array.Rank);
            return new(OverlapLayers.Grow(array.Recipe, depth, Array.ConvertAll(boundary, b => b.Text)).Wide);
        }

        /// <summary>Cuts off what <see cref="Overlap{T}"/> added.</summary>
        /// <param name="depth">As there.</param>
        /// <param name="boundary">As there.</param>
        public DaskArray<T> TrimOverlap(int[] depth, Boundary[] boundary)
        {
            OverlapLayers.Check(depth, boundary, array.Rank);
            return new(OverlapLayers.Trim(array.Recipe, depth, Array.ConvertAll(boundary, b => b.Text)));
        }

        /// <summary>All windows of a length along axes: entry i of an axis holds positions i to i + length - 1, along a new last axis. Blocks are views.</summary>
        /// <param name="windowShape">Length of the window along each of the axes.</param>
        /// <param name="axis">Which; all when left out.</param>
        /// <remarks>As numpy.lib.stride_tricks.sliding_window_view.</remarks>
        public DaskArray<T> SlidingWindowView(int[] windowShape, Axes axis = default) => new(Windowed.Sliding(array.Recipe, windowShape, axis.Resolve(array.Rank)));

        /// <summary>A function of every line along an axis; its answer replaces the axis.</summary>
        /// <param name="function">Takes a line, gives as many values as every other time.</param>
        /// <param name="axis">Comes into one chunk.</param>
        public DaskArray<TResult> ApplyAlongAxis<TResult>(Func<NDArray<T>, NDArray<TResult>> function, int axis)
            where TResult : unmanaged
        {
            ArgumentNullException.ThrowIfNull(function);
            axis = Strided.Axis(axis, array.Rank);
            var length = Shapes.Known(array.Recipe, axis);
            var probe = function(new NDArray<T>(new T[length], [(int)length]));
            var source = BlockMap.Whole(array.Recipe, axis).Materialize();
            long[][] chunks = [.. source.Chunks.Take(axis), .. probe.Dimensions.Select(d => new[] { (long)d }), .. source.Chunks.Skip(axis + 1)];
            return new(BlockMap.Lower("apply-along-axis", ArrayToken.Unique(), DTypes.Of<TResult>(), chunks, [source],
                position => [source.Key([.. position.Take(axis), 0, .. position.Skip(axis + probe.Rank)])],
                (blocks, _) => Lines.Apply((NDArray<T>)blocks[0], axis, function, probe.Dimensions)));
        }

        /// <summary>A reduction of yours: a function of each chunk along axes (which stay with length 1), and one of what the chunks gave, joined.</summary>
        /// <param name="chunk">Reduces a chunk over axes, keeping them with length 1.</param>
        /// <param name="aggregate">Joins chunks' answers likewise; used level by level.</param>
        /// <param name="axis">Which axes.</param>
        /// <param name="keepDims">Leave them with length 1.</param>
        /// <param name="splitEvery">How many chunks one task combines.</param>
        public DaskArray<TResult> Reduction<TResult>(Func<NDArray<T>, int[], NDArray<TResult>> chunk, Func<NDArray<TResult>, int[], NDArray<TResult>> aggregate, Axes axis = default, bool keepDims = false, int splitEvery = ReduceLayers.DefaultSplitEvery)
            where TResult : unmanaged =>
            new(CustomReduction.Lower(array.Recipe, chunk, aggregate, axis.Resolve(array.Rank), keepDims, splitEvery));

        /// <summary>Windows of n along axes reduced to one each.</summary>
        /// <param name="reduction">Reduces over the axes it is given, which go away.</param>
        /// <param name="axes">Axis to window length.</param>
        /// <param name="trimExcess">Drop what fills no window; otherwise a remainder is an error.</param>
        public DaskArray<TResult> Coarsen<TResult>(Func<NDArray<T>, int[], NDArray<TResult>> reduction, Dictionary<int, int> axes, bool trimExcess = false)
            where TResult : unmanaged => new(Windowed.Coarsen(array.Recipe, reduction, axes, trimExcess));
    }
}
