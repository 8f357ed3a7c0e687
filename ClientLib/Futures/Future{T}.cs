using System.Runtime.CompilerServices;
using Orleans.Dask.Session;

namespace Orleans.Dask;

/// <summary>A value of type <typeparamref name="T"/> that a cluster makes or holds; <c>await</c> brings it here.</summary>
/// <typeparam name="T">Type of the value.</typeparam>
public sealed class Future<T> : Future
{
    internal Future(FutureState state)
        : base(state)
    {
    }

    /// <inheritdoc/>
    public override Type ValueType => typeof(T);

    /// <summary>Waits for the value and brings it here.</summary>
    /// <param name="cancellationToken">Ends the waiting, not the task: <see cref="Future.CancelAsync"/> gives that up.</param>
    /// <exception cref="Grains.Interfaces.TaskFailedException">The task threw; the inner exception is what it threw, with its remote stack.</exception>
    /// <exception cref="OperationCanceledException">The task was given up, or the waiting was.</exception>
    public async Task<T> ResultAsync(CancellationToken cancellationToken = default)
    {
        var state = State;
        try
        {
            if (!state.HasEnded)
            {
                await state.WhenEnded(cancellationToken);
            }

            return (T)(await state.Link.ReadAsync(state, typeof(T), cancellationToken))!;
        }
        finally
        {
            // The value must not be let go while it is on its way, however little the caller holds.
            GC.KeepAlive(this);
        }
    }

    /// <summary><c>await future</c> is <c>await future.ResultAsync()</c>.</summary>
    public TaskAwaiter<T> GetAwaiter() => ResultAsync().GetAwaiter();
}
