using System.Net;

namespace Orleans.Embedded;

/// <summary>What a silo is told besides Orleans' own options.</summary>
internal sealed class SiloSetup
{
    public SiloEnvironment Environment { get; set; } = new();

    /// <summary>The silo to join; null: this one is the first, if none of the seeds answers.</summary>
    public IPEndPoint? Primary { get; set; }

    /// <summary>Other silos or gateways of the cluster, for when the primary is not there.</summary>
    public List<IPEndPoint> Seeds { get; } = [];

    public string? SiloName { get; set; }

    /// <summary>Null: by the clock.</summary>
    public int? Generation { get; set; }

    /// <summary>Null: all of the program.</summary>
    public IReadOnlyCollection<Type>? GrainClasses { get; set; }
}

/// <summary>Numbers of a silo's lives.</summary>
internal static class Generations
{
    private static readonly DateTimeOffset Epoch = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Quarter seconds: a silo does not restart faster, and an int lasts until 2040.</summary>
    public static int Now(TimeProvider time) => (int)((time.GetUtcNow() - Epoch).Ticks / (TimeSpan.TicksPerSecond / 4));
}
