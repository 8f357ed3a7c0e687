using Orleans.Dask.Grains.Execution;
using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Simulation.Faults;

namespace Orleans.Dask.Simulation.Cluster;

/// <summary>Invariant 9: a command of an older scheduler epoch has no effect, be it ever so late, and though its number is the next.</summary>
internal static class OldEpochs
{
    /// <summary>To every worker, for every session that has begun there: let all go.</summary>
    public static void Try(SimCluster cluster)
    {
        foreach (var silo in cluster.Living)
        {
            foreach (var session in silo.Worker.Store.Sessions().OrderBy(session => session.Value, StringComparer.Ordinal))
            {
                Try(cluster, silo, session);
            }
        }
    }

    private static void Try(SimCluster cluster, SimSilo silo, SessionId session)
    {
        var worker = silo.Worker;
        var nothing = new CommandBatch(session, long.MinValue, 0, [], [], [], [], [], [], [], "");
        var expected = worker.Command(nothing);
        if (expected.EpochInForce <= 0)
        {
            return;
        }

        var held = worker.Store.List(session);
        var table = new KeyTable();
        WireKey[] all = [.. held.Select(value => table.Write(value.Key))];
        var answer = worker.Command(nothing with { Epoch = expected.EpochInForce - 1, Sequence = expected.NextSequence, Layers = table.Names(), Release = all, Cancel = all });
        if (answer != expected || worker.Store.Count(session) != held.Length)
        {
            cluster.World.Defect($"A command of epoch {expected.EpochInForce - 1} had an effect on {silo} in epoch {expected.EpochInForce} of {session}: it answers {answer}, expected {expected}, and holds {worker.Store.Count(session)} values of {held.Length}.");
        }

        cluster.World.Strike(Strike.OldEpoch);
    }
}
