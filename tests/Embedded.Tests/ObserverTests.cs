using System.Threading.Channels;
using Orleans.Embedded;

namespace Orleans.Dask.Embedded.Tests;

/// <summary>Grains calling objects of clients and of silos.</summary>
public sealed class ObserverTests
{
    [Theory, InlineData(true), InlineData(false)]
    public async Task Observers_of_clients_and_silos_are_called_in_order_and_can_answer(bool tcp)
    {
        await using var cluster = await InProcessCluster.StartAsync(2, tcp ? new TcpNetwork() : null);
        var client = await cluster.AddClientAsync();
        var mine = new Reader("client");
        var theirs = new Reader("silo");
        for (var i = 0; i < 6; i++)
        {
            var grain = client.GetGrain<INewsGrain>($"news-{i}");
            await grain.SubscribeAsync(client.CreateObjectReference<INewsObserver>(mine));
            await grain.SubscribeAsync(cluster.First.GrainFactory.CreateObjectReference<INewsObserver>(theirs));
            await grain.TellAsync(50);
            Assert.Equal(["client: well?", "silo: well?"], await grain.AskAsync("well?"));
            Assert.Equal(Enumerable.Range(0, 50), mine.TakeAll());
            Assert.Equal(Enumerable.Range(0, 50), theirs.TakeAll());
        }

        GC.KeepAlive(mine);
    }

    [Fact]
    public async Task A_deleted_observer_is_reported_to_the_caller()
    {
        await using var cluster = await InProcessCluster.StartAsync();
        var client = await cluster.AddClientAsync();
        var observer = new Reader("gone");
        var grain = client.GetGrain<INewsGrain>("n");
        await grain.SubscribeAsync(client.CreateObjectReference<INewsObserver>(observer));
        client.DeleteObjectReference<INewsObserver>(observer);
        await Assert.ThrowsAsync<OrleansMessageRejectionException>(() => grain.TellAsync(1));
    }

    [Fact]
    public async Task A_client_that_left_fails_the_call_at_once()
    {
        await using var cluster = await InProcessCluster.StartAsync(2);
        var client = await cluster.AddClientAsync();
        var observer = new Reader("leaver");
        var grain = cluster.First.GrainFactory.GetGrain<INewsGrain>("n");
        await grain.SubscribeAsync(client.CreateObjectReference<INewsObserver>(observer));
        await client.StopAsync();
        await Assert.ThrowsAsync<SiloUnavailableException>(() => grain.TellAsync(1));
    }

    private sealed class Reader(string name) : INewsObserver
    {
        private readonly Channel<int> _news = Channel.CreateUnbounded<int>();

        public Task NewsAsync(int number)
        {
            _news.Writer.TryWrite(number);
            return Task.CompletedTask;
        }

        public Task<string> AskAsync(string question) => Task.FromResult($"{name}: {question}");

        public List<int> TakeAll()
        {
            var all = new List<int>();
            while (_news.Reader.TryRead(out var number))
            {
                all.Add(number);
            }

            return all;
        }
    }
}
