using System.Runtime.CompilerServices;
using Orleans.Concurrency;
using Orleans.Embedded;
using Orleans.Embedded.Serialization;

namespace Orleans.Dask.Embedded.Tests.Invocation;

[GenerateSerializer, Alias("test.Order")]
internal sealed class Order
{
    [Id(0)] public string Name { get; set; } = "";

    [Id(1)] public List<int> Items { get; set; } = [];
}

[Alias("test.IShop")]
internal interface IShop : IGrainWithStringKey
{
    Task Open();

    Task<int> Count(Order order, int extra);

    ValueTask Close(string reason);

    ValueTask<Order> Last();

    [Alias("LastNamed")]
    ValueTask<Order?> Last(string name);

    IAsyncEnumerable<int> Numbers(int count, CancellationToken cancellationToken);

    [OneWay]
    Task Forget([Immutable] Order order);

    [ReadOnly, ResponseTimeout("00:00:05")]
    Task<IShop> Neighbour(IShop shop, CancellationToken cancellationToken);

    [AlwaysInterleave]
    Task<bool> WaitAsync(CancellationToken cancellationToken);

    Task<(Order First, Order Second)> Twice(Order first, Order second);
}

[Alias("test.IMall")]
internal interface IMall : IShop
{
    Task<string> Name();
}

[Alias("test.IGeneric`1")]
internal interface IGeneric<T> : IGrainWithStringKey
{
    Task<T?> Echo(T? value);
}


internal sealed class Mall : IMall
{
    public List<object> Log { get; } = [];

    public Order? Kept { get; private set; }

    public Task Open()
    {
        Log.Add("open");
        return Task.CompletedTask;
    }

    public async Task<int> Count(Order order, int extra)
    {
        await Task.Yield();
        order.Items.Add(extra);
        Kept = order;
        return order.Items.Sum();
    }

    public ValueTask Close(string reason) => throw new InvalidOperationException($"closed: {reason}");

    public ValueTask<Order> Last() => new(Kept!);

    public async ValueTask<Order?> Last(string name)
    {
        await Task.Yield();
        return Kept?.Name == name ? Kept : null;
    }

    public async IAsyncEnumerable<int> Numbers(int count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var i = 0; i < Math.Abs(count); i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (i % 4 == 3)
            {
                await Task.Yield();
            }

            yield return i;
        }

        if (count < 0)
        {
            throw new InvalidOperationException("no more numbers");
        }
    }

    public Task Forget(Order order) => Task.CompletedTask;

    public Task<IShop> Neighbour(IShop shop, CancellationToken cancellationToken) => Task.FromResult(shop);

    public Task<bool> WaitAsync(CancellationToken cancellationToken) => Task.FromResult(cancellationToken.CanBeCanceled);

    public Task<(Order First, Order Second)> Twice(Order first, Order second)
    {
        Assert.Same(first, second);
        return Task.FromResult((first, second));
    }

    public Task<string> Name() => Task.FromResult("mall");
}

public class ProxyTests
{
    private static readonly GrainId _id = GrainId.Create("mall", "a");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_kind_of_method_reaches_the_grain_and_brings_its_answer_back(bool throughBytes)
    {
        var mall = new Mall();
        var runtime = new ScriptedRuntime(mall, throughBytes);
        var shop = (IShop)ProxyFactory.Create(typeof(IShop), _id, runtime);
        var order = new Order { Name = "o", Items = [1, 2] };

        await shop.Open();
        Assert.Equal(10, await shop.Count(order, 7));
        Assert.Equal([1, 2], order.Items);
        Assert.NotSame(order, mall.Kept);

        var last = await shop.Last();
        Assert.NotSame(mall.Kept, last);
        Assert.Equal([1, 2, 7], last.Items);
        Assert.Equal("o", (await shop.Last("o"))!.Name);
        Assert.Null(await shop.Last("other"));
        Assert.Equal(["open"], mall.Log);

        var both = await shop.Twice(order, order);
        Assert.Same(both.First, both.Second);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_method_throws_is_thrown_at_the_caller(bool throughBytes)
    {
        var shop = (IShop)ProxyFactory.Create(typeof(IShop), _id, new ScriptedRuntime(new Mall(), throughBytes));
        var error = await Assert.ThrowsAsync<InvalidOperationException>(async () => await shop.Close("late"));
        Assert.Equal("closed: late", error.Message);
        Assert.Contains("Mall.Close", error.StackTrace, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_sequence_arrives_in_order_and_its_error_after_its_elements(bool throughBytes)
    {
        var shop = (IShop)ProxyFactory.Create(typeof(IShop), _id, new ScriptedRuntime(new Mall(), throughBytes));
        foreach (var count in new[] { 0, 1, 3, 10 })
        {
            Assert.Equal(Enumerable.Range(0, count), await Collect(shop.Numbers(count, CancellationToken.None)));
        }

        var seen = new List<int>();
        var error = await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await foreach (var number in shop.Numbers(-5, CancellationToken.None))
            {
                seen.Add(number);
            }
        });
        Assert.Equal("no more numbers", error.Message);
        Assert.Equal([0, 1, 2, 3, 4], seen);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_inherited_method_is_called_through_either_interface(bool throughBytes)
    {
        var runtime = new ScriptedRuntime(new Mall(), throughBytes);
        var mall = (IMall)ProxyFactory.Create(typeof(IMall), _id, runtime);
        Assert.Equal("mall", await mall.Name());
        Assert.Equal(3, await mall.Count(new Order(), 3));
        Assert.Equal("test.IShop", runtime.Calls[^1].Call.Method.InterfaceAlias);

        var shop = (IShop)ProxyFactory.Create(typeof(IShop), _id, runtime);
        Assert.Equal(3, await shop.Count(new Order(), 3));
        Assert.Equal(shop, mall);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_reference_is_an_argument_and_a_result_like_any_other(bool throughBytes)
    {
        var runtime = new ScriptedRuntime(new Mall(), throughBytes);
        var shop = (IShop)ProxyFactory.Create(typeof(IShop), _id, runtime);
        var mall = (IMall)ProxyFactory.Create(typeof(IMall), GrainId.Create("mall", "b"), runtime);

        var back = await shop.Neighbour(mall, CancellationToken.None);
        Assert.IsAssignableFrom<IMall>(back);
        Assert.Equal(GrainId.Create("mall", "b"), ((GrainReference)back).GrainId);
        Assert.Same(runtime, ((GrainReference)back).Runtime);

        var error = await Assert.ThrowsAsync<WireException>(() => shop.Neighbour(new Mall(), CancellationToken.None));
        Assert.Contains("GetGrain", error.Message, StringComparison.Ordinal);
        Assert.Contains("IShop.Neighbour(shop)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task References_travel_inside_objects_and_need_a_runtime_to_arrive()
    {
        var runtime = new ScriptedRuntime(new Mall());
        var shop = (IShop)ProxyFactory.Create(typeof(IShop), _id, runtime);
        var bytes = WireSerializer.ToBytes<object>(new List<IShop> { shop, shop });

        var back = (List<IShop>)WireSerializer.FromBytes<object>(bytes, runtime);
        await back[1].Open();
        Assert.Equal(_id, runtime.Calls.Single().Target.GrainId);
        Assert.Throws<WireException>(() => WireSerializer.FromBytes<object>(bytes));
        Assert.Throws<WireException>(() => WireSerializer.FromBytes<List<IMall>>(WireSerializer.ToBytes(new List<IShop> { shop }), runtime));
    }

    [Fact]
    public async Task A_cancellation_token_stays_out_of_the_arguments_and_with_the_call()
    {
        using var source = new CancellationTokenSource();
        var runtime = new ScriptedRuntime(new Mall());
        var shop = (IShop)ProxyFactory.Create(typeof(IShop), _id, runtime);
        Assert.True(await shop.WaitAsync(source.Token));
        Assert.Equal(source.Token, runtime.Calls[^1].Call.CancellationToken);
        Assert.False(await shop.WaitAsync(CancellationToken.None));
    }

    [Fact]
    public void The_table_of_an_interface_is_sorted_by_wire_name_and_knows_the_attributes()
    {
        var shop = GrainInterfaces.Get(typeof(IShop));
        Assert.Equal("test.IShop", shop.Alias);
        Assert.Same(shop, GrainInterfaces.Find("test.IShop"));
        Assert.Equal(shop.Methods.Select(method => method.Name).Order(StringComparer.Ordinal), shop.Methods.Select(method => method.Name));
        Assert.Equal(Enumerable.Range(0, shop.Methods.Count), shop.Methods.Select(method => method.Index));

        Assert.True(Method("Forget").OneWay);
        Assert.True(Method("WaitAsync").AlwaysInterleave);
        Assert.True(Method("Numbers").IsSequence);
        Assert.True(Method("Neighbour").ReadOnly);
        Assert.Equal(TimeSpan.FromSeconds(5), Method("Neighbour").ResponseTimeout);
        Assert.Null(Method("Open").ResponseTimeout);
        Assert.Equal("LastNamed", Method("LastNamed").Name);
        Assert.Same(Method("Open"), Method("Open").Create().Method);
        Assert.Null(GrainInterfaces.Find("no.such.interface"));
        Assert.Null(GrainInterfaces.Find("test.Order"));

        GrainMethod Method(string name) => shop.Methods.Single(method => method.Name == name);
    }

    [Fact]
    public async Task A_one_way_call_completes_at_once_and_shares_what_is_immutable()
    {
        var runtime = new ScriptedRuntime(new Mall());
        var shop = (IShop)ProxyFactory.Create(typeof(IShop), _id, runtime);
        var task = shop.Forget(new Order());
        Assert.True(task.IsCompletedSuccessfully);
        await task;
        Assert.Same(runtime.Calls[0].Call, runtime.Calls[0].Call.CopyForLocalCall());
    }

    [Fact]
    public async Task A_generic_interface_is_known_by_its_name_and_arguments()
    {
        foreach (var throughBytes in new[] { false, true })
        {
            var runtime = new ScriptedRuntime(new Echo(), throughBytes);
            var echo = (IGeneric<Order>)ProxyFactory.Create(typeof(IGeneric<Order>), _id, runtime);
            Assert.Equal("x", (await echo.Echo(new Order { Name = "x" }))!.Name);
            Assert.Equal("test.IGeneric`1<test.Order>", runtime.Calls[0].Call.Method.InterfaceAlias);
        }
    }

    [Fact]
    public async Task A_call_that_completes_at_once_allocates_its_call_and_no_more()
    {
        var runtime = new InstantRuntime(new Mall());
        var mall = (IMall)ProxyFactory.Create(typeof(IMall), _id, runtime);
        for (var i = 0; i < 100; i++)
        {
            await mall.Close("warm");
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            var call = mall.Close("again");
            Assert.True(call.IsCompletedSuccessfully);
        }

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 1_000, 1, 64);
    }

    [Fact]
    public async Task An_interface_that_only_its_class_can_see_is_called_like_any_other()
    {
        var hidden = (IHidden)ProxyFactory.Create(typeof(IHidden), _id, new ScriptedRuntime(new Hidden(), throughBytes: true));
        Assert.Equal(new Secret(5), await hidden.Tell(new Secret(4)));
    }

    [Fact]
    public void An_argument_that_cannot_be_read_is_named()
    {
        var method = GrainInterfaces.Get(typeof(IShop)).Methods.Single(method => method.Name == "Count");
        byte[] bytes = [0x05, 0x24, 0x03, 0x7F];
        var error = Assert.Throws<WireException>(() =>
        {
            var reader = new WireReader(bytes);
            method.Create().ReadArguments(ref reader);
        });
        Assert.Equal("IShop.Count(order) → Order.Name", error.Path);
    }

    [Fact]
    public async Task A_method_that_returns_no_task_fails_its_call()
    {
        var call = GrainInterfaces.Get(typeof(IGeneric<int>)).Methods.Single().Create();
        var response = await call.InvokeAsync(new NoTask());
        Assert.Contains("null instead of a task", response.Exception!.Message, StringComparison.Ordinal);
    }

    private static async Task<List<int>> Collect(IAsyncEnumerable<int> numbers)
    {
        var collected = new List<int>();
        await foreach (var number in numbers)
        {
            collected.Add(number);
        }

        return collected;
    }

    [Alias("test.IHidden")]
    private interface IHidden : IGrainWithStringKey
    {
        Task<Secret> Tell(Secret secret);
    }

    [GenerateSerializer, Alias("test.Secret")]
    private readonly record struct Secret([property: Id(0)] int Number);

    private sealed class Hidden : IHidden
    {
        public Task<Secret> Tell(Secret secret) => Task.FromResult(new Secret(secret.Number + 1));
    }

    private sealed class NoTask : IGeneric<int>
    {
        Task<int> IGeneric<int>.Echo(int value) => null!;
    }

    private sealed class Echo : IGeneric<Order>
    {
        Task<Order?> IGeneric<Order>.Echo(Order? value) => Task.FromResult(value);
    }

    private sealed class InstantRuntime(object grain) : IGrainRuntime
    {
        public object Grain { get; } = grain;

        public ValueTask<T> CallAsync<T>(GrainReference target, Orleans.Embedded.Invocation call) => default;

        public ValueTask CallAsync(GrainReference target, Orleans.Embedded.Invocation call)
        {
            call.CopyForLocalCall();
            return default;
        }

        public IAsyncEnumerable<T> EnumerateAsync<T>(GrainReference target, Orleans.Embedded.Invocation call) => throw new NotSupportedException();
    }
}
