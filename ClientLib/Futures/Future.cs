using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Session;

namespace Orleans.Dask;

/// <summary>
/// A value that a cluster makes or holds for this client. While a future of a key lives, the value is kept; when the last
/// one is disposed or collected by the GC, it is let go.
/// </summary>
public abstract class Future : IDisposable
{
    private readonly FutureState _state;
    private int _disposed;

    private protected Future(FutureState state) => _state = state;

    /// <summary>A future that nobody holds any more lets its value go. Only queues a note: finalizers never wait.</summary>
    ~Future() => Dispose(false);

    /// <summary>The name of the value within its session.</summary>
    public TaskKey Key => _state.Key;

    /// <summary>Where the value stands, as far as this client has been told.</summary>
    public FutureStatus Status => _disposed != 0 ? FutureStatus.Cancelled : _state.Status;

    /// <summary>The type that the value has by its declaration.</summary>
    public abstract Type ValueType { get; }

    /// <summary>The state all futures of the same key share.</summary>
    /// <exception cref="ObjectDisposedException">The future was disposed; its value may be gone.</exception>
    internal FutureState State
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed != 0, this);
            return _state;
        }
    }

    /// <summary>
    /// Gives the task up, for all who want it, and whatever depends on it: its token is set where it runs, and everybody who
    /// awaits it sees an <see cref="OperationCanceledException"/>. Does nothing where the value is there already.
    /// </summary>
    /// <returns>Ends when the cluster has been told.</returns>
    public Task CancelAsync() => State.Link.CancelAsync(State);

    /// <summary>Waits until the task ended in whichever way; never throws what the task threw.</summary>
    /// <param name="cancellationToken">Ends the waiting, not the task.</param>
    public Task WaitAsync(CancellationToken cancellationToken = default) => State.WhenEnded(cancellationToken);

    /// <summary>As Dask shows it: status, type once there is a value, key.</summary>
    public override string ToString() => Status == FutureStatus.Finished
        ? $"<Future: finished, type: {TypeNames.Of(ValueType)}, key: {Key}>"
        : $"<Future: {Names[(int)Status]}, key: {Key}>";

    /// <summary>Lets the value go, unless another future of the same key or a task that needs it holds it.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Counts this future out, once.</summary>
    /// <param name="disposing">False on the finalizer's thread.</param>
    protected virtual void Dispose(bool disposing)
    {
        // A constructor that threw leaves no state behind.
        if (Interlocked.Exchange(ref _disposed, 1) == 0 && _state is { } state)
        {
            state.Link.Drop(state);
        }
    }

    private static readonly string[] Names = ["pending", "finished", "error", "cancelled", "lost"];
}
