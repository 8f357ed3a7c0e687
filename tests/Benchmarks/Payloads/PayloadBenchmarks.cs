using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Benchmarks.Payloads;

/// <summary>There and back: a chunk of numbers, rows of a table, a function. System.Text.Json is the peer; it has no functions.</summary>
public class PayloadBenchmarks
{
    private readonly double[] _array = [.. Enumerable.Range(0, 1_000_000).Select(i => i * 0.1)];
    private readonly List<Ride> _rides = [.. Enumerable.Range(0, 100_000).Select(i => new Ride(i, $"zone {i % 100}", i * 0.5, new DateTime(2015, 1, 1).AddSeconds(i)))];
    private Func<string, double> _closure = null!;
    private byte[] _arrayBytes = [];
    private byte[] _arrayJson = [];
    private byte[] _ridesBytes = [];
    private byte[] _ridesJson = [];
    private byte[] _closureBytes = [];
    private byte[] _tupleBytes = [];
    private readonly PayloadWriter _writer = new();

    [GlobalSetup]
    public void Encode()
    {
        double[] weights = [1, 2, 3];
        var names = new Dictionary<string, int> { ["a"] = 1, ["b"] = 2 };
        Func<int, int> inner = x => x * 10;
        _closure = name => weights[0] + inner(names[name]);
        (_arrayBytes, _arrayJson) = (ArrayEncode(), ArrayEncodeJson());
        (_ridesBytes, _ridesJson) = (RidesEncode(), RidesEncodeJson());
        (_closureBytes, _tupleBytes) = (ClosureEncode(), Payload.Encode((1, 2.5)));
    }

    [Benchmark]
    public byte[] ArrayEncode() => Payload.Of(_array).Encode();

    [Benchmark]
    public byte[] ArrayEncodeJson() => JsonSerializer.SerializeToUtf8Bytes(_array);

    [Benchmark]
    public double[] ArrayDecode() => Payload.Decode<double[]>(_arrayBytes);

    [Benchmark]
    public double[] ArrayDecodeJson() => JsonSerializer.Deserialize<double[]>(_arrayJson)!;

    [Benchmark]
    public byte[] RidesEncode() => Payload.Of(_rides).Encode();

    [Benchmark]
    public byte[] RidesEncodeJson() => JsonSerializer.SerializeToUtf8Bytes(_rides);

    [Benchmark]
    public List<Ride> RidesDecode() => Payload.Decode<List<Ride>>(_ridesBytes);

    [Benchmark]
    public List<Ride> RidesDecodeJson() => JsonSerializer.Deserialize<List<Ride>>(_ridesJson)!;

    [Benchmark]
    public byte[] ClosureEncode() => Payload.Of(_closure).Encode();

    [Benchmark]
    public Func<string, double> ClosureDecode() => Payload.Decode<Func<string, double>>(_closureBytes);

    /// <summary>The arguments of a million tasks, one after another into one buffer: time and bytes of one.</summary>
    [Benchmark(OperationsPerInvoke = 1_000)]
    public int TupleAppend()
    {
        _writer.Clear();
        for (var i = 0; i < 1_000; i++)
        {
            _writer.Append((i, 2.5));
        }

        return _writer.Position;
    }

    [Benchmark]
    public (int, double) TupleDecode() => Payload.Decode<(int, double)>(_tupleBytes);

    [Benchmark]
    public byte[] IntEncode() => Payload.Encode(_rides.Count);

    public sealed record Ride(int Id, string Zone, double Fare, DateTime Pickup);
}
