using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Grains.Scheduling;

namespace Orleans.Dask.Grains.Tests.Scheduling;

/// <summary>A <see cref="SchedulerState"/> with simulated workers and a client's memory of outcomes. The invariants are checked after every event.</summary>
internal sealed class SchedulerHarness
{
    private long _batch;

    public SchedulerHarness() => State = NewState();

    public SchedulerState State { get; private set; }

    /// <summary>Errors that the scheduler itself gave tasks.</summary>
    public List<Exception> OwnErrors { get; } = [];

    public Dictionary<string, SimulatedWorker> Workers { get; } = new(StringComparer.Ordinal);

    public Dictionary<TaskKey, Outcome> Outcomes { get; } = [];

    public long Now { get; set; } = 1;

    /// <summary>How often each task ran to its end.</summary>
    public Dictionary<TaskKey, int> Runs { get; } = [];

    /// <summary>Inputs that were not there for tasks whose outcome still mattered.</summary>
    public int MissingReports { get; private set; }

    /// <summary>Commands of the last event, as text: what tests compare.</summary>
    public string[] Said { get; private set; } = [];

    public static TaskKey K(string name) => new(name, 0);

    public SchedulerHarness Join(string address, int slots = 1)
    {
        if (!Workers.TryGetValue(address, out var worker))
        {
            Workers.Add(address, worker = new SimulatedWorker(address, slots));
        }

        Apply(new WorkerJoined(worker.Info, worker.Inventory()));
        return this;
    }

    public SchedulerHarness Lose(string address)
    {
        Workers[address].Alive = false;
        Workers.Remove(address);
        Apply(new WorkerLost(address));
        return this;
    }

    /// <summary>A worker says that it leaves, and asks what ties it.</summary>
    public SchedulerHarness Leave(string address)
    {
        Workers[address].Leave();
        return this;
    }

    /// <summary>Goes if nothing ties it: nothing of it may be needed then.</summary>
    public bool TryGo(SimulatedWorker worker)
    {
        if (worker.IsBusy || State.Progress(worker.Info.Address) is not { Tasks: 0, Values: 0 })
        {
            return false;
        }

        Lose(worker.Info.Address);
        return true;
    }

    /// <summary>Submits tasks written as <c>name</c>, or <c>name: input input</c>. A name may begin with a function's number, as in <c>7.name</c>.</summary>
    public SchedulerHarness Submit(string[] tasks, string[]? wanted = null, string[]? unwanted = null, string[]? cancelled = null, (string Key, string Worker)[]? scattered = null, bool more = false, bool kept = false)
    {
        var layers = new List<string>();
        WireKey Wire(string name)
        {
            var at = layers.IndexOf(name);
            if (at < 0)
            {
                at = layers.Count;
                layers.Add(name);
            }

            return new WireKey(at, 0);
        }

        var specs = tasks.Select(text =>
        {
            var parts = text.Split(':', 2);
            var inputs = parts.Length == 1 ? [] : parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return new TaskSpec(Wire(parts[0].Trim()), 1, [.. inputs.Select(Wire)], null);
        }).ToArray();
        var batch = new SubmitBatch(1, ++_batch, [], [], specs, [.. (wanted ?? []).Select(Wire)], [.. (unwanted ?? []).Select(Wire)], [.. (cancelled ?? []).Select(Wire)],
            [.. (scattered ?? []).Select(s => new ScatteredValue(Wire(s.Key), s.Worker, 8, kept))], more);
        Apply(new BatchSubmitted(batch with { Layers = [.. layers] }));
        return this;
    }

    /// <summary>Delivers orders, ends tasks and delivers reports until nothing moves, first come first served.</summary>
    public SchedulerHarness RunAll(Func<TaskKey, bool>? fails = null)
    {
        for (var moved = true; moved;)
        {
            moved = false;
            foreach (var worker in Workers.Values.ToArray())
            {
                moved |= Step(worker, fails);
            }
        }

        return this;
    }

    public bool Step(SimulatedWorker worker, Func<TaskKey, bool>? fails = null)
    {
        var moved = worker.Inbox.Count + worker.Tasks.Count + worker.Outbox.Count > 0;
        while (worker.Inbox.TryDequeue(out var order))
        {
            worker.Deliver(order);
        }

        if (worker.Tasks.Count > 0)
        {
            End(worker, 0, fails);
        }

        while (worker.Outbox.TryDequeue(out var report))
        {
            Apply(new WorkerReported(report));
        }

        return moved;
    }

    public void End(SimulatedWorker worker, int place, Func<TaskKey, bool>? fails = null)
    {
        var (key, copies) = (worker.Tasks[place].Key, worker.Tasks[place].Kind == CommandKind.Copy);
        var task = State.Tasks.Find(key);
        var matters = task >= 0 && State.Tasks[task].State == TaskState.Processing && (State.Tasks[task].Flags & TaskFlags.Cancelling) == 0;
        var missed = worker.End(place, fails?.Invoke(key) ?? false, Workers);
        MissingReports += missed && matters ? 1 : 0;
        Runs[key] = Runs.GetValueOrDefault(key) + (missed || copies ? 0 : 1);
    }

    public void Apply(SchedulerEvent happened)
    {
        State.Apply(happened, Now);
        State.Validate();
        Said = [.. State.Commands.Select(command => $"{command.Kind} {command.Key.Layer} on {State.Worker(command.Worker).Info.Address}")];
        foreach (var command in State.Commands)
        {
            if (!Workers.TryGetValue(State.Worker(command.Worker).Info.Address, out var worker))
            {
                continue;
            }

            var inputs = Array.Empty<(TaskKey, string)>();
            var attempt = 0;
            if (command.Kind == CommandKind.Run)
            {
                ref var record = ref State.Tasks[command.Task];
                attempt = record.Attempt;
                inputs = new (TaskKey, string)[record.EdgeCount];
                for (var i = 0; i < inputs.Length; i++)
                {
                    var input = State.Edges[record.FirstEdge + i].Dependency;
                    inputs[i] = (State.Tasks.Key(input), State.Worker(State.Holders(input).First()).Info.Address);
                }
            }

            if (command.Kind == CommandKind.Copy)
            {
                inputs = [(command.Key, State.Worker(command.Holder).Info.Address)];
            }

            worker.Inbox.Enqueue(new Order(command.Kind, command.Key, attempt, inputs));
        }

        foreach (var outcome in State.Outcomes)
        {
            Outcomes[outcome.Key] = outcome;
        }
    }

    /// <summary>The scheduler is lost, and another begins with what the workers hold.</summary>
    public void Restart(Random random)
    {
        State = NewState();
        _batch = 0;
        OwnErrors.Clear();
        foreach (var worker in Workers.Values)
        {
            worker.BeginEpoch(random, Workers);
            Apply(new WorkerJoined(worker.Info, worker.Inventory()));
        }
    }

    public TaskStatusCode? Status(string name) => Outcomes.GetValueOrDefault(K(name))?.Status;

    public string[] Held(string worker) => [.. Workers[worker].Store.Select(key => key.Layer).Order(StringComparer.Ordinal)];

    private SchedulerState NewState() => new(error =>
    {
        OwnErrors.Add(error);
        return null!;
    });
}
