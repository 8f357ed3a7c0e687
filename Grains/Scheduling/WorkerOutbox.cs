using Orleans.Dask.Grains.Execution;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Grains.Scheduling;

/// <summary>
/// Commands on their way to one worker. The turn that decides them only adds them here; this sends at once when nothing is under
/// way, else together with what gathers meanwhile, and repeats a batch until the worker has answered or is gone.
/// </summary>
internal sealed class WorkerOutbox(SchedulerSession session, WorkerInfo worker)
{
    private const int MostRuns = 8_000;
    private const int MostBytes = 1 << 20;

    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_firstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_lastRetry = TimeSpan.FromSeconds(2);

    private readonly Queue<SchedulerCommand> _commands = new();
    private readonly HashSet<int> _functionsTold = [];
    private readonly List<int> _tasksOfBatch = [];
    private long _sequence;
    private bool _sending;

    public WorkerInfo Worker => worker;

    /// <summary>The worker is lost or the session over: what is not sent never will be.</summary>
    public bool Closed { get; set; }

    public void Add(SchedulerCommand command) => _commands.Enqueue(command);

    /// <summary>Begins to send, unless it does already. What follows the first await are turns of the scheduler's own.</summary>
    public void Flush()
    {
        if (!_sending && _commands.Count > 0 && !Closed)
        {
            _sending = true;
            _ = SendAllAsync();
        }
    }

    private async Task SendAllAsync()
    {
        try
        {
            while (_commands.Count > 0 && !Closed)
            {
                await SendAsync(Take());
            }
        }
        finally
        {
            _sending = false;
        }
    }

    private async Task SendAsync(CommandBatch batch)
    {
        for (var pause = s_firstRetry; !Closed; pause = pause * 2 < s_lastRetry ? pause * 2 : s_lastRetry)
        {
            try
            {
                var answer = await session.Grain(worker.Address).CommandAsync(batch).WaitAsync(s_deadline, session.Time);
                if (answer.EpochInForce == batch.Epoch && answer.NextSequence > batch.Sequence)
                {
                    return;
                }

                // Another scheduler speaks for the session there, or the worker knows nothing of what it was told before.
                session.Refused(this, answer);
                return;
            }
            catch (Exception exception)
            {
                session.SendFailed(worker.Address, exception);
            }

            await Task.Delay(pause, session.Time);
        }
    }

    /// <summary>
    /// As many commands, in order, as one message may carry. The worker carries out runs last; so before an order that concerns
    /// a run of the same message, the message ends.
    /// </summary>
    private CommandBatch Take()
    {
        var table = new KeyTable();
        var holders = new Dictionary<int, int>();
        var addresses = new List<string>();
        var functions = new List<FunctionSpec>();
        var runs = new List<TaskRun>(Math.Min(_commands.Count, MostRuns));
        var (revokes, releases, cancels) = (new List<WireKey>(), new List<WireKey>(), new List<WireKey>());
        HashSet<int>? running = null;
        var bytes = 0L;
        while (_commands.TryPeek(out var command) && runs.Count < MostRuns && bytes < MostBytes && releases.Count < MostRuns * 4)
        {
            if (command.Kind == CommandKind.Run)
            {
                var run = Describe(command, table, holders, addresses, functions);
                bytes += run.Arguments is { IsEncoded: true } arguments ? arguments.Length : 0;
                runs.Add(run);
                _tasksOfBatch.Add(command.Task);
                running?.Add(command.Task);
            }
            else
            {
                if (command.Kind != CommandKind.Release && runs.Count > 0)
                {
                    running ??= [.. _tasksOfBatch];
                    if (running.Contains(command.Task))
                    {
                        break;
                    }
                }

                (command.Kind switch { CommandKind.Revoke => revokes, CommandKind.Release => releases, _ => cancels }).Add(table.Write(command.Key));
            }

            _commands.Dequeue();
        }

        _tasksOfBatch.Clear();
        return new CommandBatch(session.Id, session.Epoch, ++_sequence, table.Names(), [.. functions], [.. addresses], [.. runs], [.. revokes], [.. releases], [.. cancels], session.SharedProcess);
    }

    private TaskRun Describe(SchedulerCommand command, KeyTable table, Dictionary<int, int> holders, List<string> addresses, List<FunctionSpec> functions)
    {
        var state = session.State;
        ref var record = ref state.Tasks[command.Task];
        if (record.Function > 0 && _functionsTold.Add(record.Function) && session.Function(record.Function) is { } function)
        {
            functions.Add(function);
        }

        var count = record.EdgeCount;
        var inputs = count == 0 ? [] : new WireKey[count];
        var places = count == 0 ? [] : new int[count];
        for (var i = 0; i < count; i++)
        {
            var input = state.Edges[record.FirstEdge + i].Dependency;
            inputs[i] = table.Write(state.Tasks.Key(input));
            var holder = state.HolderFor(input, record.Worker);
            if (!holders.TryGetValue(holder, out places[i]))
            {
                places[i] = addresses.Count;
                holders.Add(holder, places[i]);
                addresses.Add(holder < 0 ? "" : state.Worker(holder).Info.Address);
            }
        }

        return new TaskRun(table.Write(command.Key), record.Attempt, record.Priority, record.Function, inputs, places, record.Arguments, record.IsWanted);
    }
}
