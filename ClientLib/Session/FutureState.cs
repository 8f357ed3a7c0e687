using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Session;

/// <summary>
/// What a client knows of one key: how it is made, who holds it, how it ended. All futures of the key share it.
/// There may be a million of these at a time: fields are few, and what is rare hangs off <see cref="_waiters"/>.
/// </summary>
internal sealed class FutureState(SessionLink link, TaskKey key, object? source)
{
    private static readonly object s_ended = new();

    // null, one IFutureWaiter, a List<IFutureWaiter>, or s_ended. Guarded by this.
    private object? _waiters;

    // Written last and read first: who sees an end sees its result.
    private volatile FutureStatus _status;

    public SessionLink Link { get; } = link;

    public TaskKey Key { get; } = key;

    /// <summary>What makes it: a <see cref="FunctionEntry"/>, a <see cref="GraphSource"/>, a <see cref="ScatteredSource"/>.</summary>
    public object? Source { get; } = source;

    /// <summary>For a call: what it depends on, in order.</summary>
    public FutureState[] Inputs { get; init; } = [];

    /// <summary>For a call: its constants, as <see cref="TaskSpec.Arguments"/>.</summary>
    public Payload? Arguments { get; init; }

    /// <summary>Order of submission; what is submitted again after a loss goes out in it.</summary>
    public long Ordinal { get; init; }

    /// <summary>Futures of the key, waiting calls and unsent dependants. Guarded by the link.</summary>
    public int References { get; set; }

    /// <summary>The epoch in which the scheduler was last told that the key is wanted; 0: it is not, or no longer.</summary>
    public long ToldEpoch { get; set; }

    /// <summary>
    /// After the end: the <see cref="Payload"/> that rode along with the news, or null for a value that stayed in its store;
    /// the <see cref="TaskError"/> the scheduler told of, or the <see cref="Exception"/> that happened on this side.
    /// </summary>
    public object? Result { get; private set; }

    public FutureStatus Status => _status;

    public bool HasEnded => _status is FutureStatus.Finished or FutureStatus.Error or FutureStatus.Cancelled;

    /// <summary>Ends it, once; later news of an end are of the past.</summary>
    public void End(FutureStatus status, object? result = null)
    {
        object? waiters;
        lock (this)
        {
            if (ReferenceEquals(_waiters, s_ended))
            {
                return;
            }

            (waiters, _waiters) = (_waiters, s_ended);
            Result = result;
            _status = status;
        }

        switch (waiters)
        {
            case IFutureWaiter one:
                one.Ended(this);
                break;
            case List<IFutureWaiter> many:
                many.ForEach(waiter => waiter.Ended(this));
                break;
        }
    }

    /// <summary>A value that was only in lost stores is on its way again.</summary>
    public void Lose()
    {
        lock (this)
        {
            if (_status == FutureStatus.Finished && Result is null)
            {
                _status = FutureStatus.Lost;
                _waiters = null;
            }
        }
    }

    /// <summary>Has the waiter told of the end.</summary>
    /// <returns>False where it has come already: the waiter is not told.</returns>
    public bool Await(IFutureWaiter waiter)
    {
        lock (this)
        {
            switch (_waiters)
            {
                case null:
                    _waiters = waiter;
                    return true;
                case IFutureWaiter one:
                    _waiters = new List<IFutureWaiter> { one, waiter };
                    return true;
                case List<IFutureWaiter> many:
                    many.Add(waiter);
                    return true;
                default:
                    return false;
            }
        }
    }

    public Task WhenEnded(CancellationToken cancellationToken)
    {
        var signal = new Signal();
        return !Await(signal) ? Task.CompletedTask
            : cancellationToken.CanBeCanceled ? signal.Awaited().WaitAsync(cancellationToken)
            : signal.Task;
    }

    // Continuations are the caller's code: never on the thread that brings news.
    private sealed class Signal() : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), IFutureWaiter
    {
        public void Ended(FutureState state) => SetResult();

        // What hangs on the promise itself, as WaitAsync would, goes to the thread pool, whatever context the waiting caller has.
        public async Task Awaited() => await Task;
    }
}
