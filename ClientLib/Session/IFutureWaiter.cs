namespace Orleans.Dask.Session;

/// <summary>Is told, once, when a future ends; on the thread that brings the news, so it must be brief.</summary>
internal interface IFutureWaiter
{
    void Ended(FutureState state);
}
