namespace Orleans.Dask.Session;

/// <summary>A value that the client keeps for as long as it is needed: lost, it is handed over again.</summary>
/// <param name="isLarge">Too large for a message: it goes into a store first.</param>
internal sealed class DataSource(bool isLarge)
{
    /// <summary>One for all small values.</summary>
    public static DataSource Small { get; } = new(false);

    /// <summary>True when it can be told of.</summary>
    public bool IsPrepared => !isLarge || Written is not null;

    /// <summary>Where it was written.</summary>
    public ScatteredSource? Written { get; private set; }

    public async Task PrepareAsync(FutureState state, CancellationToken cancellationToken) =>
        Written = await state.Link.ScatterAsync(state.Key, state.Arguments!, null, 1, cancellationToken);

    /// <summary>The silo that kept it may be gone: it is written again.</summary>
    public void Forget() => Written = null;
}
