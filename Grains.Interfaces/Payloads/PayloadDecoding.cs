namespace Orleans.Dask.Grains.Interfaces;

/// <summary>How bytes become a value again: within which limits, with whose code.</summary>
public sealed record PayloadDecoding
{
    /// <summary>Default limits, the code of this process, no policy.</summary>
    public static PayloadDecoding Default { get; } = new();

    /// <summary>What the payload may cost.</summary>
    public PayloadLimits Limits { get; init; } = PayloadLimits.Default;

    /// <summary>Where the assemblies it names are found. Default: the code of this process.</summary>
    public ICodeResolver Code { get; init; } = LoadedCode.Instance;

    /// <summary>Which methods and types it may name. Null (the default): all that resolve.</summary>
    public ICodePolicy? Policy { get; init; }
}
