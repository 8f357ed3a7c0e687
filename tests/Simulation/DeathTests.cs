using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Dask.Simulation.Cluster;
using Orleans.Dask.Simulation.World;
using Orleans.Embedded;

namespace Orleans.Dask.Simulation;

/// <summary>How long it takes in virtual time until all who live know of a death: no longer than the options say.</summary>
public sealed class DeathTests
{
    private const int Seeds = 12;

    // Between seeing it and everybody's having been told: some messages.
    private static readonly TimeSpan s_telling = TimeSpan.FromSeconds(0.25);

    /// <param name="place">Which silo; the first keeps the table.</param>
    /// <param name="silos">How many there are.</param>
    /// <param name="silently">With its machine: nothing refuses connections. A killed process does.</param>
    [Theory]
    [InlineData(0, 2, false)]
    [InlineData(0, 3, false)]
    [InlineData(0, 4, false)]
    [InlineData(1, 2, false)]
    [InlineData(1, 3, false)]
    [InlineData(1, 4, false)]
    [InlineData(0, 2, true)]
    [InlineData(0, 3, true)]
    [InlineData(0, 4, true)]
    [InlineData(1, 2, true)]
    [InlineData(1, 3, true)]
    [InlineData(1, 4, true)]
    public void Survivors_and_clients_know_of_a_death_in_time(int place, int silos, bool silently)
    {
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var failure = OnItsThread(seed, place, silos, silently);
            Assert.True(failure is null, $"seed {seed}: {failure}");
        }
    }

    private static string? OnItsThread(int seed, int place, int silos, bool silently)
    {
        string? failure = null;
        var thread = new Thread(() => failure = Run(seed, place, silos, silently), maxStackSize: 16 << 20);
        thread.Start();
        thread.Join();
        return failure;
    }

    private static string? Run(int seed, int place, int silos, bool silently)
    {
        var world = new SimWorld(seed, log: null);
        try
        {
            var cluster = new SimCluster(world, new ClusterShape(silos, Clients: 1, Slots: 1, TimeSpan.FromMilliseconds(10), AsOrleans: false));
            cluster.Start();
            world.Run(TimeSpan.FromSeconds(2) + TimeSpan.FromMilliseconds(83 * seed));
            var victim = cluster[place]!;
            var options = victim.Silo.Services.GetRequiredService<IOptions<ClusterMembershipOptions>>().Value;

            // Silence: the rest of the pause before the next probe, then so many probes that nobody answers. Refusal: one look at once,
            // the others after a fifth of the pause each.
            var atMost = s_telling + (silently
                ? options.ProbeTimeout * (options.NumMissedProbesLimit + 1)
                : options.ProbeTimeout / 5 * options.NumMissedProbesLimit);
            Assert.True(atMost < TimeSpan.FromSeconds(5), "The options as they come are to keep what is promised.");
            cluster.Crash(victim, silently);
            return world.RunUntil(() => cluster.Living.All(silo => silo.Silo.Membership.IsDead(victim.Silo.Address)) && KnownTo(cluster.Clients[0]).IsDead(victim.Silo.Address), atMost)
                ? world.Defects.FirstOrDefault()
                : $"after {atMost} silos know {string.Join(", ", cluster.Living.Select(silo => silo.Silo.Membership.Table.StatusOf(victim.Silo.Address)))}, "
                    + $"the client {KnownTo(cluster.Clients[0]).StatusOf(victim.Silo.Address)}";
        }
        finally
        {
            world.End();
        }
    }

    private static MembershipTable KnownTo(SimClient client) => ((IMembershipTarget)client.Connection).ReadAsync().GetAwaiter().GetResult();
}
