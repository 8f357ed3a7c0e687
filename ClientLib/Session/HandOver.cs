using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Session;

/// <summary>A large value that this side kept and the cluster has lost: written into a store once more.</summary>
/// <param name="key">Its name.</param>
/// <param name="value">Encodes it.</param>
internal sealed class HandOver(TaskKey key, Func<Payload> value)
{
    public TaskKey Key => key;

    /// <summary>Where it was written; null: not yet.</summary>
    public ScatteredSource? Written { get; private set; }

    public async Task PrepareAsync(SessionLink link, CancellationToken cancellationToken) =>
        Written = await link.ScatterAsync(key, value(), null, 1, cancellationToken);
}
