using System.Collections.Immutable;
using System.Net;
using System.Numerics;
using Orleans.Serialization;

namespace Orleans.Dask.Embedded.Tests.Serialization;

[GenerateSerializer, Alias("test.Color")]
internal enum Color : short
{
    None = 0,
    Red = -3,
    Blue = 400,
}

[GenerateSerializer, Alias("test.Key")]
internal readonly record struct Key([property: Id(0)] string Value);

/// <summary>A class with fields, private setters, init-only members and a cache that does not cross.</summary>
[GenerateSerializer, Alias("test.Person")]
internal sealed class Person
{
    private int _reads;

    [Id(0)] private string? _secret;

    [Id(1)] public string? Name { get; set; }

    [Id(2)] public int Age { get; init; }

    [Id(3)] public Person? Partner { get; set; }

    [Id(4)] public Color Mood { get; private set; }

    [Id(5)] public int? Shoe { get; set; }

    [Id(6)] public int Retries { get; set; } = 3;

    [Id(200)] public List<Person>? Friends { get; set; }

    public int Reads => ++_reads;

    public string? Secret => _secret;

    public Person Tell(string secret, Color mood)
    {
        (_secret, Mood) = (secret, mood);
        return this;
    }
}

[GenerateSerializer, Alias("test.Point")]
internal sealed record Point([property: Id(0)] double X, [property: Id(1)] double Y, [property: Id(2)] Key Name);

[GenerateSerializer, Alias("test.Shape")]
internal abstract record Shape([property: Id(0)] string Label);

[GenerateSerializer, Alias("test.Circle")]
internal record Circle(string Label, [property: Id(0)] double Radius) : Shape(Label);

[GenerateSerializer, Alias("test.Ring")]
internal sealed record Ring(string Label, double Radius, [property: Id(0)] double Inner) : Circle(Label, Radius);

[GenerateSerializer, Alias("test.Box`1")]
internal sealed class Box<T>
{
    [Id(0)] public T? Value { get; set; }

    [Id(1)] public object? Anything { get; set; }
}

[GenerateSerializer, Immutable, Alias("test.Frozen")]
internal sealed record Frozen([property: Id(0)] int[] Numbers);

[GenerateSerializer, Alias("test.Holder")]
internal sealed class Holder
{
    [Id(0), Immutable] public int[]? Shared { get; set; }

    [Id(1)] public int[]? Own { get; set; }
}

/// <summary>A property without storage of its own.</summary>
[GenerateSerializer, Alias("test.Celsius")]
internal struct Celsius
{
    private double _kelvin;

    [Id(0)]
    public double Degrees
    {
        readonly get => _kelvin - 273;
        set => _kelvin = value + 273;
    }
}

/// <summary>A type of somebody else, which travels as <see cref="ForeignSurrogate"/>.</summary>
internal sealed class Foreign(string text, List<int> numbers)
{
    public string Text { get; } = text;

    public List<int> Numbers { get; } = numbers;
}

[GenerateSerializer, Alias("test.ForeignSurrogate")]
internal struct ForeignSurrogate
{
    [Id(0)] public string Text;
    [Id(1)] public List<int> Numbers;
}

[RegisterConverter]
internal sealed class ForeignConverter : IConverter<Foreign, ForeignSurrogate>
{
    public Foreign ConvertFromSurrogate(in ForeignSurrogate surrogate) => new(surrogate.Text, surrogate.Numbers);

    public ForeignSurrogate ConvertToSurrogate(in Foreign value) => new() { Text = value.Text, Numbers = value.Numbers };
}

/// <summary>As <see cref="Foreign"/>, a struct.</summary>
internal readonly struct Angle(double radians)
{
    public double Radians { get; } = radians;
}

[GenerateSerializer, Alias("test.AngleSurrogate")]
internal struct AngleSurrogate
{
    [Id(0)] public double Degrees;
}

[RegisterConverter]
internal sealed class AngleConverter : IConverter<Angle, AngleSurrogate>
{
    public Angle ConvertFromSurrogate(in AngleSurrogate surrogate) =>
        double.IsFinite(surrogate.Degrees) ? new(surrogate.Degrees) : throw new ArgumentException("An angle is finite.");

    public AngleSurrogate ConvertToSurrogate(in Angle value) => new() { Degrees = value.Radians };
}

/// <summary>One of everything that is built in.</summary>
[GenerateSerializer, Alias("test.Everything")]
internal sealed class Everything
{
    [Id(0)] public bool Bool { get; set; }
    [Id(1)] public sbyte Int8 { get; set; }
    [Id(2)] public byte UInt8 { get; set; }
    [Id(3)] public short Int16 { get; set; }
    [Id(4)] public ushort UInt16 { get; set; }
    [Id(5)] public int Int32 { get; set; }
    [Id(6)] public uint UInt32 { get; set; }
    [Id(7)] public long Int64 { get; set; }
    [Id(8)] public ulong UInt64 { get; set; }
    [Id(9)] public Int128 Int128 { get; set; }
    [Id(10)] public UInt128 UInt128 { get; set; }
    [Id(11)] public Half Half { get; set; }
    [Id(12)] public float Single { get; set; }
    [Id(13)] public double Double { get; set; }
    [Id(14)] public decimal Decimal { get; set; }
    [Id(15)] public BigInteger Big { get; set; }
    [Id(16)] public Complex Complex { get; set; }
    [Id(17)] public char Char { get; set; }
    [Id(18)] public string? Text { get; set; }
    [Id(19)] public Guid Guid { get; set; }
    [Id(20)] public DateTime DateTime { get; set; }
    [Id(21)] public DateTimeOffset DateTimeOffset { get; set; }
    [Id(22)] public TimeSpan TimeSpan { get; set; }
    [Id(23)] public DateOnly Date { get; set; }
    [Id(24)] public TimeOnly Time { get; set; }
    [Id(25)] public Uri? Uri { get; set; }
    [Id(26)] public Version? Version { get; set; }
    [Id(27)] public IPAddress? Address { get; set; }
    [Id(28)] public IPEndPoint? Endpoint { get; set; }
    [Id(29)] public byte[]? Bytes { get; set; }
    [Id(30)] public double[]? Doubles { get; set; }
    [Id(31)] public string?[]? Texts { get; set; }
    [Id(32)] public int[,]? Matrix { get; set; }
    [Id(33)] public List<Key>? Keys { get; set; }
    [Id(34)] public Dictionary<string, List<int>>? Table { get; set; }
    [Id(35)] public HashSet<string>? Set { get; set; }
    [Id(36)] public Queue<int>? Queue { get; set; }
    [Id(37)] public SortedDictionary<int, string>? Sorted { get; set; }
    [Id(38)] public ImmutableArray<int> ImArray { get; set; }
    [Id(39)] public ImmutableList<string>? ImList { get; set; }
    [Id(40)] public ImmutableDictionary<int, string>? ImTable { get; set; }
    [Id(41)] public ReadOnlyMemory<byte> Block { get; set; }
    [Id(42)] public ArraySegment<byte> Segment { get; set; }
    [Id(43)] public IReadOnlyList<int>? Numbers { get; set; }
    [Id(44)] public KeyValuePair<string, int> Pair { get; set; }
    [Id(45)] public (int First, string? Second) ValueTuple { get; set; }
    [Id(46)] public Tuple<int, string>? Tuple { get; set; }
    [Id(47)] public int? Maybe { get; set; }
    [Id(48)] public object? Any { get; set; }
    [Id(49)] public Shape? Shape { get; set; }
    [Id(50)] public IReadOnlyDictionary<string, object>? Mixed { get; set; }
    [Id(51)] public Foreign? Foreign { get; set; }
    [Id(52)] public Angle Angle { get; set; }
    [Id(53)] public Celsius Warmth { get; set; }
    [Id(54)] public GrainId Grain { get; set; }
    [Id(55)] public SiloAddress? Silo { get; set; }
    [Id(56)] public Stack<Color>? Stack { get; set; }
    [Id(57)] public DateTime?[]? Dates { get; set; }
    [Id(58)] public System.Text.Rune Rune { get; set; }
    [Id(59)] public IEnumerable<Point>? Points { get; set; }
}
