using Orleans.Concurrency;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>Membership as silos and clients speak it among themselves.</summary>
[Alias("sys.IMembership")]
internal interface IMembershipTarget : IGrainWithStringKey
{
    /// <summary>What a silo is and how: that it joins, is active, leaves or has left.</summary>
    /// <returns>The table of the one asked: changed if that one keeps it, else it names who does.</returns>
    [Alias("Announce"), AlwaysInterleave, ResponseTimeout("00:00:05")]
    Task<MembershipTable> AnnounceAsync(MemberEntry silo);

    /// <summary>All that a silo suspects at this moment.</summary>
    /// <returns>The table of the one asked.</returns>
    [Alias("Vote"), AlwaysInterleave, ResponseTimeout("00:00:05")]
    Task<MembershipTable> VoteAsync(SiloAddress by, SiloAddress[] suspects);

    /// <summary>A table, pushed by whoever has it.</summary>
    /// <param name="table">Perhaps a newer one.</param>
    /// <param name="from">Who is to be told if it is an older one.</param>
    [Alias("Learn"), OneWay]
    Task LearnAsync(MembershipTable table, SiloAddress? from);

    /// <summary>From a silo that leaves: its last table. When this returns, the one asked sends it nothing more.</summary>
    [Alias("Farewell"), AlwaysInterleave, ResponseTimeout("00:00:05")]
    Task FarewellAsync(MembershipTable table);

    /// <returns>The table's version at the one asked.</returns>
    [Alias("Probe"), AlwaysInterleave]
    ValueTask<long> ProbeAsync();

    [Alias("Read"), AlwaysInterleave]
    Task<MembershipTable> ReadAsync();
}
