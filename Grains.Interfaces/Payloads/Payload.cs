namespace Orleans.Dask.Grains.Interfaces;

/// <summary>A user's object on its way: the object itself inside a process, finished bytes between processes.</summary>
[Immutable]
public sealed class Payload;
