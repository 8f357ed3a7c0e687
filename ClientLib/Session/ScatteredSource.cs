namespace Orleans.Dask.Session;

/// <summary>A value that was written into the stores of silos; nothing can make it again.</summary>
/// <param name="Workers">Addresses of those that keep it.</param>
/// <param name="Bytes">Its size.</param>
internal sealed record ScatteredSource(string[] Workers, long Bytes);
