namespace Orleans.Dask;

/// <summary>How an array is printed. The defaults are NumPy's.</summary>
public sealed record PrintOptions
{
    /// <summary>Arrays of more elements are summarised. Default 1000.</summary>
    public int Threshold { get; init; } = 1000;

    /// <summary>Elements shown at either end of an axis of a summarised array. Default 3.</summary>
    public int EdgeItems { get; init; } = 3;

    /// <summary>Most digits after the point. Default 8.</summary>
    public int Precision { get; init; } = 8;

    /// <summary>Never the form 1e-05: small numbers are shown as 0. Default: where numbers are below 1e-4, from 1e8 on, or more than a thousandfold apart.</summary>
    public bool Suppress { get; init; }

    /// <summary>Most characters in a line. Default 75.</summary>
    public int LineWidth { get; init; } = 75;
}
