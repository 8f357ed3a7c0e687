namespace Orleans.Embedded;

/// <summary>Promises among several that are waited for.</summary>
internal static class Promises
{
    /// <summary>
    /// For <c>WhenAny</c>, <c>WhenAll</c> and <c>WaitAsync</c> on a promise that runs its continuations asynchronously: those three hang
    /// on it as something that only the thread pool would run. Awaited first, it goes on where this code's awaits do.
    /// </summary>
    public static async Task Awaited(this Task promise) => await promise;
}
