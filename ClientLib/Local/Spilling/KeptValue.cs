namespace Orleans.Dask.Spilling;

/// <summary>One persisted value, as the graph names it: a constant of the task that reads it.</summary>
/// <param name="owner">Whose it is.</param>
/// <param name="index">Its place there.</param>
internal sealed class KeptValue(KeptValues owner, int index)
{
    /// <inheritdoc cref="KeptValues.Read"/>
    public object Read() => owner.Read(index);
}
