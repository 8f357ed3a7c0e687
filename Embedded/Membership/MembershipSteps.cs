using System.Net;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>What happens to a silo's <see cref="MembershipProtocol"/>.</summary>
internal abstract record MembershipEvent
{
    /// <summary>This silo is the first of its cluster.</summary>
    public sealed record Founded : MembershipEvent;

    /// <summary>The next step of this silo's own life.</summary>
    public sealed record Wanted(SiloStatus Status) : MembershipEvent;

    /// <summary>A silo says what it is and how.</summary>
    public sealed record Announced(MemberEntry Silo) : MembershipEvent;

    /// <summary>A table; from whom, when that one would want to hear of a newer one.</summary>
    public sealed record Heard(MembershipTable Table, SiloAddress? From = null) : MembershipEvent;

    /// <summary>How a probe of this silo ended.</summary>
    public sealed record Probed(SiloAddress Target, ProbeOutcome Outcome, long Now) : MembershipEvent;

    /// <summary>All that a silo suspects at this moment.</summary>
    public sealed record Voted(SiloAddress By, SiloAddress[] Suspects, long Now) : MembershipEvent;

    /// <summary>Some time has passed.</summary>
    public sealed record Ticked : MembershipEvent;
}

/// <summary>What the silo then has to do, in this order.</summary>
internal abstract record MembershipCommand
{
    /// <summary>The table has changed.</summary>
    public sealed record Follow(MembershipTable Before, MembershipTable Table) : MembershipCommand;

    public sealed record Tell(SiloAddress To, MembershipTable Table) : MembershipCommand;

    /// <summary>The answer is a table to be heard.</summary>
    public sealed record Announce(SiloAddress To, MemberEntry Self) : MembershipCommand;

    /// <inheritdoc cref="Announce"/>
    public sealed record Vote(SiloAddress To, SiloAddress[] Suspects) : MembershipCommand;

    /// <summary>Look who answers where a dead silo was, or where others may be, and tell it the table: a net that was cut may be whole again.</summary>
    public sealed record Knock(IPEndPoint Door, MembershipTable Table) : MembershipCommand;

    /// <summary>The cluster goes on without this silo.</summary>
    public sealed record Stop(SiloAddress By) : MembershipCommand;
}
