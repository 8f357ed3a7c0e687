using System.Runtime.ExceptionServices;
using System.Threading.Tasks.Sources;

namespace Orleans.Embedded;

/// <summary>
/// The awaitable side of a call. A caller on a grain's turn goes on as a turn of that grain (this object is the turn); a caller
/// outside goes on wherever turns are scheduled, never on the thread that brought the answer: that one is in somebody else's turn.
/// </summary>
internal sealed class PendingCall<T>(Message request, RuntimeClient owner)
    : PendingCall(request, owner), IValueTaskSource<T>, IValueTaskSource, IThreadPoolWorkItem
{
    private static readonly Action<object?> Completed = static _ => throw new InvalidOperationException("Only a mark.");

    private T _result = default!;
    private ExceptionDispatchInfo? _failure;
    private Action<object?>? _continuation;
    private object? _state;
    private object? _place;
    private ExecutionContext? _context;

    public T GetResult(short token)
    {
        _failure?.Throw();
        return _result;
    }

    void IValueTaskSource.GetResult(short token) => _failure?.Throw();

    public ValueTaskSourceStatus GetStatus(short token) =>
        !ReferenceEquals(Volatile.Read(ref _continuation), Completed) ? ValueTaskSourceStatus.Pending
        : _failure is null ? ValueTaskSourceStatus.Succeeded
        : _failure.SourceException is OperationCanceledException ? ValueTaskSourceStatus.Canceled
        : ValueTaskSourceStatus.Faulted;

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        _state = state;
        if ((flags & ValueTaskSourceOnCompletedFlags.FlowExecutionContext) != 0)
        {
            _context = ExecutionContext.Capture();
        }

        if ((flags & ValueTaskSourceOnCompletedFlags.UseSchedulingContext) != 0)
        {
            var ambient = SynchronizationContext.Current;
            _place = ambient is not null && ambient.GetType() != typeof(SynchronizationContext) ? ambient
                : TaskScheduler.Current != TaskScheduler.Default ? TaskScheduler.Current
                : null;
        }

        var before = Interlocked.CompareExchange(ref _continuation, continuation, null);
        if (before is not null)
        {
            if (!ReferenceEquals(before, Completed))
            {
                throw new InvalidOperationException("The result of a grain call was awaited twice. Keep it as a Task (AsTask) to await it again.");
            }

            GoOn(continuation);
        }
    }

    /// <summary>The caller's next turn.</summary>
    public override void Run(TurnQueue queue) => Execute();

    public void Execute()
    {
        var continuation = (Action<object?>)_place!;
        if (_context is null)
        {
            continuation(_state);
        }
        else
        {
            ExecutionContext.Run(_context, new ContextCallback(continuation), _state);
        }
    }

    protected override void SetAnswer(Response answer)
    {
        if (answer.Exception is { } exception)
        {
            SetFailure(exception);
            return;
        }

        // A call whose result nobody takes waits as an object, whatever its answer holds.
        _result = answer is Response<T> typed ? typed.Result : (T)answer.BoxedResult!;
        Announce();
    }

    protected override void SetFailure(Exception exception)
    {
        _failure = ExceptionDispatchInfo.Capture(exception);
        Announce();
    }

    private void Announce()
    {
        var continuation = Interlocked.Exchange(ref _continuation, Completed);
        if (continuation is not null)
        {
            GoOn(continuation);
        }
    }

    private void GoOn(Action<object?> continuation)
    {
        var place = _place;
        // From here on the field holds what Execute is to run.
        _place = continuation;
        switch (place)
        {
            case TurnQueue queue:
                queue.Post(this);
                break;
            case SynchronizationContext ambient:
                ambient.Post(static call => ((PendingCall<T>)call!).Execute(), this);
                break;
            case TaskScheduler scheduler:
                Task.Factory.StartNew(static call => ((PendingCall<T>)call!).Execute(), this, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler);
                break;
            default:
                Owner.Environment.Turns.Schedule(this);
                break;
        }
    }
}
