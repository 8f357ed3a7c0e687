using Orleans.Streams;

namespace Orleans.Dask.Streams;

/// <summary>Doors between pipelines and the Orleans streams of a cluster.</summary>
public static class OrleansStreams
{
    private const string Namespace = "dask";

    /// <summary>The memory stream of that name on the client's cluster: whoever names it meets there. For streams of other providers use Orleans' own <c>GetStreamProvider</c>.</summary>
    /// <param name="client">A client of a cluster whose silos offer the provider, as those of <c>LocalCluster</c> do.</param>
    /// <param name="name">Any text.</param>
    public static IAsyncStream<T> OrleansStream<T>(this DaskClient client, string name)
    {
        ArgumentNullException.ThrowIfNull(client);
        return client.Cluster is IClusterClient cluster
            ? cluster.GetStreamProvider(DaskClient.StreamProvider).GetStream<T>(StreamId.Create(Namespace, name))
            : throw new InvalidOperationException($"This client was opened through a {client.Cluster.GetType().Name}, which has no streams. Open it through an IClusterClient.");
    }

    /// <summary>Publishes each event to an Orleans stream; the next one waits until it is accepted. Dispose the returned value to stop that.</summary>
    public static IDisposable SinkTo<T>(this StreamNode<T> source, IAsyncStream<T> stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return source.SinkAsync(item => new ValueTask(stream.OnNextAsync(item)));
    }
}
