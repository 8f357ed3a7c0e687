using System.Net.Sockets;

namespace Orleans.Dask.Session;

/// <summary>Which failures of a call the next try may not meet.</summary>
internal static class Transient
{
    public static bool Is(Exception error) =>
        error is TimeoutException or OrleansException or SocketException or IOException or OperationCanceledException or ObjectDisposedException
        || (error is AggregateException { InnerException: { } inner } && Is(inner));
}
