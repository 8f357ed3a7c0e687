namespace Orleans.Dask.Arrays;

/// <summary>Somebody who works under a memory limit.</summary>
internal interface IIdleLimit
{
    /// <summary>How much may lie idle at this moment.</summary>
    long MostIdleBytes { get; }
}
