namespace Orleans.Dask.Arrays;

/// <summary>The memory of one chunk and of all views of it, while somebody has them.</summary>
/// <param name="array">Rented from a <see cref="ChunkPool{T}"/>.</param>
/// <param name="start">Its first element on a cache line's boundary.</param>
internal sealed class ChunkLease<T>(T[] array, int start) : ILent
    where T : unmanaged
{
    private const int Kept = int.MinValue / 2;
    private int _holders;

    public T[] Array { get; } = array;

    public int Start { get; } = start;

    public void Hold() => Interlocked.Increment(ref _holders);

    public void LetGo()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            ChunkPool<T>.Return(this);
        }
    }

    // Far enough below zero that no count of holders comes back to it.
    public void Keep() => Volatile.Write(ref _holders, Kept);
}
