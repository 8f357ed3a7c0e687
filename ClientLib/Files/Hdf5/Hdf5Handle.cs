namespace Orleans.Dask.Files;

/// <summary>An open object of libhdf5, closed with its scope. Lives under <see cref="Hdf5.Gate"/> only.</summary>
internal readonly ref struct Hdf5Handle(long id, Func<long, int> close)
{
    /// <summary>The number that calls take.</summary>
    public long Id => id;

    /// <summary>What a call has opened, or the error why it did not.</summary>
    /// <param name="id">As the call gave it.</param>
    /// <param name="close">Gives it back.</param>
    /// <param name="what">What was to be opened, with the file's name.</param>
    public static Hdf5Handle Check(long id, Func<long, int> close, string what) => id >= 0 ? new(id, close)
        : throw new ArrayFileException($"{what} could not be opened. libhdf5: {Hdf5.Reason()}.");

    public void Dispose() => close(id);
}
