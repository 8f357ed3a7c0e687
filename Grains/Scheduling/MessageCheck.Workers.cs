using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Grains.Scheduling;

/// <summary>What a worker is told: by schedulers, and by other silos.</summary>
internal static partial class MessageCheck
{
    /// <exception cref="ArgumentException">Says what is wrong with the batch, and where.</exception>
    public static void Require(CommandBatch batch)
    {
        if (Lacks(batch.Layers) || Lacks(batch.Workers) || batch.Functions is null || batch.Run is null || batch.Revoke is null || batch.Release is null || batch.Cancel is null || batch.SharedProcess is null)
        {
            throw new ArgumentException($"Commands {batch.Sequence} of {batch.Session} lack one of their lists, or a name in it. A list with nothing in it is sent as an empty one.");
        }

        var name = $"Commands {batch.Sequence} of {batch.Session}";
        foreach (var function in batch.Functions)
        {
            if (function is not { Number: > 0, Function: not null })
            {
                throw new ArgumentException($"{name} bring a function under the number {function?.Number}. Functions count from 1, each with its code.");
            }
        }

        RequireAll(name, batch.Layers, batch.Revoke, "revoked task");
        RequireAll(name, batch.Layers, batch.Release, "released value");
        RequireAll(name, batch.Layers, batch.Cancel, "cancelled task");
        foreach (var copy in batch.Copy ?? [])
        {
            Require(name, batch.Layers, copy.Key, "value to keep");
            RequireHolder(name, batch, copy.Key, copy.Holder);
        }

        foreach (var run in batch.Run)
        {
            Require(name, batch.Layers, run?.Key ?? new WireKey(-1, -1), "task to run");
            if (run!.Dependencies is null || run.Holders is null || run.Dependencies.Length != run.Holders.Length)
            {
                throw new ArgumentException($"{name}: '{Key(batch.Layers, run.Key)}' has {run.Dependencies?.Length} inputs and {run.Holders?.Length} holders. Each input comes with a worker that holds it.");
            }

            RequireAll(name, batch.Layers, run.Dependencies, "input");
            foreach (var holder in run.Holders)
            {
                RequireHolder(name, batch, run.Key, holder);
            }

            if (run.Function < TaskRecord.Alias || (run.Function == TaskRecord.Data && run.Arguments is null) || (run.Function == TaskRecord.Alias && run.Dependencies.Length != 1))
            {
                throw new ArgumentException($"{name}: '{Key(batch.Layers, run.Key)}' calls function {run.Function} with {run.Dependencies.Length} inputs. Functions count from 1; 0 is data with its value, {TaskRecord.Alias} an alias of one input.");
            }
        }
    }

    /// <exception cref="ArgumentException">Says what is wrong with the change, and where.</exception>
    public static void Require(InventoryChange change)
    {
        if (change.Worker is null || Lacks(change.Layers) || change.Came is null || change.Went is null)
        {
            throw new ArgumentException($"Change {change.Sequence} of the store of {change.Worker} lacks one of its lists, or a name. A list with nothing in it is sent as an empty one.");
        }

        var name = $"Change {change.Sequence} of the store of {change.Worker}";
        RequireAll(name, change.Layers, change.Came, "value that came");
        RequireAll(name, change.Layers, change.Went, "value that went");
    }

    /// <exception cref="ArgumentException">Says what is wrong with the request, and where.</exception>
    public static void Require(ReadRequest request)
    {
        if (Lacks(request.Layers) || request.Keys is null)
        {
            throw new ArgumentException($"A request for values of {request.Session} lacks one of its lists, or the name of a layer. A list with nothing in it is sent as an empty one.");
        }

        RequireAll($"A request for values of {request.Session}", request.Layers, request.Keys, "value");
    }

    private static void RequireHolder(string message, CommandBatch batch, WireKey key, int holder)
    {
        if ((uint)holder >= (uint)batch.Workers.Length)
        {
            throw new ArgumentException($"{message}: worker {holder} holds what is wanted for '{Key(batch.Layers, key)}', but the message names {batch.Workers.Length} workers. They count from 0.");
        }
    }
}
