namespace Orleans.Dask.Streams;

/// <summary>Where events enter a pipeline.</summary>
/// <example><code>
/// var source = new StreamSource&lt;int&gt;();
/// source.Map(x => x + 1).Sink(Console.WriteLine);
/// source.Emit(41);
/// </code></example>
/// <typeparam name="T">The events.</typeparam>
public sealed class StreamSource<T> : StreamNode<T>
{
    /// <summary>A source that nothing is connected to yet.</summary>
    /// <param name="name">For messages.</param>
    public StreamSource(string name = "source")
        : base(name)
    {
    }

    /// <summary>Hands in one event. Await it before the next.</summary>
    /// <returns>Completed once every node on its way has taken it and there is room for the next. Faulted, or thrown, if one of them failed; the pipeline lives on.</returns>
    public ValueTask EmitAsync(T item) => PublishAsync(item);

    /// <summary>Hands in one event and blocks this thread while the pipeline is full. From a grain or another single-threaded place use <see cref="EmitAsync"/>.</summary>
    public void Emit(T item)
    {
        var taken = PublishAsync(item);
        if (taken.IsCompleted)
        {
            taken.GetAwaiter().GetResult();
        }
        else
        {
            taken.AsTask().GetAwaiter().GetResult();
        }
    }
}
