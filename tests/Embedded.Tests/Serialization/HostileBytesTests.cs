using System.Buffers;
using System.Text;
using Orleans.Embedded.Serialization;

namespace Orleans.Dask.Embedded.Tests.Serialization;

/// <summary>Whatever bytes a peer sends, the reader returns a value or throws <see cref="WireException"/>, and its memory is bounded.</summary>
public class HostileBytesTests
{
    private const int Mutations = 40_000;
    private const long MaxAllocated = 64L << 20;

    [Fact]
    public void Mutated_and_truncated_messages_are_read_or_refused_within_bounds()
    {
        var originals = Enumerable.Range(0, 100)
            .Select(seed => WireSerializer.ToBytes(Generate.Value(new Random(seed), depth: 4)))
            .Append(WireSerializer.ToBytes<object>(Generate.Everything(new Random(1))))
            .Append(WireSerializer.ToBytes<object>(new InvalidOperationException("a", new AggregateException(new ArgumentException("b")))))
            .ToArray();
        for (var seed = 0; seed < Mutations; seed++)
        {
            var bytes = Mutate(originals, new Random(seed));
            Refuse(() => WireSerializer.FromBytes<object>(bytes), $"seed {seed}");
        }
    }

    [Fact]
    public void Mutated_members_of_a_known_type_are_read_or_refused_within_bounds()
    {
        byte[][] originals = [.. Enumerable.Range(0, 20).Select(seed => WireSerializer.ToBytes(Generate.Everything(new Random(seed))))];
        for (var seed = 0; seed < Mutations / 4; seed++)
        {
            var bytes = Mutate(originals, new Random(seed));
            Refuse(() => WireSerializer.FromBytes<Everything>(bytes), $"seed {seed}");
        }
    }

    [Fact]
    public void Noise_is_read_or_refused_within_bounds()
    {
        for (var seed = 0; seed < 10_000; seed++)
        {
            var random = new Random(seed);
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            Refuse(() => WireSerializer.FromBytes<Everything>(bytes), $"seed {seed}");
            Refuse(() => WireSerializer.FromBytes<object>(bytes), $"seed {seed}");
            Refuse(() => WireSerializer.FromBytes<Exception>(bytes), $"seed {seed}");
        }
    }

    [Fact]
    public void A_count_larger_than_the_message_is_refused_before_anything_is_allocated()
    {
        var bomb = Message(0x26, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0x07 }, 0x00);
        Refused<List<string>>(bomb);
        Refused<string[]>(bomb);
        Refused<HashSet<string>>(bomb);
        Refused<double[]>(Message(0x23, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0x07 }));
        Refused<Dictionary<string, string>>(Message(0x28, 0, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0x07 }, 0x33));
        Refused<string>(Message(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01 }));
        Refused<string>(Message(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F }));
        Refused<string>(Message(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF }));
    }

    [Fact]
    public void A_few_bytes_cannot_ask_for_much_memory()
    {
        // Each element is one byte here and a large struct there.
        var count = 2_000_000;
        var bytes = new byte[count + 10];
        Array.Fill(bytes, (byte)WireKind.End);
        Message(0x26, new byte[] { 0x80, 0x89, 0x7A }, (byte)WireKind.Group).CopyTo(bytes, 0);
        Assert.Contains("memory", Refused<Wide[]>(bytes[..(5 + count)]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_is_limited_in_known_members_and_in_skipped_ones()
    {
        // Person.Partner within Person.Partner: header 3 << 3 | Object, tag Declared | Group.
        var known = new byte[200_000];
        known[0] = 0x24;
        for (var i = 1; i + 1 < known.Length; i += 2)
        {
            (known[i], known[i + 1]) = (0x1D, 0x24);
        }

        Assert.Contains("levels deep", Refused<Person>(known).Message, StringComparison.Ordinal);

        foreach (var (header, tag) in new[] { ((byte)0x3D, (byte)0x24), ((byte)0x3C, (byte)0x3C) })
        {
            var skipped = new byte[200_000];
            skipped[0] = 0x24;
            for (var i = 1; i + 1 < skipped.Length; i += 2)
            {
                (skipped[i], skipped[i + 1]) = (header, tag);
            }

            Assert.Contains("levels deep", Refused<Person>(skipped).Message, StringComparison.Ordinal);
        }

        var sequences = new byte[200_000];
        Array.Fill(sequences, (byte)0x16);
        sequences[0] = 0x24;
        Refused<Person>(sequences);
    }

    [Fact]
    public void A_reference_points_back_to_an_object_of_the_right_type_or_is_refused()
    {
        Refused<Person>(Message(0x10, 0));
        Refused<Person>(Message(0x10, 5));
        Refused<Person>(Message(0x24, 0x1D, 0x10, 1, 0x07));
        Refused<Person>(Message(0x24, 0x1D, 0x10, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01 }, 0x07));
        // A list inside the person points at the person.
        Assert.Contains("Person", Refused<Person>(Message(0x24, new byte[] { 0xC5, 0x0C }, 0x10, 0, 0x07)).Message, StringComparison.Ordinal);
        // A skipped member that is read again and refers to itself.
        Refused<Person>(Message(0x24, 0x3D, 0x24, 0x1D, 0x10, 2, 0x07, 0x1D, 0x10, 2, 0x1D, 0x10, 3, 0x07));
    }

    [Fact]
    public void A_key_that_holds_itself_is_refused_before_it_is_hashed()
    {
        // Link.Next of the key refers to the key; then through an object between; then a key made of the object that holds the set.
        Refused<HashSet<Link>>(Message(0x26, 1, 0x05, 0x24, 0x05, 0x10, 3, 0x07));
        Refused<HashSet<Link>>(Message(0x26, 1, 0x05, 0x24, 0x05, 0x24, 0x05, 0x10, 3, 0x07, 0x07));
        Refused<Dictionary<Link, int>>(Message(0x28, 0, 1, 0x05, 0x24, 0x05, 0x10, 4, 0x07, 0));
        var error = Refused<Link>(Message(0x24, 0x0D, 0x26, 1, 0x05, 0x24, 0x05, 0x10, 0, 0x07, 0x07));
        Assert.Contains("the key is part of", error.Message, StringComparison.Ordinal);

        // Complete before the key and circular by then.
        Refused<(Link, HashSet<Link>)>(Message(0x05, 0x24, 0x05, 0x10, 1, 0x07, 0x0D, 0x26, 1, 0x05, 0x10, 1, 0x07));
    }

    [Fact]
    public void A_key_that_unfolds_without_end_is_refused()
    {
        var link = new Link();
        for (var i = 0; i < 100; i++)
        {
            link = new Link { Next = link, Other = link };
        }

        var error = Assert.Throws<WireException>(() => Wire.Trip((link, new SortedSet<Link>([link]))));
        Assert.Contains("unfolds", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_that_share_objects_and_keys_hashed_by_identity_in_cycles_are_fine()
    {
        var shared = new Link { Other = new Link() };
        var (first, table) = Wire.Trip((shared, new Dictionary<Link, int> { [new Link { Next = shared, Other = shared }] = 1, [shared] = 2 }));
        Assert.Equal(2, table[first]);
        Assert.Same(first, table.Keys.First().Next);

        var person = new Person { Name = "p" };
        person.Partner = person;
        var (one, keyed) = Wire.Trip((person, new Dictionary<(Person, int), int> { [(person, 1)] = 5 }));
        Assert.Equal(5, keyed[(one, 1)]);
        Assert.Same(one, one.Partner);
    }

    [Fact]
    public void Rereading_skipped_parts_is_paid_for()
    {
        // Member 7 is unknown and holds a long string; member 200 is a list of many references into the middle of it.
        var body = new List<byte> { 0x24, 0x3B };
        var text = new byte[20_000];
        for (var i = 0; i + 1 < text.Length; i += 2)
        {
            (text[i], text[i + 1]) = (0x24, 0x3B);
        }

        Varint(body, (ulong)text.Length + 1);
        var start = body.Count;
        body.AddRange(text);
        body.AddRange([0xC5, 0x0C, 0x26]);
        Varint(body, 5_000);
        body.Add((byte)WireKind.Object);
        for (var i = 0; i < 5_000; i++)
        {
            body.Add(0x10);
            Varint(body, (ulong)(start + (2 * i)));
        }

        body.Add(0x07);
        Refused<Person>([.. body]);
    }

    [Theory]
    [InlineData("System.Diagnostics.Process")]
    [InlineData("System.String")]
    [InlineData("string[")]
    [InlineData("list<")]
    [InlineData("list<string,string>")]
    [InlineData("list")]
    [InlineData("string<string>")]
    [InlineData("list<string>>")]
    [InlineData("list<list<list<list<list<list<list<list<list<list<list<i32>>>>>>>>>>>")]
    [InlineData("i32[][][][][][][][][][][][]")]
    [InlineData("dict<nullable<nullable<i32>>,i32>")]
    [InlineData("nullable<string>")]
    [InlineData("")]
    [InlineData("object")]
    [InlineData("System.Object, System.Private.CoreLib")]
    public void A_name_makes_a_registered_type_or_an_error(string name)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        Refused<object>([0x33, 0, (byte)bytes.Length, .. bytes, 1]);
    }

    [Fact]
    public void A_registered_type_in_the_wrong_place_is_refused()
    {
        var error = Refused<Shape>(WireSerializer.ToBytes<object>(new Person()));
        Assert.Contains("Person", error.Message, StringComparison.Ordinal);
        Assert.Contains("Shape", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_that_are_no_values_are_refused()
    {
        Refused<bool>([2]);
        Refused<byte>([0x80, 0x02]);
        Refused<char>([0x80, 0x80, 0x04]);
        Refused<DateTime>([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]);
        Refused<DateTimeOffset>([11, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0]);
        Refused<DateOnly>([0xFF, 0xFF, 0xFF, 0x7F]);
        Refused<TimeOnly>([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]);
        Refused<decimal>([17, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0]);
        Refused<Guid>([2, 1]);
        Refused<System.Net.IPAddress>([3, 1, 2]);
        Refused<Version>([4, (byte)'a', (byte)'.', (byte)'b']);
        Refused<System.Text.Rune>([0x80, 0xB0, 0x03]);
        Refused<int?>([0x24, 1]);
        Refused<Dictionary<string, int>>(Message(0x28, 0, 1, 0x03, 0, 0));
        Refused<Dictionary<string, int>>(Message(0x28, 0, 2, 0x03, 2, (byte)'a', 0, 2, (byte)'a', 0));
        Refused<Dictionary<int, int>>(Message(0x28, 1, 0, 0));
        Refused<int[,]>(Message(0x24, 0x03, 9, 2, 0, 0, 0, 2, 0, 0, 0, 0x0B, 5, 1, 0, 0, 0, 0x07));
        Refused<int[,]>(Message(0x24, 0x03, 9, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 0x0B, 5, 1, 0, 0, 0, 0x07));
    }

    [Fact]
    public void What_a_converter_or_constructor_throws_becomes_an_error_with_the_path()
    {
        var bytes = WireSerializer.ToBytes(new Box<Angle> { Value = new Angle(double.NaN) });
        var error = Assert.Throws<WireException>(() => WireSerializer.FromBytes<Box<Angle>>(bytes));
        Assert.Equal("Box<Angle>.Value → Angle", error.Path);
        Assert.Contains("An angle is finite", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_names_the_way_from_the_message_to_the_member()
    {
        var person = new Person { Friends = [new Person(), new Person { Friends = [new Person { Name = "here" }] }] };
        var bytes = WireSerializer.ToBytes(person);
        var at = bytes.AsSpan().IndexOf("here"u8);
        bytes[at - 1] = 0x7F;
        var error = Assert.Throws<WireException>(() => WireSerializer.FromBytes<Person>(bytes));
        Assert.Equal("Person.Friends → Person[1] → Person.Friends → Person[0] → Person.Name", error.Path);
    }

    [Fact]
    public void Bytes_after_the_value_and_messages_over_the_limit_are_refused()
    {
        Assert.Contains("follow", Refused<int>([2, 2]).Message, StringComparison.Ordinal);
        var error = Assert.Throws<WireException>(() => WireSerializer.FromBytes<int>(new byte[11], limits: new WireLimits { MaxBytes = 10 }));
        Assert.Contains("10 allowed", error.Message, StringComparison.Ordinal);
    }

    private static byte[] Mutate(byte[][] originals, Random random)
    {
        var bytes = originals[random.Next(originals.Length)].ToArray();
        switch (random.Next(6))
        {
            case 0:
                return bytes[..random.Next(bytes.Length + 1)];
            case 1:
                var other = originals[random.Next(originals.Length)];
                return [.. bytes[..random.Next(bytes.Length + 1)], .. other[random.Next(other.Length)..]];
            case 2:
                var at = random.Next(bytes.Length);
                return [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + random.Next(8))..]];
            default:
                for (var i = random.Next(1, 5); i > 0; i--)
                {
                    bytes[random.Next(bytes.Length)] = random.Next(3) switch
                    {
                        0 => 0xFF,
                        1 => (byte)random.Next(0x40),
                        _ => (byte)random.Next(256),
                    };
                }

                return bytes;
        }
    }

    private static void Refuse(Action read, string seed)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            read();
        }
        catch (WireException)
        {
            // As expected of most.
        }
        catch (Exception other)
        {
            Assert.Fail($"{seed}: {other}");
        }

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < MaxAllocated, $"{seed}: {GC.GetAllocatedBytesForCurrentThread() - before} bytes allocated");
    }

    private static WireException Refused<T>(byte[] bytes)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<WireException>(() => WireSerializer.FromBytes<T>(bytes));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < MaxAllocated);
        return error;
    }

    /// <summary>Single bytes and runs of them.</summary>
    private static byte[] Message(params object[] parts) => [.. parts.SelectMany(part => part is byte[] several ? several : [Convert.ToByte(part, System.Globalization.CultureInfo.InvariantCulture)])];

    private static void Varint(List<byte> bytes, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
    }

    [GenerateSerializer, Alias("test.Link")]
    internal sealed record Link : IComparable<Link>
    {
        [Id(0)] public Link? Next { get; init; }

        [Id(1)] public HashSet<Link>? Set { get; init; }

        [Id(2)] public Link? Other { get; init; }

        public int CompareTo(Link? other) => GetHashCode().CompareTo(other?.GetHashCode());
    }

    [GenerateSerializer, Alias("test.Wide")]
    internal struct Wide
    {
        [Id(0)] public Int128 A { get; set; }
        [Id(1)] public Int128 B { get; set; }
        [Id(2)] public Int128 C { get; set; }
        [Id(3)] public Int128 D { get; set; }
        [Id(4)] public Int128 E { get; set; }
        [Id(5)] public Int128 F { get; set; }
        [Id(6)] public Int128 G { get; set; }
        [Id(7)] public Int128 H { get; set; }
    }
}
