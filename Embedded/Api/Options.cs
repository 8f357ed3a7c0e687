using System.Net;

namespace Orleans.Configuration;

/// <summary>Which cluster this is. Silos and clients of another one are refused.</summary>
public class ClusterOptions
{
    /// <summary>Default "default".</summary>
    public string ClusterId { get; set; } = "default";

    /// <summary>The application; outlives clusters and names its stored state. Default "default".</summary>
    public string ServiceId { get; set; } = "default";
}

/// <summary>When idle activations go.</summary>
public class GrainCollectionOptions
{
    /// <summary>Idle for longer than this and the activation is collected. Default 15 minutes.</summary>
    public TimeSpan CollectionAge { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How often idle activations are looked for. Default 1 minute.</summary>
    public TimeSpan CollectionQuantum { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Ages by full name of grain class, instead of <see cref="CollectionAge"/>.</summary>
    public Dictionary<string, TimeSpan> ClassSpecificCollectionAge { get; } = [];

    /// <summary>How long a deactivation may take. Default 30 s.</summary>
    public TimeSpan DeactivationTimeout { get; set; } = TimeSpan.FromSeconds(30);
}

/// <summary>How dead silos are found.</summary>
public class ClusterMembershipOptions
{
    /// <summary>Between probes of a silo, and how long one may take. Default here 1 s (Microsoft Orleans: 5 s).</summary>
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Probes missed in a row before a silo is suspected. Default 3.</summary>
    public int NumMissedProbesLimit { get; set; } = 3;

    /// <summary>Silos that must suspect one before it is declared dead; never more than there are others. Default 2.</summary>
    public int NumVotesForDeathDeclaration { get; set; } = 2;

    /// <summary>How many silos each one probes. Default 3.</summary>
    public int NumProbedSilos { get; set; } = 3;

    /// <summary>How long to try to join. Default 5 minutes.</summary>
    public TimeSpan MaxJoinAttemptTime { get; set; } = TimeSpan.FromMinutes(5);
}

/// <summary>Where a silo listens.</summary>
public class EndpointOptions
{
    /// <summary>Default 11111.</summary>
    public int SiloPort { get; set; } = 11111;

    /// <summary>Default 30000; 0: no gateway, clients cannot connect here; <see cref="AnyFreePort"/>: one that is taken as the silo starts, and held from then on.</summary>
    public int GatewayPort { get; set; } = 30000;

    /// <summary>For <see cref="GatewayPort"/>, where 0 has another meaning.</summary>
    public const int AnyFreePort = -1;

    /// <summary>The address other silos and clients are told. Default: loopback.</summary>
    public IPAddress? AdvertisedIPAddress { get; set; }
}

/// <summary>Limits on messages, silo or client.</summary>
public abstract class MessagingOptions
{
    /// <summary>How long a caller waits for an answer before <see cref="TimeoutException"/>. Default 30 s.</summary>
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Bytes in the header of one message. Default 10 MB.</summary>
    public int MaxMessageHeaderSize { get; set; } = 10 * 1024 * 1024;

    /// <summary>Bytes in the body of one message. Default 100 MB.</summary>
    public int MaxMessageBodySize { get; set; } = 100 * 1024 * 1024;
}

/// <summary>Limits on messages between silos.</summary>
public class SiloMessagingOptions : MessagingOptions
{
    /// <summary>How often a message may be sent on because its grain is not where it was thought to be. Default 2.</summary>
    public int MaxForwardCount { get; set; } = 2;
}

/// <summary>Limits on messages of clients.</summary>
public class ClientMessagingOptions : MessagingOptions;

/// <summary>A store in a database.</summary>
public class AdoNetGrainStorageOptions
{
    /// <summary>Where it is and who asks, in the driver's own words.</summary>
    public string ConnectionString { get; set; } = null!;

    /// <summary>The driver's name. This engine knows "Npgsql" (PostgreSQL).</summary>
    public string Invariant { get; set; } = null!;
}
