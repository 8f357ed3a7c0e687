using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Grains.Scheduling;

namespace Orleans.Dask.Grains.Tests.Scheduling;

/// <summary>A worker as the scheduler's contract describes it, without threads: every run is answered once, copies of inputs stay only where a task used them.</summary>
internal sealed class SimulatedWorker(string address, int slots)
{
    private long _sequence;

    public WorkerInfo Info { get; private set; } = new(address, slots, "test", "1", 1 << 30);

    public bool Alive { get; set; } = true;

    /// <summary>What it holds.</summary>
    public HashSet<TaskKey> Store { get; } = [];

    /// <summary>Orders under way to it.</summary>
    public Queue<Order> Inbox { get; } = new();

    /// <summary>Tasks it has been given and not answered.</summary>
    public List<Order> Tasks { get; } = [];

    /// <summary>Reports under way to the scheduler.</summary>
    public Queue<WorkerReport> Outbox { get; } = new();

    public void Deliver(Order order)
    {
        var at = Tasks.FindIndex(task => task.Key == order.Key && task.Kind == CommandKind.Run);
        switch (order.Kind)
        {
            case CommandKind.Copy:
                Tasks.Add(order);
                break;
            case CommandKind.Run when Store.Contains(order.Key):
                Report(finished: Finished(order, TaskStatusCode.Finished));
                break;
            case CommandKind.Run when at >= 0:
                // Already at it for an earlier epoch.
                Tasks[at] = order;
                break;
            case CommandKind.Run:
                Tasks.Add(order);
                break;
            case CommandKind.Release:
                Store.Remove(order.Key);
                break;
            case CommandKind.Revoke when at >= 0:
                Tasks.RemoveAt(at);
                Report(revoked: order.Key);
                break;
            case CommandKind.Cancel when at >= 0:
                var cancelled = Tasks[at];
                Tasks.RemoveAt(at);
                Report(finished: Finished(cancelled, TaskStatusCode.Cancelled));
                break;
        }
    }

    /// <summary>Ends a task: finished or failed, or an input was nowhere to be had.</summary>
    /// <returns>Whether an input was missing.</returns>
    public bool End(int place, bool fail, IReadOnlyDictionary<string, SimulatedWorker> workers)
    {
        var order = Tasks[place];
        Tasks.RemoveAt(place);
        if (order.Kind == CommandKind.Copy)
        {
            var there = Store.Contains(order.Key) || (workers.TryGetValue(order.Inputs[0].Holder, out var holder) && holder.Store.Contains(order.Key));
            if (there)
            {
                Store.Add(order.Key);
                Report(finished: Finished(order with { Attempt = 0 }, TaskStatusCode.Finished));
            }
            else
            {
                Report(missing: (order.Key, order.Key, order.Inputs[0].Holder));
            }

            return false;
        }

        for (var i = 0; i < order.Inputs.Length; i++)
        {
            var (input, holder) = order.Inputs[i];
            if (!Store.Contains(input) && !(workers.TryGetValue(holder, out var from) && from.Alive && from.Store.Contains(input)))
            {
                Report(missing: (order.Key, input, holder));
                return true;
            }
        }

        if (!fail)
        {
            Store.UnionWith(order.Inputs.Select(input => input.Key));
            Store.Add(order.Key);
        }

        Report(finished: Finished(order, fail ? TaskStatusCode.Failed : TaskStatusCode.Finished));
        return false;
    }

    /// <summary>Says so with a report; what clients wrote is all that it holds, as far as it knows.</summary>
    public void Leave()
    {
        Info = Info with { Leaving = true };
        Outbox.Enqueue(new WorkerReport(address, 1, ++_sequence, [.. Store.Select(key => key.Layer)], [], [], [], [],
            new LeavingWorker([.. Store.Select((key, i) => new WireKey(i, key.Index))], [.. Store.Select(_ => 8L)], [])));
    }

    /// <summary>Something is under way to it, in it, or from it.</summary>
    public bool IsBusy => Inbox.Count + Tasks.Count + Outbox.Count > 0;

    public Inventory Inventory() =>
        new(Info, [.. Store.Select(key => key.Layer), .. Tasks.Select(task => task.Key.Layer)], [.. Store.Select((key, i) => new WireKey(i, key.Index))], [.. Store.Select(_ => 8L)], false, [.. Tasks.Select((_, i) => new WireKey(Store.Count + i, 0))]);

    /// <summary>A new scheduler has spoken: what was not begun is forgotten, what runs has its inputs here, reports count anew.</summary>
    public void BeginEpoch(Random random, IReadOnlyDictionary<string, SimulatedWorker> workers)
    {
        Inbox.Clear();
        Outbox.Clear();
        Tasks.RemoveAll(task => task.Kind == CommandKind.Copy || random.Next(2) == 0 || !task.Inputs.All(input => workers.Values.Any(worker => worker.Store.Contains(input.Key))));
        Store.UnionWith(Tasks.SelectMany(task => task.Inputs).Select(input => input.Key));
        _sequence = 0;
    }

    private static (TaskKey, TaskFinished) Finished(Order order, TaskStatusCode status) =>
        (order.Key, new TaskFinished(new WireKey(0, order.Key.Index), order.Attempt, status, 8, 10, null, null));

    private void Report((TaskKey Key, TaskFinished Report)? finished = null, TaskKey? revoked = null, (TaskKey Task, TaskKey Input, string Holder)? missing = null)
    {
        var key = finished?.Key ?? revoked ?? missing!.Value.Task;
        string[] layers = missing is { } m ? [key.Layer, m.Input.Layer] : [key.Layer];
        Outbox.Enqueue(new WorkerReport(address, 1, ++_sequence, layers,
            finished is null ? [] : [finished.Value.Report],
            revoked is null ? [] : [new WireKey(0, key.Index)],
            missing is null ? [] : [new MissingInput(new WireKey(0, key.Index), new WireKey(1, missing.Value.Input.Index), missing.Value.Holder)],
            []));
    }
}

/// <summary>A command as it was when it was sent.</summary>
internal sealed record Order(CommandKind Kind, TaskKey Key, int Attempt, (TaskKey Key, string Holder)[] Inputs);
