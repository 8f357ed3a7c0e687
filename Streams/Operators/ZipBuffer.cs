namespace Orleans.Dask.Streams;

/// <summary>Events of one side that wait for the other sides. When there are too many, those who bring them wait.</summary>
internal sealed class ZipBuffer<T>(int maxSize)
{
    private readonly Queue<T> _items = new();
    private readonly Queue<TaskCompletionSource> _waiting = new();

    public bool IsEmpty => _items.Count == 0;

    /// <returns>Completed once the buffer holds no more than it should.</returns>
    public ValueTask Add(T item)
    {
        _items.Enqueue(item);
        return Wait();
    }

    public void Enqueue(T item) => _items.Enqueue(item);

    public ValueTask Wait()
    {
        if (_items.Count <= maxSize)
        {
            return default;
        }

        var room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Enqueue(room);
        return new ValueTask(room.Task);
    }

    public T Take()
    {
        var item = _items.Dequeue();
        if (_waiting.TryDequeue(out var room))
        {
            room.SetResult();
        }

        return item;
    }
}
