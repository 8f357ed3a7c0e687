using System.Buffers;
using BenchmarkDotNet.Attributes;
using Orleans.Embedded;
using Orleans.Embedded.Serialization;

namespace Orleans.Dask.Benchmarks.Micro;

/// <summary>
/// What the embedded engine's wire adds to a call: proxy, copy and invocation in process, bytes between processes. The baseline is
/// the grain's method called directly.
/// </summary>
public class WireBenchmarks
{
    private readonly Adder _grain = new();
    private readonly ArrayBufferWriter<byte> _output = new(1 << 16);
    private readonly WireTask _task = new("task-0123456789abcdef", [1, 2, 3], new("a"), [new("x"), new("y")], 3.5);
    private readonly byte[] _taskBytes;
    private readonly Instant _runtime;
    private readonly IAdder _proxy;
    private readonly Invocation _call;
    private readonly byte[] _callBytes;

    public WireBenchmarks()
    {
        _runtime = new Instant(_grain);
        _proxy = (IAdder)ProxyFactory.Create(typeof(IAdder), GrainId.Create("adder", "1"), _runtime);
        _proxy.Add(1);
        _call = _runtime.Last!;
        WriteArguments();
        _callBytes = _output.WrittenSpan.ToArray();
        _taskBytes = WireSerializer.ToBytes(_task);
    }

    [Benchmark(Baseline = true)]
    public Task<int> Direct() => _grain.Add(1);

    [Benchmark]
    public Task<int> ThroughProxy() => _proxy.Add(1);

    [Benchmark]
    public ValueTask ThroughProxyWithoutResult() => _proxy.Nop();

    [Benchmark]
    public void WriteArguments()
    {
        _output.ResetWrittenCount();
        var writer = new WireWriter(_output);
        _call.WriteArguments(ref writer);
        writer.Complete();
    }

    [Benchmark]
    public object ReadArguments()
    {
        var call = _call.Method.Create();
        var reader = new WireReader(_callBytes);
        call.ReadArguments(ref reader);
        reader.Dispose();
        return call;
    }

    [Benchmark]
    public void WriteTask()
    {
        _output.ResetWrittenCount();
        var writer = new WireWriter(_output);
        WireSerializer.Write(ref writer, _task);
        writer.Complete();
    }

    [Benchmark]
    public object ReadTask() => WireSerializer.FromBytes<WireTask>(_taskBytes);

    [Benchmark]
    public object CopyTask() => WireSerializer.Copy(_task);

    [Alias("bench.IAdder")]
    internal interface IAdder : IGrainWithStringKey
    {
        Task<int> Add(int number);

        ValueTask Nop();
    }

    [GenerateSerializer, Alias("bench.WireKey")]
    internal readonly record struct WireKey([property: Id(0)] string Value);

    [GenerateSerializer, Alias("bench.WireTask")]
    internal sealed record WireTask(
        [property: Id(0)] string Key,
        [property: Id(1)] byte[] Payload,
        [property: Id(2)] WireKey Owner,
        [property: Id(3)] WireKey[] Inputs,
        [property: Id(4)] double Cost);

    private sealed class Adder : IAdder
    {
        public Task<int> Add(int number) => Task.FromResult(number);

        public ValueTask Nop() => default;
    }

    /// <summary>Answers at once, with the copies that an engine makes.</summary>
    private sealed class Instant(object grain) : IGrainRuntime
    {
        public Invocation? Last { get; private set; }

        public async ValueTask<T> CallAsync<T>(GrainReference target, Invocation call) =>
            (await (Last = call).CopyForLocalCall().InvokeAsync(grain)).CopyForLocalCall().GetResult<T>();

        public async ValueTask CallAsync(GrainReference target, Invocation call) =>
            (await (Last = call).CopyForLocalCall().InvokeAsync(grain)).ThrowIfFailed();

        public IAsyncEnumerable<T> EnumerateAsync<T>(GrainReference target, Invocation call) =>
            throw new NotSupportedException("No benchmark pulls a sequence.");
    }
}
