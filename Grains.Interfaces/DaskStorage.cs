namespace Orleans.Dask.Grains.Interfaces;

/// <summary>The store of grains whose state must outlive their silos.</summary>
/// <example><code>[PersistentState("recipe", DaskStorage.Name)] IPersistentState&lt;Recipe&gt; recipe</code></example>
public static class DaskStorage
{
    /// <summary>Every silo with Dask has a store of this name; the operator says what is behind it.</summary>
    public const string Name = "Dask";
}
