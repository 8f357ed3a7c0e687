namespace Orleans.Dask.Streams;

/// <summary>Takes events, one after the other.</summary>
/// <typeparam name="T">The events.</typeparam>
public interface IStreamTarget<in T>
{
    /// <summary>Takes one event.</summary>
    /// <returns>
    /// Completed once there is room for the next: this is the back-pressure that reaches the source. Completed at once,
    /// without an allocation, where nothing has to wait. An exception of user code comes out here, and so out of the emit.
    /// </returns>
    ValueTask ReceiveAsync(T item);
}
