namespace Orleans.Dask.Embedded.Tests;

[Alias("tests.INewsObserver")]
public interface INewsObserver : IGrainObserver
{
    [Alias("News")]
    Task NewsAsync(int number);

    [Alias("Ask")]
    Task<string> AskAsync(string question);
}

[Alias("tests.INewsGrain")]
public interface INewsGrain : IGrainWithStringKey
{
    [Alias("Subscribe")]
    Task SubscribeAsync(INewsObserver observer);

    [Alias("Tell")]
    Task TellAsync(int count);

    [Alias("Ask")]
    Task<string[]> AskAsync(string question);
}

public sealed class NewsGrain : Grain, INewsGrain
{
    private readonly List<INewsObserver> _observers = [];

    public Task SubscribeAsync(INewsObserver observer)
    {
        _observers.Add(observer);
        return Task.CompletedTask;
    }

    public async Task TellAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            foreach (var observer in _observers)
            {
                await observer.NewsAsync(i);
            }
        }
    }

    public async Task<string[]> AskAsync(string question) => await Task.WhenAll(_observers.Select(o => o.AskAsync(question)));
}
