using Orleans.Concurrency;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>Membership as silos and clients speak it among themselves. The first three are for the keeper.</summary>
[Alias("sys.IMembership")]
internal interface IMembershipTarget : IGrainWithStringKey
{
    [Alias("Join")]
    Task<MembershipTable> JoinAsync(MemberEntry joining);

    [Alias("SetStatus")]
    Task<MembershipTable> SetStatusAsync(SiloAddress silo, SiloStatus status);

    /// <summary>One vote for declaring <paramref name="suspect"/> dead.</summary>
    [Alias("Suspect")]
    Task SuspectAsync(SiloAddress suspect, SiloAddress by);

    /// <summary>A newer table, pushed by whoever has it.</summary>
    [Alias("Learn"), OneWay]
    Task LearnAsync(MembershipTable table);

    /// <returns>The table's version at the one asked.</returns>
    [Alias("Probe"), AlwaysInterleave]
    ValueTask<long> ProbeAsync();

    [Alias("Read"), AlwaysInterleave]
    Task<MembershipTable> ReadAsync();
}
