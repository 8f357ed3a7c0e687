using System.Globalization;
using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Session;

namespace Orleans.Dask;

// The front door. A client is one session: its keys, its values and its code are its own, and go when it does.
//
//   DaskClient.Submit / .Map        calls of functions, one key each        Futures/
//   DaskClient.Graphs               graphs that collections made            Collections/
//   DaskClient.Scatter / .Gather    values to and from the silos' stores
//   Session/                        the conversation with the scheduler behind all of them

/// <summary>
/// A session on a cluster: submits functions and graphs, and hands out futures. Safe for use by many threads.
/// While it is open it runs what <c>ComputeAsync</c> is called for.
/// </summary>
/// <example><code>
/// await using var client = await DaskClient.ConnectAsync("localhost:30000");
/// Future&lt;int&gt; y = client.Submit(Inc, client.Submit(Inc, 1));
/// int three = await y;
/// </code></example>
[PayloadCodec(typeof(CapturedClientCodec))]
public sealed partial class DaskClient : IGraphScheduler, IAsyncDisposable
{
    private readonly SessionLink? _link;
    private readonly Func<ValueTask> _disconnect;
    private IDisposable? _registration;
    private int _disposed;

    /// <summary>The shadow of a client, in a task.</summary>
    internal DaskClient()
    {
        _disconnect = static () => default;
        Address = "none";
        _disposed = 1;
    }

    private DaskClient(SessionLink link, string address, Func<ValueTask> disconnect)
    {
        _link = link;
        _disconnect = disconnect;
        Address = address;
    }

    /// <summary>Where the cluster is, as it was given to <c>ConnectAsync</c>.</summary>
    public string Address { get; }

    /// <summary>The session's name. Part of the key of every grain that is one of its values.</summary>
    public SessionId Session => Link.Session;

    /// <summary>The silos that run tasks, as last heard of.</summary>
    public IReadOnlyList<WorkerInfo> Workers => Link.Workers;

    /// <exception cref="InvalidOperationException">This is the shadow of a client that a function captured and took with it to a silo.</exception>
    internal SessionLink Link => _link ?? throw new InvalidOperationException(
        "A client was captured by a function that runs on a silo, where it is not connected. Submit from the program, or pass what the function needs as an argument.");

    /// <summary>The memory streams that the silos of a local cluster offer.</summary>
    internal const string StreamProvider = "dask";

    /// <summary>What the session goes through.</summary>
    internal IGrainFactory Cluster => Link.Grains;

    /// <summary>Opens a session through a client of the cluster that is connected already, such as a silo's own.</summary>
    /// <param name="cluster">Stays open when the session is closed.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public static Task<DaskClient> ConnectAsync(IGrainFactory cluster, DaskClientOptions? options = null, CancellationToken cancellationToken = default) =>
        OpenAsync(cluster, "inproc", options ?? new DaskClientOptions(), () => default, cancellationToken);

    /// <summary>Waits until the cluster has at least this many silos that run tasks.</summary>
    public Task WaitForWorkersAsync(int count, CancellationToken cancellationToken = default) => Link.WaitForWorkersAsync(count, cancellationToken);

    /// <summary>As Dask shows a client: where, how many silos, slots and memory.</summary>
    public override string ToString()
    {
        if (_link is null)
        {
            return "<Client: not connected>";
        }

        var workers = Workers;
        return string.Create(CultureInfo.InvariantCulture,
            $"<Client: '{Address}' silos={workers.Count} slots={workers.Sum(worker => worker.Slots)}, memory={workers.Sum(worker => worker.MemoryLimit) / 1e9:0.00} GB>");
    }

    /// <summary>Ends the session: what runs is cancelled, its values go, futures that have not ended are cancelled.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _registration?.Dispose();
        await Link.DisposeAsync();
        await _disconnect();
    }

    private static async Task<DaskClient> OpenAsync(
        IGrainFactory cluster, string address, DaskClientOptions options, Func<ValueTask> disconnect, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        var session = options.Session ?? new SessionId(Guid.NewGuid().ToString("n"));
        var link = new SessionLink(session, cluster, cluster.GetGrain<ISchedulerGrain>(session.Value), options.ToSession(), options.Time);
        var client = new DaskClient(link, address, disconnect);
        try
        {
            await link.OpenAsync(cancellationToken);
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }

        if (options.IsDefault)
        {
            client._registration = DaskScheduler.Register(client);
        }

        return client;
    }
}
