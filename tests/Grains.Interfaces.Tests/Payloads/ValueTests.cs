using System.Globalization;
using System.Net;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Orleans.Dask.Grains.Interfaces.Tests.Payloads;

public class ValueTests
{
    public static TheoryData<object?> Leaves => new()
    {
        null, true, false, (byte)255, (sbyte)-128, short.MinValue, ushort.MaxValue, 0, -1, int.MinValue, int.MaxValue, uint.MaxValue, long.MinValue,
        long.MaxValue, ulong.MaxValue, Int128.MinValue, UInt128.MaxValue, (Half)1.5, float.NaN, float.Epsilon, double.NaN, double.NegativeInfinity, -0.0,
        decimal.MaxValue, decimal.MinValue, 0.1m, 'x', '\uD800', "", "text", "grüße 日本 😀", new string('a', 31), new string('a', 32), new string('ä', 39),
        new string('ä', 40), new string('z', 100_000), "lone \uD800 surrogate", "\uDC00" + new string('q', 50), Guid.Parse("0f8fad5b-d9cb-469f-a165-70867728950e"),
        DateTime.MaxValue, new DateTime(2015, 1, 2, 3, 4, 5, DateTimeKind.Utc), new DateTime(2015, 1, 2, 3, 4, 5, DateTimeKind.Local),
        DateTimeOffset.MinValue, new DateTimeOffset(2015, 1, 2, 3, 4, 5, TimeSpan.FromHours(-7)), DateOnly.MaxValue, TimeOnly.MaxValue, TimeSpan.MinValue,
        BigInteger.Zero, BigInteger.Pow(-7, 333), new Complex(1, -2), DayOfWeek.Friday, (ByteEnum)200, (LongEnum)long.MinValue, (ULongEnum)ulong.MaxValue,
        new Index(3, fromEnd: true), 1..^2, new Rune('é'), new Vector3(1, 2, 3), DBNull.Value, new Uri("https://example.org/a?b"), new Version(1, 2, 3),
        IPAddress.Parse("10.1.2.3"), CultureInfo.InvariantCulture,
    };

    [Theory, MemberData(nameof(Leaves))]
    public void A_leaf_comes_back_as_it_was(object? value)
    {
        Assert.Equal(value, Travel.Through(value));
        Assert.Equal(value?.GetType(), Travel.Through(value)?.GetType());
    }

    [Theory, MemberData(nameof(Leaves))]
    public void A_leaf_survives_inside_an_array_of_objects(object? value) => Assert.Equal([value, 1, value], Travel.Through(new[] { value, 1, value }));

    [Fact]
    public void Negative_zero_and_the_bits_of_NaN_survive()
    {
        var odd = BitConverter.Int64BitsToDouble(0x7FF8_0000_DEAD_BEEF);
        Assert.Equal(BitConverter.DoubleToInt64Bits(odd), BitConverter.DoubleToInt64Bits(Travel.Through(odd)));
        Assert.True(double.IsNegative(Travel.Through(-0.0)));
    }

    [Fact]
    public void The_kind_of_a_date_survives()
    {
        Assert.Equal(DateTimeKind.Utc, Travel.Through(DateTime.UnixEpoch).Kind);
        Assert.Equal(TimeSpan.FromHours(-7), Travel.Through(new DateTimeOffset(2015, 1, 2, 3, 4, 5, TimeSpan.FromHours(-7))).Offset);
    }

    [Fact]
    public void Nullables_survive_with_and_without_a_value()
    {
        Assert.Equal(5, Travel.Through<int?>(5));
        Assert.Null(Travel.Through<int?>(null));
        Assert.Equal([1.5m, null], Travel.Through(new decimal?[] { 1.5m, null }));
        Assert.Equal((1, null), Travel.Through<(int, DateTime?)>((1, null)));
    }

    [Fact]
    public void Text_told_by_a_pattern_or_a_name_survives()
    {
        var regex = Travel.Through(new Regex("a+(b)?", RegexOptions.IgnoreCase | RegexOptions.Compiled));
        Assert.Equal(("a+(b)?", RegexOptions.IgnoreCase | RegexOptions.Compiled), (regex.ToString(), regex.Options));
        Assert.Equal("text", Travel.Through(new StringBuilder("text")).ToString());
        Assert.Equal(Encoding.UTF8.WebName, Travel.Through(Encoding.UTF8).WebName);
        Assert.Equal(TimeZoneInfo.Utc, Travel.Through(TimeZoneInfo.Utc));
        Assert.Equal(IPAddress.Loopback, Travel.Through(IPAddress.Loopback));
    }

    [Fact]
    public void Structs_survive_with_gaps_unions_and_fixed_buffers()
    {
        var gap = new Gap { Flag = true, Number = 3.5, Text = "t" };
        Assert.Equal(gap, Travel.Through(gap));
        Assert.Equal([gap, default], Travel.Through(new[] { gap, default }));
        Assert.Equal(0x3FC00000, Travel.Through(new Union { Real = 1.5f }).Bits);
        var ten = default(Ten);
        ten[9] = 9;
        Assert.Equal(9, Travel.Through(ten)[9]);
        unsafe
        {
            var buffer = default(Buffer);
            buffer.Items[3] = 7;
            var copy = Travel.Through(buffer);
            Assert.Equal(7, copy.Items[3]);
        }

        Assert.Equal(new Empty[3], Travel.Through(new Empty[3]));
        Assert.Equal(new ValueTuple[2], Travel.Through(new ValueTuple[2]));
    }

    [Fact]
    public void A_small_tuple_takes_a_few_bytes()
    {
        Assert.True(Payload.Encode((1, 2)).Length <= 10);
        Assert.True(Payload.Encode(7).Length <= 5);
        Assert.True(Payload.Encode("seven").Length <= 10);
    }

    [Fact]
    public void Many_values_share_one_buffer_and_each_is_readable_by_itself()
    {
        var writer = new PayloadWriter();
        var places = Enumerable.Range(0, 1000).Select(i => writer.Append((i, i * 0.5, $"task {i}"))).ToArray();
        for (var i = 0; i < places.Length; i++)
        {
            var (offset, length) = places[i];
            Assert.Equal((i, i * 0.5, $"task {i}"), Payload.Decode<(int, double, string)>(writer.Written.Slice(offset, length)));
        }
    }

    [Fact]
    public void A_value_that_cant_travel_leaves_the_buffer_as_it_was()
    {
        var writer = new PayloadWriter();
        var (offset, length) = writer.Append("first");
        Assert.Throws<PayloadException>(() => writer.Append(new object[] { "begun", new MemoryStream() }));
        Assert.Equal(offset + length, writer.Position);
        var next = writer.Append("second");
        Assert.Equal("second", Payload.Decode<string>(writer.Written.Slice(next.Offset, next.Length)));
    }

    [Fact]
    public void Inside_a_process_the_object_itself_is_handed_over()
    {
        var rows = new List<int> { 1 };
        var payload = Payload.Of(rows);
        Assert.Same(rows, payload.Read<List<int>>());
        Assert.False(payload.IsEncoded);
        Assert.Same(payload.Encode(), payload.Encode());
        Assert.True(payload is { IsEncoded: true, HasValue: true });
    }

    [Fact]
    public void The_expected_type_is_checked_for_objects_and_for_bytes()
    {
        foreach (var payload in new[] { Payload.Of("text"), Payload.FromBytes(Payload.Of("text").Encode()) })
        {
            var error = Assert.Throws<PayloadException>(() => payload.Read<int>());
            Assert.Contains("System.String", error.Message, StringComparison.Ordinal);
            Assert.Contains("System.Int32", error.Message, StringComparison.Ordinal);
            Assert.Equal("text", payload.Read<object>());
            Assert.Equal("text", payload.Read<IComparable>());
        }

        Assert.Throws<PayloadException>(() => Travel.Through<object?>(null) is int || Payload.FromBytes(Payload.Of(null).Encode()).Read<int>() == 0);
    }

    [Fact]
    public void A_payload_crosses_as_its_bytes()
    {
        var converter = new PayloadConverter();
        var sent = Payload.Of(new[] { 1.5, 2.5 });
        var surrogate = converter.ConvertToSurrogate(in sent);
        Assert.Equal([1.5, 2.5], converter.ConvertFromSurrogate(in surrogate).Read<double[]>());
    }

    internal enum ByteEnum : byte
    {
        None,
    }

    internal enum LongEnum : long
    {
        None,
    }

    internal enum ULongEnum : ulong
    {
        None,
    }

    internal record struct Gap
    {
        public bool Flag;
        public double Number;
        public string Text;
    }

    [StructLayout(LayoutKind.Explicit)]
    internal struct Union
    {
        [FieldOffset(0)]
        public float Real;

        [FieldOffset(0)]
        public int Bits;
    }

    [InlineArray(10)]
    internal struct Ten
    {
        private int _first;
    }

    internal unsafe struct Buffer
    {
        public fixed int Items[8];
    }

    internal struct Empty;
}
