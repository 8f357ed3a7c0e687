using Orleans.Dask.Arrays;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask;

/// <summary>An array by its blocks.</summary>
public static class DaskArrayBlocks
{
    private static readonly Lock s_writing = new();

    /// <param name="array">The array.</param>
    extension<T>(DaskArray<T> array)
        where T : unmanaged
    {
        /// <summary>Every chunk as a lazy value, in row-major order.</summary>
        public IReadOnlyList<Delayed<NDArray<T>>> ToDelayed()
        {
            var graph = array.ToGraph();
            return [.. array.Keys().Select(key => new Delayed<NDArray<T>>(graph[key], [], graph))];
        }

        /// <summary>Computes the array and hands over each chunk where it is made: to a file, a database, an array.</summary>
        /// <param name="write">Takes the position of the chunk's first element, and the chunk. On a cluster it runs in the silos.</param>
        /// <param name="lockWrites">One at a time in each process, for targets that bear no two writers.</param>
        /// <param name="scheduler">Where; null: the open client, else this process.</param>
        /// <param name="cancellationToken">Stops what is not begun.</param>
        public async Task StoreAsync(Action<IReadOnlyList<long>, NDArray<T>> write, bool lockWrites = true, IGraphScheduler? scheduler = null, CancellationToken cancellationToken = default)
        {
            ArgumentNullException.ThrowIfNull(write);
            var source = array.Source;
            var name = $"store-{ArrayToken.Unique()}";
            var function = Writing(write, lockWrites);
            var layer = new BlockLayer(name, source.Grid.Count, [source.Layer], i => new CallNode(new TaskKey(name, i), function, [source.Key(i)], [source.Grid.Origin(source.Grid.Position(i)), Input.At(0)]));
            await (scheduler ?? DaskScheduler.Default).ComputeAsync(source.Graph.With(layer), [.. Enumerable.Range(0, layer.Count).Select(i => new TaskKey(name, i))], cancellationToken);
        }
    }

    private static KernelFunction Writing<T>(Action<IReadOnlyList<long>, NDArray<T>> write, bool lockWrites)
        where T : unmanaged => new("store", arguments =>
        {
            var (origin, block) = ((long[])arguments[0]!, (NDArray<T>)arguments[1]!);
            if (lockWrites)
            {
                lock (s_writing)
                {
                    write(origin, block);
                }
            }
            else
            {
                write(origin, block);
            }

            return null;
        });
}
