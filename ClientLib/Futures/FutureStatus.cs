namespace Orleans.Dask;

/// <summary>Where a future stands.</summary>
public enum FutureStatus
{
    /// <summary>Waits for inputs or a slot, or runs.</summary>
    Pending,

    /// <summary>The value is there, here or in a silo's store.</summary>
    Finished,

    /// <summary>Its task threw, or one it depends on did.</summary>
    Error,

    /// <summary>Given up, or let go by <see cref="Future.Dispose()"/>.</summary>
    Cancelled,

    /// <summary>The silos that held the value are gone; it is being made again.</summary>
    Lost,
}
