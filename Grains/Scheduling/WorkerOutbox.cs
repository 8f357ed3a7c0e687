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
            if (_commands.Count == 0 && _commands.Capacity > MostRuns)
            {
                _commands.TrimExcess();
            }
        }
    }

    private async Task SendAsync(CommandBatch batch)
    {
        for (var pause = s_firstRetry; !Closed; pause = pause * 2 < s_lastRetry ? pause * 2 : s_lastRetry)
        {
            try
            {
                var answer = await session.Grain(worker.Address).CommandAsync(batch).WaitAsync(s_deadline, session.Time);
                if (answer.EpochInForce == batch.Epoch && answer.NextSequence == batch.Sequence + 1)
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
                if (Planted.CommandsAreSentOnce)
                {
                    return;
                }
            }

            await Task.Delay(pause, session.Time);
        }
    }

    /// <summary>
    /// As many commands, in order, as one message may carry. The worker carries out runs last; so before an order that concerns
    /// a run of the same message, the message ends. A large function goes ahead in a message of its own.
    /// </summary>
    private CommandBatch Take()
    {
        var message = new Message();
        HashSet<int>? running = null;
        while (_commands.TryPeek(out var command) && message.Runs.Count < MostRuns)
        {
            var bytes = (long)MessageLimits.BytesPerEntry;
            if (command.Kind == CommandKind.Run)
            {
                ref var record = ref session.State.Tasks[command.Task];
                bytes = MessageLimits.SizeOf(record.Arguments, record.EdgeCount);
                if (!Tell(record.Function, bytes, message))
                {
                    break;
                }
            }
            else if (command.Kind is CommandKind.Revoke or CommandKind.Cancel && message.Runs.Count > 0)
            {
                running ??= [.. _tasksOfBatch];
                if (running.Contains(command.Task))
                {
                    break;
                }
            }

            if (!message.HasRoomFor(bytes + command.Key.Layer.Length))
            {
                break;
            }

            message.Bytes += bytes;
            if (command.Kind == CommandKind.Run)
            {
                message.Runs.Add(Describe(command, message));
                _tasksOfBatch.Add(command.Task);
                running?.Add(command.Task);
            }
            else if (command.Kind == CommandKind.Copy)
            {
                message.Copies.Add(new ValueCopy(message.Table.Write(command.Key), Place(command.Holder, message)));
            }
            else
            {
                (command.Kind switch { CommandKind.Revoke => message.Revokes, CommandKind.Release => message.Releases, _ => message.Cancels }).Add(message.Table.Write(command.Key));
            }

            _commands.Dequeue();
        }

        _tasksOfBatch.Clear();
        return new CommandBatch(session.Id, session.Epoch, ++_sequence, message.Table.Names(), [.. message.Functions], [.. message.Addresses], [.. message.Runs],
            [.. message.Revokes], [.. message.Releases], [.. message.Cancels], session.SharedProcess,
            message.Copies.Count == 0 ? null : [.. message.Copies]);
    }

    /// <summary>Sees to it that the worker knows a function before the run that names it.</summary>
    /// <returns>False where the message must go first: the function found no room, or leaves none for the run.</returns>
    private bool Tell(int number, long bytesOfRun, Message message)
    {
        if (number <= 0 || _functionsTold.Contains(number) || session.Function(number) is not { } function)
        {
            return true;
        }

        var bytes = MessageLimits.BytesPerEntry + MessageLimits.SizeOf(function.Function);
        if (!message.HasRoomFor(bytes))
        {
            return false;
        }

        _functionsTold.Add(number);
        message.Functions.Add(function);
        message.Bytes += bytes;
        return message.HasRoomFor(bytesOfRun);
    }

    private TaskRun Describe(SchedulerCommand command, Message message)
    {
        var state = session.State;
        ref var record = ref state.Tasks[command.Task];
        var count = record.EdgeCount;
        var inputs = count == 0 ? [] : new WireKey[count];
        var places = count == 0 ? [] : new int[count];
        for (var i = 0; i < count; i++)
        {
            var input = state.Edges[record.FirstEdge + i].Dependency;
            inputs[i] = message.Table.Write(state.Tasks.Key(input));
            places[i] = Place(state.HolderFor(input, record.Worker), message);
        }

        return new TaskRun(message.Table.Write(command.Key), record.Attempt, record.Priority, record.Function, inputs, places, record.Arguments, record.IsWanted);
    }

    private int Place(int holder, Message message)
    {
        if (!message.Holders.TryGetValue(holder, out var place))
        {
            place = message.Addresses.Count;
            message.Holders.Add(holder, place);
            message.Addresses.Add(holder < 0 ? "" : session.State.Worker(holder).Info.Address);
        }

        return place;
    }

    /// <summary>A message while it is put together.</summary>
    private sealed class Message
    {
        public KeyTable Table { get; } = new();

        public Dictionary<int, int> Holders { get; } = [];

        public List<string> Addresses { get; } = [];

        public List<FunctionSpec> Functions { get; } = [];

        public List<TaskRun> Runs { get; } = [];

        public List<WireKey> Revokes { get; } = [];

        public List<WireKey> Releases { get; } = [];

        public List<WireKey> Cancels { get; } = [];

        public List<ValueCopy> Copies { get; } = [];

        public long Bytes { get; set; }

        /// <summary>The first thing always has: what is too large for any message has failed before it came here.</summary>
        public bool HasRoomFor(long bytes) => Bytes + Table.NameBytes == 0 || Bytes + Table.NameBytes + bytes <= MessageLimits.GatheredBytes;
    }
}
