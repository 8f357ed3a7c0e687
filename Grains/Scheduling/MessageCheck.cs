using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Grains.Scheduling;

/// <summary>
/// What a scheduler or a worker is told is looked through before anything of it is done, so that a message is taken whole or not at all.
/// What concerns one task alone (an input that nothing makes, too many bytes) is no matter of the message: that task fails by itself.
/// </summary>
internal static partial class MessageCheck
{
    /// <exception cref="GraphException">Says what is wrong with the batch, and where.</exception>
    public static void Require(SubmitBatch batch, TaskTable known, Func<int, bool> knowsFunction)
    {
        if (batch.Layers is null || batch.Functions is null || batch.Tasks is null || batch.Wanted is null || batch.Unwanted is null || batch.Cancelled is null || batch.Scattered is null
            || Array.Exists(batch.Layers, layer => layer is null))
        {
            throw new GraphException($"Batch {batch.Sequence} lacks one of its lists, or the name of a layer. A list with nothing in it is sent as an empty one.");
        }

        var place = new Place(batch.Sequence, batch.Layers);
        foreach (var function in batch.Functions)
        {
            if (function is not { Number: > 0, Function: not null })
            {
                throw new GraphException($"Batch {batch.Sequence} brings a function under the number {function?.Number}. Functions count from 1, each with its code.");
            }
        }

        place.RequireAll(batch.Wanted, "wanted key");
        place.RequireAll(batch.Unwanted, "unwanted key");
        place.RequireAll(batch.Cancelled, "cancelled key");
        foreach (var scattered in batch.Scattered)
        {
            place.Require(scattered?.Key ?? new WireKey(-1, -1), "scattered key");
            if (scattered!.Worker is null || scattered.Bytes < 0)
            {
                throw new GraphException($"Batch {batch.Sequence}: '{place.Key(scattered.Key)}' was scattered to worker '{scattered.Worker}' with {scattered.Bytes} bytes. Name the worker that keeps it, and its size.");
            }
        }

        RequireTasks(batch, place, known, number => knowsFunction(number) || Array.Exists(batch.Functions, function => function.Number == number));
    }

    /// <exception cref="ArgumentException">Says what is wrong with the report, and where.</exception>
    public static void Require(WorkerReport report)
    {
        if (report.Layers is null || report.Finished is null || report.Revoked is null || report.Missing is null || report.CodeWanted is null || Array.Exists(report.Layers, layer => layer is null))
        {
            throw new ArgumentException($"Report {report.Sequence} of {report.Worker} lacks one of its lists, or the name of a layer. A list with nothing in it is sent as an empty one.");
        }

        foreach (var finished in report.Finished)
        {
            Require(report, finished?.Key ?? new WireKey(-1, -1), "ended task");
            if (finished!.Status is not (TaskStatusCode.Finished or TaskStatusCode.Failed or TaskStatusCode.Cancelled) || (finished.Status == TaskStatusCode.Failed && finished.Exception is null) || finished.Bytes < 0)
            {
                throw new ArgumentException($"Report {report.Sequence} of {report.Worker}: '{Key(report.Layers, finished.Key)}' has ended as {finished.Status} with {finished.Bytes} bytes. "
                    + "A task ends as finished with a size, as failed with its exception, or as cancelled.");
            }
        }

        foreach (var key in report.Revoked)
        {
            Require(report, key, "revoked task");
        }

        if (report.Leaving is { } leaving)
        {
            if (leaving.Written is null || leaving.Bytes is null || leaving.Others is null || leaving.Bytes.Length != leaving.Written.Length
                || Array.Exists(leaving.Bytes, bytes => bytes < 0) || Array.Exists(leaving.Others, other => other?.Address is null))
            {
                throw new ArgumentException($"Report {report.Sequence} of {report.Worker}, which is leaving, names {leaving.Written?.Length} values with {leaving.Bytes?.Length} sizes. Every value has a size, and every other silo an address.");
            }

            foreach (var key in leaving.Written)
            {
                Require(report, key, "written value");
            }
        }

        foreach (var missing in report.Missing)
        {
            Require(report, missing?.Task ?? new WireKey(-1, -1), "task that misses an input");
            Require(report, missing!.Input, "missing input");
        }
    }

    /// <exception cref="ArgumentException">Says what is wrong with the inventory, and where.</exception>
    public static void Require(Inventory inventory)
    {
        if (inventory.Worker is null || Lacks(inventory.Layers) || inventory.Values is null || inventory.Bytes is null || inventory.Bytes.Length != inventory.Values.Length || Array.Exists(inventory.Bytes, bytes => bytes < 0))
        {
            throw new ArgumentException($"An inventory of {inventory.Worker?.Address} lists {inventory.Values?.Length} values and {inventory.Bytes?.Length} sizes. Each value comes with its size, 0 or more.");
        }

        RequireAll($"An inventory of {inventory.Worker.Address}", inventory.Layers, inventory.Values, "value");
        RequireAll($"An inventory of {inventory.Worker.Address}", inventory.Layers, inventory.Running ?? [], "task that runs");
    }

    private static void RequireTasks(SubmitBatch batch, Place place, TaskTable known, Func<int, bool> knowsFunction)
    {
        var lastKnown = 0;
        Order? order = null;
        for (var i = 0; i < batch.Tasks.Length; i++)
        {
            var task = batch.Tasks[i];
            if (task?.Dependencies is null)
            {
                throw new GraphException($"Batch {batch.Sequence}: task {i} lacks its list of dependencies. A task that depends on nothing has an empty one.");
            }

            place.Require(task.Key, "task");
            if (task.Function != lastKnown)
            {
                if (task.Function < TaskRecord.Alias || (task.Function > 0 && !knowsFunction(task.Function)))
                {
                    throw new GraphException($"Batch {batch.Sequence}: '{place.Key(task.Key)}' calls function {task.Function}, which this session was never told of. Send a function with the first batch that names it.");
                }

                lastKnown = task.Function;
            }

            if ((task.Function == TaskRecord.Data && task.Arguments is null) || (task.Function == TaskRecord.Alias && task.Dependencies.Length != 1))
            {
                throw new GraphException($"Batch {batch.Sequence}: '{place.Key(task.Key)}' is {(task.Function == TaskRecord.Data ? "data without a value" : $"an alias of {task.Dependencies.Length} values")}. "
                    + "Data brings its value; an alias names the one value it stands for.");
            }

            foreach (var input in task.Dependencies)
            {
                place.Require(input, "input");
                if (place.Find(known, input) < 0)
                {
                    (order ??= new Order(batch.Tasks)).Require(batch, place, input, i);
                }
            }
        }
    }

    private static bool Lacks(string[]? names) => names is null || Array.Exists(names, name => name is null);

    private static void Require(WorkerReport report, WireKey key, string what) => Require($"Report {report.Sequence} of {report.Worker}", report.Layers, key, what);

    private static void RequireAll(string message, string[] layers, WireKey[] keys, string what)
    {
        foreach (var key in keys)
        {
            Require(message, layers, key, what);
        }
    }

    private static void Require(string message, string[] layers, WireKey key, string what)
    {
        if ((uint)key.Layer >= (uint)layers.Length || key.Index < 0)
        {
            throw new ArgumentException($"{message}: {Found(what, key, layers.Length)}");
        }
    }

    private static string Found(string what, WireKey key, int layers) =>
        $"a key ({what}) has layer {key.Layer} and index {key.Index}, but the message names {layers} layers. Layers count from 0 to {layers - 1}, and indices from 0.";

    private static TaskKey Key(string[] layers, WireKey key) => new(layers[key.Layer], key.Index);

    /// <summary>Keys of one batch, against its table of layers.</summary>
    private sealed class Place(long sequence, string[] layers)
    {
        // Numbers of the layers in the scheduler's table, looked up when first needed.
        private int[]? _numbers;

        public TaskKey Key(WireKey key) => MessageCheck.Key(layers, key);

        public void Require(WireKey key, string what)
        {
            if ((uint)key.Layer >= (uint)layers.Length || key.Index < 0)
            {
                throw new GraphException($"Batch {sequence}: {Found(what, key, layers.Length)}");
            }
        }

        public void RequireAll(WireKey[] keys, string what)
        {
            foreach (var key in keys)
            {
                Require(key, what);
            }
        }

        public int Find(TaskTable known, WireKey key)
        {
            _numbers ??= Array.ConvertAll(layers, known.FindLayer);
            return known.Find(_numbers[key.Layer], key.Index);
        }
    }

    /// <summary>Where each key of a batch is first defined.</summary>
    private sealed class Order
    {
        private readonly Dictionary<WireKey, int> _places;

        public Order(TaskSpec[] tasks)
        {
            _places = new(tasks.Length);
            for (var i = 0; i < tasks.Length; i++)
            {
                if (tasks[i] is { } task)
                {
                    _places.TryAdd(task.Key, i);
                }
            }
        }

        public void Require(SubmitBatch batch, Place place, WireKey input, int task)
        {
            // What the batch does not define at all is another error, of this task alone.
            if (_places.TryGetValue(input, out var defined) && defined >= task)
            {
                throw new GraphException(defined == task
                    ? $"Batch {batch.Sequence}: '{place.Key(input)}' depends on itself. A task depends on values made before it."
                    : $"Batch {batch.Sequence}: '{place.Key(batch.Tasks[task].Key)}' depends on '{place.Key(input)}', which comes after it. "
                    + "Dependencies come before dependants; where each leads to the other the graph has a cycle, which must be broken.");
            }
        }
    }
}
