namespace Orleans.Dask.Streams;

/// <summary>
/// A node that events of one type leave. It hands each event to the nodes after it in the order in which they were connected,
/// and is ready for the next when all of them are.
/// </summary>
/// <remarks>
/// A pipeline has no thread of its own: it runs on whoever emits. Emits into one source must not overlap; several sources may emit
/// at once, nodes that join them (zip, union) let events through one by one.
/// </remarks>
/// <typeparam name="T">The events.</typeparam>
public abstract class StreamNode<T> : StreamNode
{
    private readonly Lock _gate = new();

    // Replaced as a whole, so that an event on its way sees the nodes that were there when it came.
    private IStreamTarget<T>[] _targets = [];

    private protected StreamNode(string name)
        : base(name)
    {
    }

    /// <summary>Adds a node after this one. Events from now on reach it, also while the pipeline runs.</summary>
    public void Connect(IStreamTarget<T> target)
    {
        ArgumentNullException.ThrowIfNull(target);
        lock (_gate)
        {
            if (target is StreamNode.IPort port)
            {
                port.Node.AttachTo(this);
            }

            _targets = [.. _targets, target];
        }
    }

    /// <summary>Takes a node away again. An event on its way may still reach it.</summary>
    /// <returns>False if it was not connected.</returns>
    public bool Disconnect(IStreamTarget<T> target)
    {
        lock (_gate)
        {
            var at = Array.IndexOf(_targets, target);
            if (at < 0)
            {
                return false;
            }

            if (target is StreamNode.IPort port)
            {
                port.Node.DetachFrom(this);
            }

            _targets = [.. _targets[..at], .. _targets[(at + 1)..]];
            return true;
        }
    }

    /// <summary>Hands an event to all nodes after this one; all of them get it before any is waited for.</summary>
    private protected ValueTask PublishAsync(T item)
    {
        var targets = _targets;
        if (targets.Length == 1)
        {
            return targets[0].ReceiveAsync(item);
        }

        for (var i = 0; i < targets.Length; i++)
        {
            var taken = targets[i].ReceiveAsync(item);
            if (!taken.IsCompletedSuccessfully)
            {
                return PublishRestAsync(targets, i + 1, item, taken);
            }

            taken.GetAwaiter().GetResult();
        }

        return default;
    }

    private static async ValueTask PublishRestAsync(IStreamTarget<T>[] targets, int next, T item, ValueTask waiting)
    {
        var pending = new List<Task> { AwaitedAsync(waiting) };
        for (; next < targets.Length; next++)
        {
            pending.Add(AwaitedAsync(targets[next].ReceiveAsync(item)));
        }

        await Task.WhenAll(pending);
    }

    // Not AsTask, which goes on on the thread pool where an await would come back to whoever emits.
    private static async Task AwaitedAsync(ValueTask taken) => await taken;
}
