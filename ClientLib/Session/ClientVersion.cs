namespace Orleans.Dask.Session;

/// <summary>The version that client and silos compare when a session opens.</summary>
internal static class ClientVersion
{
    public static string Text { get; } = typeof(ClientVersion).Assembly.GetName().Version!.ToString(3);
}
