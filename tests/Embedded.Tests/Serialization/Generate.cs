using System.Collections.Immutable;
using System.Net;
using System.Numerics;

namespace Orleans.Dask.Embedded.Tests.Serialization;

/// <summary>Object graphs by seed: every shape the serializer knows, nested in each other, with shared and circular references.</summary>
internal static class Generate
{
    public static object? Value(Random random, int depth) => Value(random, depth, []);

    public static Everything Everything(Random random) => Everything(random, 3, []);

    private static object? Value(Random random, int depth, List<object> seen)
    {
        if (seen.Count > 0 && random.Next(10) == 0)
        {
            return seen[random.Next(seen.Count)];
        }

        if (depth == 0)
        {
            return Leaf(random);
        }

        object? value = random.Next(20) switch
        {
            0 => Several(random, depth, seen).ToArray(),
            1 => Several(random, depth, seen).ToList(),
            2 => Several(random, depth, seen).Select((item, i) => KeyValuePair.Create($"{i}", item)).ToDictionary(),
            3 => Person(random, depth, seen),
            4 => new Point(random.NextDouble(), random.Next(), new Key(Text(random))),
            5 => random.Next(2) == 0 ? new Circle(Text(random), random.NextDouble()) : new Ring(Text(random), 2, random.Next()),
            6 => new Box<object> { Value = Value(random, depth - 1, seen), Anything = Value(random, depth - 1, seen) },
            7 => new Box<int[]> { Value = [random.Next(), 2], Anything = Value(random, depth - 1, seen) },
            8 => Tuple.Create(Value(random, depth - 1, seen), random.Next()),
            9 => (Value(random, depth - 1, seen), Text(random)),
            10 => ImmutableList.CreateRange(Several(random, depth, seen)),
            11 => ImmutableDictionary.CreateRange(Several(random, depth, seen).Select((item, i) => KeyValuePair.Create(i, item))),
            12 => new Queue<object?>(Several(random, depth, seen)),
            13 => new SortedDictionary<int, object?>(Several(random, depth, seen).Select((item, i) => KeyValuePair.Create(i, item)).ToDictionary()),
            14 => new object?[,] { { Value(random, depth - 1, seen), null }, { Leaf(random), Text(random) } },
            15 => ImmutableArray.CreateRange(Several(random, depth, seen)),
            16 => new Holder { Shared = [random.Next()], Own = [1, random.Next()] },
            17 => new Foreign(Text(random), [random.Next()]),
            18 => Everything(random, depth - 1, seen),
            _ => Leaf(random),
        };

        if (value is not null && !value.GetType().IsValueType)
        {
            seen.Add(value);
        }

        return value;
    }

    private static Person Person(Random random, int depth, List<object> seen)
    {
        var person = new Person { Name = Text(random), Age = random.Next(), Shoe = random.Next(3) == 0 ? null : random.Next() }.Tell(Text(random), Color.Red);
        seen.Add(person);
        person.Partner = random.Next(3) switch
        {
            0 => person,
            1 => seen.OfType<Person>().ElementAt(random.Next(seen.OfType<Person>().Count())),
            _ => depth > 1 ? Person(random, depth - 1, seen) : null,
        };
        person.Friends = random.Next(2) == 0 ? null : [person, .. seen.OfType<Person>().Take(random.Next(4))];
        return person;
    }

    private static List<object?> Several(Random random, int depth, List<object> seen)
    {
        var count = random.Next(4);
        return [.. Enumerable.Range(0, count).Select(_ => Value(random, depth - 1, seen))];
    }

    private static string Text(Random random) => random.Next(4) switch
    {
        0 => "",
        1 => "æ🚀" + random.Next(),
        2 => new string((char)('a' + random.Next(26)), random.Next(300)),
        _ => random.Next().ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    private static object? Leaf(Random random) => random.Next(12) switch
    {
        0 => null,
        1 => random.Next(),
        2 => random.NextInt64(),
        3 => random.NextDouble(),
        4 => Text(random),
        5 => new Key(Text(random)),
        6 => Color.Blue,
        7 => new DateTime(random.NextInt64(DateTime.MaxValue.Ticks), DateTimeKind.Utc),
        8 => new byte[random.Next(50)],
        9 => (decimal)random.NextDouble(),
        10 => new IPEndPoint(IPAddress.Loopback, random.Next(65_536)),
        _ => random.Next(2) == 0,
    };

    private static Everything Everything(Random random, int depth, List<object> seen) => new()
    {
        Bool = true,
        Int8 = (sbyte)random.Next(),
        UInt8 = (byte)random.Next(),
        Int16 = (short)random.Next(),
        UInt16 = (ushort)random.Next(),
        Int32 = random.Next(),
        UInt32 = (uint)random.NextInt64(),
        Int64 = random.NextInt64(),
        UInt64 = ulong.MaxValue - (ulong)random.Next(),
        Int128 = Int128.MinValue + random.Next(),
        UInt128 = UInt128.MaxValue,
        Half = (Half)random.NextSingle(),
        Single = random.NextSingle(),
        Double = random.NextDouble(),
        Decimal = (decimal)random.NextDouble(),
        Big = BigInteger.Pow(random.Next(), 20),
        Complex = new(random.NextDouble(), 1),
        Char = (char)random.Next(65_536),
        Text = Text(random),
        Guid = new(random.Next(), 2, 3, 4, 5, 6, 7, 8, 9, 10, 11),
        DateTime = new(random.NextInt64(DateTime.MaxValue.Ticks), DateTimeKind.Local),
        DateTimeOffset = new(2026, 1, 2, 3, 4, 5, TimeSpan.FromMinutes(random.Next(-800, 800))),
        TimeSpan = new(random.NextInt64()),
        Date = DateOnly.FromDayNumber(random.Next(100_000)),
        Time = new(random.NextInt64(TimeOnly.MaxValue.Ticks)),
        Uri = new("http://x/" + random.Next()),
        Version = new(1, random.Next()),
        Address = IPAddress.IPv6Any,
        Endpoint = new(IPAddress.Any, 7),
        Bytes = new byte[random.Next(300)],
        Doubles = [random.NextDouble(), double.NaN],
        Texts = [Text(random), null],
        Matrix = new[,] { { 1, random.Next() }, { 3, 4 } },
        Keys = [new(Text(random))],
        Table = new() { ["a"] = [1, 2], [Text(random)] = [] },
        Set = [Text(random), "x!"],
        Queue = new([1, 2]),
        Sorted = new() { [3] = "c", [1] = Text(random) },
        ImArray = random.Next(2) == 0 ? default : [1, random.Next()],
        ImList = [Text(random)],
        ImTable = ImmutableDictionary<int, string>.Empty.Add(1, Text(random)),
        Block = new byte[] { 1, 2, 3 }.AsMemory(1),
        Segment = new([1, 2, 3], 0, 2),
        Numbers = new[] { 1, random.Next() },
        Pair = new(Text(random), 1),
        ValueTuple = (random.Next(), Text(random)),
        Tuple = Tuple.Create(1, Text(random)),
        Maybe = random.Next(2) == 0 ? null : 0,
        Any = depth > 0 ? Value(random, depth, seen) : null,
        Shape = new Ring("r", 2, 1),
        Mixed = new Dictionary<string, object> { ["k"] = 1, ["l"] = Text(random) },
        Foreign = new("f", [1]),
        Angle = new(random.NextDouble()),
        Warmth = new() { Degrees = random.Next(100) },
        Grain = GrainId.Create("task", Text(random)),
        Silo = SiloAddress.New(new(IPAddress.Loopback, 11_111), random.Next()),
        Stack = new([Color.Red, Color.Blue]),
        Dates = [null, DateTime.MinValue],
        Rune = new('x'),
        Points = new List<Point> { new(1, 2, new("p")) },
    };
}
