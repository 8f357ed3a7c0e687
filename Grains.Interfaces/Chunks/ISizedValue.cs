namespace Orleans.Dask.Grains.Interfaces;

/// <summary>A value that knows how much memory it takes, so that nobody has to look into it to place, move and spill it well.</summary>
public interface ISizedValue
{
    /// <summary>Bytes, all it refers to included.</summary>
    long SizeInBytes { get; }
}
