using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Grains.Execution;

/// <summary>Where a task stands on its worker.</summary>
internal enum WorkerTaskState : byte
{
    /// <summary>Inputs or code are on their way.</summary>
    Fetching,

    /// <summary>Waits for a slot.</summary>
    Queued,

    /// <summary>Has begun; it cannot be given back any more.</summary>
    Running,

    /// <summary>Answered; if a slot comes to it still, it does nothing.</summary>
    Ended,
}

/// <summary>One run of one task. Its state changes under its session's lock.</summary>
internal sealed class WorkerTask(WorkerSession session, TaskKey key, int function, TaskKey[] dependencies, Payload? arguments) : ExecutorWork
{
    private CancellationTokenSource? _cancellation;
    private FrozenValues.Watch? _watch;
    private long _started;

    public WorkerSession Session => session;

    public TaskKey Key => key;

    public TaskKey[] Dependencies => dependencies;

    public int Function => function;

    public Payload? Arguments => arguments;

    public int Attempt { get; set; }

    public bool ReturnValue { get; set; }

    public WorkerTaskState State { get; set; }

    /// <summary>What it waits for: inputs, code of its function, code of its arguments.</summary>
    public int Pending { get; set; }

    /// <summary>Made by whoever asks first: the slot that begins it, or the turn that stops it.</summary>
    public CancellationTokenSource Cancellation
    {
        get
        {
            if (Volatile.Read(ref _cancellation) is { } made)
            {
                return made;
            }

            var mine = new CancellationTokenSource();
            return Interlocked.CompareExchange(ref _cancellation, mine, null) ?? mine;
        }
    }

    public override void Run()
    {
        if (!session.TryBegin(this))
        {
            return;
        }

        try
        {
            _started = session.Time.GetTimestamp();
            var result = Invoke();
            if (!result.IsCompleted)
            {
                // The slot goes to the next task; the end comes back to one through the queue.
                var running = result.AsTask();
                running.GetAwaiter().UnsafeOnCompleted(() => session.Executor.Post(new ActionWork(() => End(running)) { Priority = long.MinValue }));
                return;
            }

            Finished(result.GetAwaiter().GetResult());
        }
        catch (Exception exception)
        {
            Failed(exception);
        }
    }

    private void Finished(object? value)
    {
        var ticks = Ticks();
        _watch?.End();
        session.Finished(this, value, ticks);
    }

    private void Failed(Exception exception)
    {
        _watch?.Leave();
        session.Failed(this, exception, Ticks());
    }

    private void End(Task<object?> ended)
    {
        try
        {
            Finished(ended.GetAwaiter().GetResult());
        }
        catch (Exception exception)
        {
            Failed(exception);
        }
    }

    private ValueTask<object?> Invoke()
    {
        var inputs = dependencies.Length == 0 ? [] : new object?[dependencies.Length];
        for (var i = 0; i < inputs.Length; i++)
        {
            inputs[i] = session.Input(dependencies[i]);
        }

        if (Planted.LaterAttemptsMixInputs && Attempt > 1)
        {
            Array.Reverse(inputs);
        }

        if (function <= 0)
        {
            return new(function == 0 ? arguments!.Read<object?>(session.Decoding) : inputs[0]);
        }

        var code = session.Function(function);
        var constants = arguments?.Read<object?[]>(session.Decoding);
        _watch = session.Frozen?.Begin(key, inputs, constants);
        var filled = TaskArguments.Fill(constants, inputs);
        var context = new TaskContext(key, Attempt, Cancellation.Token);
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(session.UserContext);
        try
        {
            return code.InvokeAsync(filled, context);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private long Ticks() => session.Time.GetElapsedTime(_started).Ticks;
}
