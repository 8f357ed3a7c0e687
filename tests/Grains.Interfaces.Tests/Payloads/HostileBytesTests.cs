using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Orleans.Dask.Grains.Interfaces.Payloads;

namespace Orleans.Dask.Grains.Interfaces.Tests.Payloads;

/// <summary>Bytes nobody in his right mind would send: an error that says what is wrong, never a crash, and no more memory than the bytes justify.</summary>
public class HostileBytesTests
{
    private static readonly PayloadDecoding Strict = new() { Limits = new PayloadLimits { Bytes = 100_000, Depth = 200, Objects = 100_000, Types = 100 } };

    private static readonly byte[][] Corpus =
    [
        .. new object?[]
        {
            null, 1, "text", new string('x', 50), 1.5m, DateTime.UtcNow, new[] { 1, 2, 3 }, new double[100], new[] { true, false }, new[] { "a", null, "b" },
            new[,] { { 1, 2 }, { 3, 4 } }, new[] { new[] { 1 }, [] }, new object?[] { 1, "a", null, 2.5, new[] { 1m } }, new List<int> { 1, 2 }, new List<string> { "a" },
            new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase) { ["a"] = 1 }, new Dictionary<(int, string), object> { [(1, "a")] = new List<int>() },
            new HashSet<string> { "a", "b" }, new SortedDictionary<int, string> { [1] = "a" }, ImmutableList.Create("a", "b"), ImmutableDictionary.CreateRange([KeyValuePair.Create(1, 2)]),
            new ConcurrentDictionary<int, int>([KeyValuePair.Create(1, 2)]), (1, "a", (2.5, Guid.NewGuid())), Tuple.Create(1, "b"), new Regex("a+"), new Uri("http://a/b"),
            new Ride(1, "zone", [1.5], new Ride(2, "other", [], null)), (Func<int, int>)(x => x + 1), Closure(), (Func<int, int, int>)Math.Max, Loop(), Chain(300),
            new InvalidOperationException("wrong", new ArgumentNullException("p")), new AggregateException(new TimeoutException()), Comparer<int>.Create((a, b) => b - a),
            new SortedSet<int>([1, 2], Comparer<int>.Create((a, b) => b - a)), DayOfWeek.Friday, new Version(1, 2), TimeSpan.FromDays(1), System.Numerics.BigInteger.Pow(7, 100),
        }.Select(value => Payload.Of(value).Encode()),
    ];

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public void A_hundred_thousand_mutations_give_a_value_or_an_error(int seed)
    {
        var random = new Random(seed);
        var errors = 0;
        for (var i = 0; i < 30_000; i++)
        {
            var bytes = Mutate(random, Corpus[random.Next(Corpus.Length)]);
            errors += Try(bytes, $"seed {seed}, mutation {i}") ? 0 : 1;
        }

        // Most mutations hurt; were there few errors, the mutations would be too tame.
        Assert.InRange(errors, 5_000, 30_000);
    }

    [Fact]
    public void Every_truncation_is_an_error()
    {
        foreach (var whole in Corpus)
        {
            for (var length = 0; length < Math.Min(whole.Length, 600); length++)
            {
                Assert.False(Try(whole[..length], $"first {length} of {whole.Length} bytes"));
            }
        }
    }

    [Fact]
    public void Every_byte_may_have_any_value()
    {
        foreach (var whole in Corpus.Where(payload => payload.Length < 120))
        {
            for (var at = 0; at < whole.Length; at++)
            {
                for (var value = 0; value < 256; value += at < 12 ? 1 : 37)
                {
                    var bytes = whole.ToArray();
                    bytes[at] = (byte)value;
                    Try(bytes, $"byte {at} = {value}");
                }
            }
        }
    }

    [Theory]
    [InlineData(typeof(int[]))]
    [InlineData(typeof(byte[]))]
    [InlineData(typeof(object[]))]
    [InlineData(typeof(string[]))]
    [InlineData(typeof(int?[]))]
    [InlineData(typeof(int[,,]))]
    [InlineData(typeof(List<Guid>))]
    [InlineData(typeof(Dictionary<int, int>))]
    [InlineData(typeof(Dictionary<int[], int>))]
    [InlineData(typeof(HashSet<string>))]
    [InlineData(typeof(ImmutableArray<double>))]
    [InlineData(typeof(System.Collections.BitArray))]
    [InlineData(typeof(Memory<int>))]
    [InlineData(typeof(Func<int>))]
    public void A_length_beyond_the_bytes_allocates_nothing(Type type)
    {
        foreach (var length in new ulong[] { 1_000_000, int.MaxValue, uint.MaxValue, ulong.MaxValue })
        {
            var bytes = Raw(writer =>
            {
                writer.WriteByte(Tag.New);
                writer.WriteType(type);
                writer.WriteByte(type == typeof(Func<int>) ? (byte)200 : (byte)0);   // comparer, or first length
                for (var i = 0; i < 4; i++)
                {
                    writer.WriteVarUInt(length);
                }
            });
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.False(Try(bytes, $"{type} of {length}"));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 300_000);
        }
    }

    [Fact]
    public void Many_small_items_that_grow_large_are_stopped_by_their_memory()
    {
        // A null takes one byte here and sixteen in memory; an array of arrays of them would multiply.
        var bytes = Raw(writer =>
        {
            writer.WriteByte(Tag.New);
            writer.WriteType(typeof(Large?[]));
            writer.WriteVarUInt(90_000);
            writer.WriteBytes(new byte[90_000]);
        });
        Assert.Contains("Expansion", Assert.Throws<PayloadException>(() => Payload.Decode<object>(bytes, Strict)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Types_nested_without_end_are_an_error()
    {
        var bytes = Raw(writer =>
        {
            writer.WriteByte(Tag.New);
            for (var i = 0; i < 50_000; i++)
            {
                writer.WriteByte(TypeTag.Array);
            }
        });
        Assert.Contains("deep", Assert.Throws<PayloadException>(() => Payload.Decode<object>(bytes, Strict)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Objects_nested_without_end_are_an_error()
    {
        var bytes = Raw(writer =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                writer.WriteByte(Tag.New);
                writer.WriteType(typeof(object[]));
                writer.WriteVarUInt(1);
            }
        });
        var deep = PayloadDecoding.Default with { Limits = PayloadLimits.Default with { Depth = int.MaxValue } };
        Assert.Contains("deep", Assert.Throws<PayloadException>(() => Payload.Decode<object>(bytes, deep)).Message, StringComparison.Ordinal);
        Assert.Contains("deep", Assert.Throws<PayloadException>(() => Payload.Decode<object>(bytes, Strict)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_object_of_another_type_never_gets_into_a_place()
    {
        // A ride whose Zone is a reference to the ride itself, and one whose Previous is a list.
        foreach (var (tag, type) in new[] { (Tag.FirstBackReference, (Type?)null), (Tag.New, typeof(List<int>)), (Tag.New, typeof(string)) })
        {
            var bytes = Raw(writer =>
            {
                writer.WriteByte(Tag.New);
                writer.WriteType(typeof(StrongBox));
                writer.WriteByte(tag);
                if (type is not null)
                {
                    writer.WriteType(type);
                    writer.WriteVarUInt(0);
                }
            });
            var error = Assert.Throws<PayloadException>(() => Payload.Decode<object>(bytes));
            Assert.Equal("Ride", error.Path);
            Assert.Contains("is expected", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(typeof(System.Diagnostics.Process))]
    [InlineData(typeof(FileStream))]
    [InlineData(typeof(Thread))]
    [InlineData(typeof(IntPtr))]
    [InlineData(typeof(System.Reflection.Assembly))]
    [InlineData(typeof(Type))]
    [InlineData(typeof(Task<int>))]
    [InlineData(typeof(CancellationTokenSource))]
    [InlineData(typeof(System.Security.Principal.GenericPrincipal))]
    [InlineData(typeof(List<>))]
    [InlineData(typeof(IEnumerable<int>))]
    [InlineData(typeof(Stream))]
    [InlineData(typeof(Nullable<int>))]
    [InlineData(typeof(TypedReference))]
    public void Refused_types_are_refused_when_they_arrive(Type type)
    {
        foreach (var tag in new[] { Tag.New, Tag.Deferred })
        {
            var bytes = Raw(writer =>
            {
                writer.WriteByte(tag);
                writer.WriteType(type);
                writer.WriteBytes(new byte[100]);
            });
            Assert.Throws<PayloadException>(() => Payload.Decode<object>(bytes));
        }
    }

    [Theory]
    [InlineData("System.Private.CoreLib", "System.Collections.Generic.List`1[[System.Int32]]")]
    [InlineData("System.Private.CoreLib", "System.Int32[]")]
    [InlineData("System.Private.CoreLib", "System.Int32, System.Private.CoreLib")]
    [InlineData("System.Private.CoreLib", "No.Such.Type")]
    [InlineData("/tmp/evil.dll", "T")]
    [InlineData("No.Such.Assembly", "T")]
    [InlineData("Orleans.Dask.Grains.Interfaces", "Orleans.Dask.Grains.Interfaces.Payload")]
    public void Names_are_looked_up_and_never_parsed(string assembly, string name)
    {
        var bytes = Raw(writer =>
        {
            writer.WriteByte(Tag.New);
            writer.WriteByte(TypeTag.Named);
            writer.WriteByte(0);
            writer.WriteString(assembly);
            writer.WriteString(name);
        });
        Assert.Throws<PayloadException>(() => Payload.Decode<object>(bytes));
    }

    [Fact]
    public void Keys_without_end_are_refused_before_they_are_hashed()
    {
        var circle = new Tuple<object?>(null);
        typeof(Tuple<object?>).GetField("m_Item1", System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)!.SetValue(circle, circle);
        object deep = 1, wide = 1;
        for (var i = 0; i < 5_000; i++)
        {
            deep = Tuple.Create(deep);
            wide = i < 60 ? Tuple.Create(wide, wide) : wide;
        }

        foreach (var key in new[] { circle, deep, wide })
        {
            foreach (var type in new[] { typeof(HashSet<object>), typeof(ImmutableHashSet<object>), typeof(SortedSet<object>) })
            {
                var bytes = Raw(writer =>
                {
                    writer.WriteByte(Tag.New);
                    writer.WriteType(type);
                    writer.WriteByte(0);
                    writer.Assign(type);   // the set itself is object 0
                    if (type == typeof(ImmutableHashSet<object>))
                    {
                        writer.BeginUndeferrable();
                    }

                    writer.WriteVarUInt(1);
                    writer.Limits = new PayloadLimits { Depth = 10_000 };
                    writer.WriteReference(key, null);
                    writer.DrainDeferred();
                });
                var error = Assert.Throws<PayloadException>(() => Payload.Decode<object>(bytes, Strict with { Limits = Strict.Limits with { Depth = 10_000 } }));
                Assert.Contains("can't be a key", error.Message, StringComparison.Ordinal);
            }
        }

        var shared = new[] { "a", "b" }.Select(name => new Ride(1, name, [], null)).ToArray();
        var (map, list) = Payload.Decode<(Dictionary<Ride, int>, Ride[])>(Payload.Encode((shared.ToDictionary(r => r, r => r.Id), shared)));
        Assert.All(list, ride => Assert.Equal(1, map[ride]));
        var node = new Loop();
        node.Self = node;
        Assert.Single(Travel.Through(new HashSet<Loop> { node }));
    }

    [Fact]
    public void Tuples_too_large_for_a_stack_are_refused()
    {
        var type = typeof(decimal);
        for (var i = 0; i < 7; i++)
        {
            type = typeof(ValueTuple<,,,,,,>).MakeGenericType(type, type, type, type, type, type, type);
        }

        var bytes = Raw(writer =>
        {
            writer.WriteByte(Tag.New);
            writer.WriteType(type);
            writer.WriteBytes(new byte[1000]);
        });
        Assert.Contains("most a generic value may take", Assert.Throws<PayloadException>(() => Payload.Decode<object>(bytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_is_left_over_is_an_error()
    {
        byte[] bytes = [.. Payload.Of(1).Encode(), 0];
        Assert.Contains("left over", Assert.Throws<PayloadException>(() => Payload.Decode<int>(bytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_of_a_read_names_the_path()
    {
        var bytes = Payload.Of(new Ride(1, "zone", [1.5], new Ride(2, "other", [2.5], null))).Encode();
        var at = bytes.AsSpan().IndexOf("other"u8);
        bytes[at] = 0xFF;
        Assert.Equal("Previous.Zone", Assert.Throws<PayloadException>(() => Payload.Decode<Ride>(bytes)).Path);
    }

    private static byte[] Raw(Action<PayloadWriter> write)
    {
        var writer = new PayloadWriter();
        writer.WriteByte(PayloadWriter.Magic);
        writer.WriteByte(0);
        write(writer);
        var assemblies = Payload.Of(new Ride(1, "", [], null)).Encode();
        writer.WriteBytes(assemblies.AsSpan()[^(BitConverter.ToInt32(assemblies.AsSpan()[^4..]) + 4)..]);
        var bytes = writer.Written.ToArray();
        bytes[1] = PayloadWriter.HasAssemblies;
        return bytes;
    }

    private static bool Try(byte[] bytes, string what)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            Payload.Decode<object>(bytes, Strict);
            return true;
        }
        catch (PayloadException error)
        {
            Assert.False(string.IsNullOrWhiteSpace(error.Message), what);
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 8_000_000, $"{what}: {GC.GetAllocatedBytesForCurrentThread() - before:N0} bytes allocated");
            return false;
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"{what}: {Convert.ToHexString(bytes)}", error);
        }
    }

    private static byte[] Mutate(Random random, byte[] original)
    {
        var bytes = original.ToList();
        for (var change = random.Next(1, 4); change > 0; change--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(7))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
                case 3 when bytes.Count > 1:
                    bytes.RemoveAt(at);
                    break;
                case 4:
                    bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count), 1).Concat(bytes.Skip(at).Take(random.Next(20))).ToList());
                    break;
                case 5:
                    bytes[at] = random.Next(2) == 0 ? (byte)0xFF : (byte)0;
                    break;
                default:
                    var other = Corpus[random.Next(Corpus.Length)];
                    var from = random.Next(other.Length);
                    bytes.InsertRange(at, other.Skip(from).Take(random.Next(30)));
                    break;
            }
        }

        return [.. bytes];
    }

    private static Func<int, int> Closure()
    {
        var (numbers, names) = (new[] { 1, 2 }, new Dictionary<string, int> { ["a"] = 1 });
        Func<int, int> inner = x => x + numbers[0];
        return x => inner(x) + names["a"];
    }

    private static Loop Loop()
    {
        var loop = new Loop();
        loop.Self = loop;
        loop.Items.Add(loop);
        return loop;
    }

    private static Loop Chain(int length)
    {
        var chain = new Loop();
        for (var i = 0; i < length; i++)
        {
            chain = new Loop { Self = chain };
        }

        return chain;
    }

    internal sealed record Ride(int Id, string Zone, double[] Fares, Ride? Previous);

    internal sealed class StrongBox
    {
        public Ride? Ride { get; init; }
    }

    internal readonly record struct Large(decimal A, decimal B, decimal C, decimal D, decimal E, decimal F, decimal G, decimal H, string Text);
}

internal sealed class Loop
{
    public Loop? Self;
    public List<Loop> Items = [];
}
