using System.Net;
using System.Net.Sockets;
using System.Runtime.Loader;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Cluster;

[Collection(TwoSilos.Name)]
public sealed class FuturesTests(ClusterFixture fixture)
{
    private readonly DaskClient _client = fixture.Client;

    [Fact]
    public async Task A_future_is_an_argument_of_another()
    {
        Assert.Equal(3, await _client.Submit(Inc, _client.Submit(Inc, 1)));
    }

    [Fact]
    public async Task Four_functions_on_many_numbers_and_their_sum()
    {
        var all = new List<Future<int>>();
        for (var i = 0; i < 50; i++)
        {
            var x = _client.Submit(Foo, i);
            var y = _client.Submit(Bar, x);
            var z = _client.Submit(Linear, x, y);
            all.Add(_client.Submit(Three, x, y, z));
        }

        var expected = Enumerable.Range(0, 50).Sum(i => Three(Foo(i), Bar(Foo(i)), Linear(Foo(i), Bar(Foo(i)))));
        Assert.Equal(expected, await _client.Submit(Sum, all));
    }

    [Fact]
    public async Task Mapped_values_come_back_in_order()
    {
        var values = await _client.GatherAsync(_client.Map(Inc, Enumerable.Range(0, 5_000)));
        Assert.Equal(Enumerable.Range(1, 5_000), values);
    }

    [Fact]
    public async Task Tasks_run_on_all_silos_with_code_that_was_sent_there()
    {
        var places = await _client.GatherAsync(_client.Map(Place, Enumerable.Range(0, 400)));
        Assert.Equal(fixture.Cluster.ProcessIds.Order(), places.Select(place => place.Process).Distinct().Order());
        Assert.DoesNotContain(Environment.ProcessId, places.Select(place => place.Process));
        Assert.All(places, place => Assert.False(place.IsDeployed));
    }

    [Fact]
    public async Task Closures_bring_what_they_captured()
    {
        double[] weights = [0.5, 1.5, 2.5];
        var names = new Dictionary<string, int> { ["one"] = 1, ["two"] = 2 };
        Func<int, int> twice = x => 2 * x;
        Assert.Equal(4.5, await _client.Submit(() => weights.Sum()));
        Assert.Equal(2, await _client.Submit(name => names[name], "two"));
        Assert.Equal(9, await _client.Submit(x => twice(x) + names["one"], 4));
    }

    [Fact]
    public async Task A_closure_is_sent_as_it_is_at_each_call()
    {
        var k = 1;
        var futures = new List<Future<int>>();
        Func<int, int> add = x => x + k;
        for (; k <= 3; k++)
        {
            futures.Add(_client.Submit(add, 10));
        }

        var sums = await _client.GatherAsync(futures);
        Assert.Equal([11, 12, 13], sums);
    }

    [Fact]
    public async Task A_client_captured_by_accident_stays_behind()
    {
        var (client, cluster) = (fixture.Client, fixture.Cluster);
        var factor = 3;
        // Both lambdas share one closure, and with it the client and the cluster.
        Func<bool> other = () => client.Workers.Count == cluster.ProcessIds.Count;
        Assert.True(other());
        Assert.Equal(12, await _client.Submit(x => x * factor, 4));
        var error = await Assert.ThrowsAsync<TaskFailedException>(() => _client.Submit(other).ResultAsync());
        Assert.Contains("A client was captured", error.InnerException!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asynchronous_functions_are_awaited_where_they_run()
    {
        Assert.Equal(6, await _client.Submit(IncLater, _client.Submit(async x => await Task.FromResult(x * 5), 1)));
    }

    [Fact]
    public async Task Blocks_of_arrays_are_decoded_as_what_is_expected_and_as_nothing_else()
    {
        var x = DaskArray.Ones<double>(4, chunks: 2) + 1.0;
        var blocks = await _client.ComputeAsync<NDArray<double>>(x.ToGraph(), x.Keys());
        Assert.Equal([2.0, 2.0], blocks[1].ToArray());
        var error = await Assert.ThrowsAsync<PayloadException>(() => _client.ComputeAsync<NDArray<int>>(x.ToGraph(), x.Keys()));
        Assert.Contains("is expected", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_thrown_arrives_with_its_stack_and_key()
    {
        var future = _client.Submit(Inverse, 0);
        var error = await Assert.ThrowsAsync<TaskFailedException>(() => future.ResultAsync());
        Assert.Equal(future.Key, error.Key);
        Assert.IsType<DivideByZeroException>(error.InnerException);
        Assert.Contains(nameof(Inverse), error.InnerException.StackTrace, StringComparison.Ordinal);
        Assert.Contains(error.Worker!, _client.Workers.Select(worker => worker.Address));
    }

    [Fact]
    public async Task An_exception_of_the_programs_own_type_keeps_what_it_carries()
    {
        var error = await Assert.ThrowsAsync<TaskFailedException>(() => _client.Submit(Refuse, "salmon").ResultAsync());
        Assert.Equal("salmon", Assert.IsType<RefusedException>(error.InnerException).Dish);
    }

    [Fact]
    public async Task A_failure_is_that_of_the_task_that_threw()
    {
        var first = _client.Submit(Inverse, 0);
        var error = await Assert.ThrowsAsync<TaskFailedException>(() => _client.Submit(Inc, first).ResultAsync());
        Assert.Equal(first.Key, error.Key);
    }

    [Fact]
    public async Task Cancelling_sets_the_token_of_the_task()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var cancel = new CancellationTokenSource();
        var future = _client.Submit(TellWhenCancelled, ((IPEndPoint)listener.LocalEndpoint).Port, cancel.Token);
        using var task = await listener.AcceptTcpClientAsync();
        using var words = new StreamReader(task.GetStream());
        Assert.Equal("started", await words.ReadLineAsync());
        await cancel.CancelAsync();
        await Assert.ThrowsAsync<TaskCanceledException>(() => future.ResultAsync());
        Assert.Equal("cancelled", await words.ReadLineAsync());
        Assert.Equal(FutureStatus.Cancelled, future.Status);
    }

    [Fact]
    public async Task Scattered_values_come_back_whole_and_are_used_where_they_lie()
    {
        var values = Enumerable.Range(0, 1_000_000).Select(i => i * 0.5).ToArray();
        foreach (var worker in _client.Workers)
        {
            using var scattered = await _client.ScatterAsync(values, [worker.Address]);
            Assert.Equal(values, await scattered);
            var (length, process) = await _client.Submit(LengthThere, scattered);
            Assert.Equal(values.Length, length);
            Assert.Contains($"/{process}/", worker.Process, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_task_runs_beside_its_large_input()
    {
        foreach (var (near, far) in new[] { (0, 1), (1, 0) })
        {
            using var large = await _client.ScatterAsync(new byte[64 << 20], [_client.Workers[near].Address]);
            using var small = await _client.ScatterAsync(new byte[64 << 10], [_client.Workers[far].Address]);
            var (length, process) = await _client.Submit(LengthThere, large, small);
            Assert.Equal((64 << 20) + (64 << 10), length);
            Assert.Contains($"/{process}/", _client.Workers[near].Process, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_large_argument_and_a_large_result_travel_in_pieces()
    {
        var bytes = new byte[9_000_001];
        new Random(20261121).NextBytes(bytes);
        Assert.Equal(bytes.Reverse(), await _client.Submit(Reversed, bytes));
    }

    [Fact]
    public async Task A_value_is_a_grain_that_anyone_may_ask()
    {
        var future = _client.Submit(Inc, 41);
        await future;
        var grain = _client.Link.Grains.GetGrain<ITaskGrain>($"{_client.Session}/{future.Key}");
        var state = await grain.DescribeAsync();
        Assert.Equal(TaskStatusCode.Finished, state.Status);
        var piece = await grain.ReadAsync(0, null);
        Assert.Equal(42, Payload.Decode<int>(piece!.Bytes));
    }

    private static int Inc(int x) => x + 1;

    private static async Task<int> IncLater(int x)
    {
        await Task.Yield();
        return x + 1;
    }

    private static int Foo(int x) => x + 1;

    private static int Bar(int x) => 2 * x;

    private static int Linear(int x, int y) => (3 * x) + y;

    private static int Three(int x, int y, int z) => x + y + z;

    private static int Sum(IEnumerable<int> values) => values.Sum();

    private static int Inverse(int x) => 1 / x;

    private static int Refuse(string dish) => throw new RefusedException(dish);

    private static (int Process, bool IsDeployed) Place(int x) =>
        (Environment.ProcessId, AssemblyLoadContext.GetLoadContext(typeof(FuturesTests).Assembly) == AssemblyLoadContext.Default);

    private static (int Length, int Process) LengthThere(double[] values) => (values.Length, Environment.ProcessId);

    private static (int Length, int Process) LengthThere(byte[] large, byte[] small) => (large.Length + small.Length, Environment.ProcessId);

    private static byte[] Reversed(byte[] bytes) => [.. bytes.Reverse()];

    private static int TellWhenCancelled(int port, CancellationToken token)
    {
        using var test = new TcpClient();
        test.Connect(IPAddress.Loopback, port);
        using var words = new StreamWriter(test.GetStream()) { AutoFlush = true };
        words.WriteLine("started");
        token.WaitHandle.WaitOne();
        words.WriteLine("cancelled");
        token.ThrowIfCancellationRequested();
        return 0;
    }

    private sealed class RefusedException(string dish) : Exception($"No {dish} today.")
    {
        public string Dish { get; } = dish;
    }
}
