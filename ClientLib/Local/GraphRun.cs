using System.Diagnostics.CodeAnalysis;
using Orleans.Dask.Arrays;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask;

/// <summary>
/// One graph on its way through the threads of a <see cref="ThreadsScheduler"/>: how it begins and how it ends. In between are
/// <see cref="ThreadsRun"/>, as fast as tasks go, and <see cref="SpillingRun"/>, which keeps to a memory limit.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Its token source has neither a timer nor a parent: nothing to dispose, and tasks may still look at the token.")]
internal abstract class GraphRun
{
    protected const int Everything = int.MaxValue;
    protected const int Nothing = -1;

    private readonly TaskGraph _graph;
    private readonly IReadOnlyList<TaskKey> _wanted;
    private readonly CancellationToken _cancellation;
    private readonly CancellationTokenRegistration _registration;
    private readonly TaskCompletionSource<object?[]> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _failing = new();
    private (int Id, Exception Thrown)? _failure;
    private Exception? _failureOfAll;

    // Those of the tasks' own.
    protected readonly ThreadsScheduler _scheduler;
    protected readonly CancellationTokenSource _stop = new();

    // Made by Plan.
    protected int _planState;
    protected FlatGraph _flat = null!;
    protected object?[] _values = [];
    protected int[] _missing = [];     // inputs not there yet
    protected int[] _uses = [];        // dependants that have not run yet, and one for each time the value is wanted
    protected bool[] _isWanted = [];
    protected int[] _sources = [];     // tasks without inputs

    protected int _remaining;
    protected int _last = Everything;  // tasks beyond this one are skipped
    protected bool _skipped;

    protected GraphRun(ThreadsScheduler scheduler, TaskGraph graph, IReadOnlyList<TaskKey> wanted, CancellationToken cancellation)
    {
        (_scheduler, _graph, _wanted, _cancellation) = (scheduler, graph, wanted, cancellation);
        _registration = cancellation.UnsafeRegister(static run => ((GraphRun)run!).Cancel(), this);
    }

    public Task<object?[]> Completion => _completion.Task;

    public bool IsDone => Volatile.Read(ref _planState) == PlanStates.Done;

    /// <summary>Whether a thread that comes now finds something to do.</summary>
    public abstract bool HasWork { get; }

    /// <summary>Runs tasks until there are none for this thread.</summary>
    /// <returns>False when there was none from the start.</returns>
    public abstract bool Work(int index);

    /// <summary>Makes the graph ready, on the first thread that comes by.</summary>
    /// <returns>False where that thread cannot do anything here.</returns>
    protected bool IsPlanned()
    {
        var state = Volatile.Read(ref _planState);
        if (state == PlanStates.New && Interlocked.CompareExchange(ref _planState, PlanStates.Planning, state) == state)
        {
            Plan();
            return true;
        }

        return state == PlanStates.Planned;
    }

    protected object?[] Arguments(CallNode call, int id)
    {
        var dependencies = _flat.Dependencies(id);
        var inputs = dependencies.Length == 0 ? [] : new object?[dependencies.Length];
        for (var i = 0; i < inputs.Length; i++)
        {
            inputs[i] = _values[dependencies[i]];
        }

        return TaskArguments.Fill(call.Arguments, inputs);
    }

    // On the first thread that comes by: a graph of a million nodes would hold up the caller for long.
    private void Plan()
    {
        try
        {
            _cancellation.ThrowIfCancellationRequested();
            _flat = Optimizer.Run(_graph, _wanted);
            Prepare();
        }
        catch (Exception thrown)
        {
            End();
            if (thrown is OperationCanceledException)
            {
                _completion.SetCanceled(_cancellation);
            }
            else
            {
                _completion.SetException(thrown);
            }

            return;
        }

        Volatile.Write(ref _planState, PlanStates.Planned);
        if (_remaining == 0)
        {
            Complete();
        }
        else if (_sources.Length > 1)
        {
            _scheduler.SignalAll();
        }
    }

    protected virtual void Prepare()
    {
        var n = _flat.Count;
        (_values, _missing, _uses, _isWanted) = (new object?[n], new int[n], new int[n], new bool[n]);
        var sources = new int[n];
        var sourceCount = 0;
        for (var id = 0; id < n; id++)
        {
            _uses[id] = _flat.Dependants(id).Length;
            switch (_flat.Nodes[id])
            {
                case DataNode data:
                    _values[id] = data.Value;
                    Lent.Keep(data.Value);
                    continue;
                case FutureNode future:
                    throw LocalGraph.CannotRun(future);
            }

            _remaining++;
            foreach (var input in _flat.Dependencies(id))
            {
                _missing[id] += _flat.Nodes[input] is DataNode ? 0 : 1;
            }

            if (_missing[id] == 0)
            {
                sources[sourceCount++] = id;
            }
        }

        foreach (var id in _flat.Wanted)
        {
            _uses[id]++;
            _isWanted[id] = true;
        }

        _sources = sources[..sourceCount];
    }

    // Memory that only our own functions saw is used again after the last of them; what goes to the caller, or through a user's
    // hands, is not.
    protected void Hold(int id, object? value)
    {
        if (value is null)
        {
            return;
        }

        if (!_isWanted[id] && _flat.Nodes[id] is AliasNode or CallNode { Function: ILending { Lends: true } } && Lent.Shows(value))
        {
            Lent.Hold(value);
            return;
        }

        Lent.Keep(value);
        if (!Lent.Shows(value))
        {
            KeepInputs(id);
        }
    }

    protected void KeepInputs(int id)
    {
        foreach (var input in _flat.Dependencies(id))
        {
            Lent.Keep(_values[input]);
        }
    }

    protected void Fail(int id, Exception thrown)
    {
        // Who is told to stop and does so has not failed; its dependants cannot run either way.
        if (thrown is not OperationCanceledException || !_stop.IsCancellationRequested)
        {
            lock (_failing)
            {
                if (_failure is null || id < _failure.Value.Id)
                {
                    _failure = (id, thrown);
                }
            }
        }

        _skipped = true;
        StopAfter(id);
        _ = _stop.CancelAsync();
    }

    /// <summary>Not a task has failed but the whole run.</summary>
    protected void FailAll(Exception thrown)
    {
        _ = Interlocked.CompareExchange(ref _failureOfAll, thrown, null);
        _skipped = true;
        StopAfter(Nothing);
        _ = _stop.CancelAsync();
    }

    private void Cancel()
    {
        StopAfter(Nothing);
        _stop.Cancel();
    }

    protected void StopAfter(int id)
    {
        int last;
        while (id < (last = Volatile.Read(ref _last)) && Interlocked.CompareExchange(ref _last, id, last) != last)
        {
        }
    }

    protected void Complete()
    {
        var results = _failureOfAll is null && _failure is null && !_skipped ? Results() : [];
        End();
        if (_failureOfAll is { } all)
        {
            _completion.SetException(all);
        }
        else if (_failure is { } failure)
        {
            _completion.SetException(new TaskFailedException(_flat.Nodes[failure.Id].Key, worker: null, attempt: 1, failure.Thrown));
        }
        else if (_skipped)
        {
            _completion.SetCanceled(_cancellation);
        }
        else
        {
            _completion.SetResult(results);
        }
    }

    /// <summary>What was asked for, when all of it is there.</summary>
    protected virtual object?[] Results() => LocalGraph.Results(_flat, _values);

    protected virtual void End()
    {
        Volatile.Write(ref _planState, PlanStates.Done);
        _scheduler.End(this);
        // Without waiting for a callback that may be running: it could be waiting for us.
        _registration.Unregister();
    }

    protected static class PlanStates
    {
        public const int New = 0;
        public const int Planning = 1;
        public const int Planned = 2;
        public const int Done = 3;
    }
}
