namespace Orleans.Dask.Spilling;

/// <summary>A function that takes a spilled argument as a <see cref="SpilledValue"/> and reads the part it needs itself.</summary>
internal interface ITakesSpilled
{
    /// <summary>Whether that is so.</summary>
    bool TakesSpilled { get; }
}
