using System.Runtime.ExceptionServices;

namespace Orleans.Dask.Streams;

/// <summary>
/// A node with several entrances, where sources that emit at once meet. What is decided under <see cref="Gate"/> goes on one by one
/// in that order: whoever comes first publishes, also for those that come meanwhile, up to <see cref="MostWaiting"/> of them; then they wait.
/// </summary>
internal abstract class JoinNode<TOut>(string name) : StreamNode<TOut>(name)
{
    private const int MostWaiting = 16;

    private readonly Queue<TOut> _ready = new();
    private Queue<TaskCompletionSource>? _waiting;
    private bool _publishing;

    protected Lock Gate { get; } = new();

    /// <summary>Takes an event its turn. Under the gate.</summary>
    /// <returns>True: call <see cref="PublishInTurnAsync"/> with it, outside the gate. False: somebody else publishes it; return what <paramref name="taken"/> is.</returns>
    protected bool IsMyTurn(TOut item, out ValueTask taken)
    {
        taken = default;
        if (!_publishing)
        {
            _publishing = true;
            return true;
        }

        _ready.Enqueue(item);
        if (_ready.Count > MostWaiting)
        {
            var room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            (_waiting ??= new()).Enqueue(room);
            taken = new ValueTask(room.Task);
        }

        return false;
    }

    protected ValueTask PublishInTurnAsync(TOut item)
    {
        ValueTask taken;
        try
        {
            taken = PublishAsync(item);
        }
        catch (Exception failed)
        {
            if (!TryNext(out var waiting))
            {
                throw;
            }

            // Events that came meanwhile must not be stuck behind the one that failed.
            return DrainAsync(ValueTask.FromException(failed), hasNext: true, waiting);
        }

        if (!taken.IsCompletedSuccessfully)
        {
            return DrainAsync(taken, hasNext: false, default!);
        }

        taken.GetAwaiter().GetResult();
        return TryNext(out var next) ? DrainAsync(default, hasNext: true, next) : default;
    }

    private async ValueTask DrainAsync(ValueTask taken, bool hasNext, TOut next)
    {
        ExceptionDispatchInfo? failed = null;
        try
        {
            await taken;
        }
        catch (Exception thrown)
        {
            failed = ExceptionDispatchInfo.Capture(thrown);
        }

        while (hasNext || TryNext(out next))
        {
            hasNext = false;
            try
            {
                await PublishAsync(next);
            }
            catch (Exception thrown)
            {
                failed ??= ExceptionDispatchInfo.Capture(thrown);
            }
        }

        failed?.Throw();
    }

    private bool TryNext(out TOut next)
    {
        lock (Gate)
        {
            if (_ready.TryDequeue(out next!))
            {
                if (_waiting?.TryDequeue(out var room) == true)
                {
                    room.SetResult();
                }

                return true;
            }

            _publishing = false;
            return false;
        }
    }
}
