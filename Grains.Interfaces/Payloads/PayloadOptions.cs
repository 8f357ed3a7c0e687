namespace Orleans.Dask.Grains.Interfaces;

/// <summary>How a value is encoded.</summary>
public sealed record PayloadOptions
{
    /// <summary>The options used where nobody says otherwise.</summary>
    public static PayloadOptions Default { get; } = new();

    /// <summary>A value beyond these limits is refused where it is encoded, not where it arrives.</summary>
    public PayloadLimits Limits { get; init; } = PayloadLimits.Default;
}
