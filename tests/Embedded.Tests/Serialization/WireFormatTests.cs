using Orleans.Embedded.Serialization;

namespace Orleans.Dask.Embedded.Tests.Serialization;

/// <summary>The bytes themselves: two releases must understand each other, so none of these may change.</summary>
public class WireFormatTests
{
    [Fact]
    public void Values_stand_as_they_always_did()
    {
        Bytes(0, "00");
        Bytes(-1, "01");
        Bytes(300, "D804");
        Bytes(300u, "AC02");
        Bytes(true, "01");
        Bytes(1.5, "000000000000F83F");
        Bytes(1.5f, "0000C03F");
        Bytes("", "01");
        Bytes("abc", "04616263");
        Bytes<string?>(null, "00");
        Bytes(1.5m, "110F000000000000000000000000000100");
        Bytes(new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), "110100000002000300" + "0405060708090A0B");
        Bytes(new DateTime(1, DateTimeKind.Utc), "0100000000000040");
        Bytes(TimeSpan.FromTicks(1), "02");
        Bytes(System.Net.IPAddress.Loopback, "057F000001");
        Bytes<int?>(null, "00");
        Bytes<int?>(1, "2002");
        Bytes(Color.Red, "05");
    }

    [Fact]
    public void Members_stand_under_their_number_and_blank_ones_do_not_stand()
    {
        Bytes(new Key("k"), "03" + "026B" + "07");
        Bytes(default(Key), "07");
        Bytes(new Ring("r", 0, 1), "24" + "030272" + "0F" + "0F" + "02000000000000F03F" + "07");
        Bytes((1, "a"), "0002" + "0B0261" + "07");
    }

    [Fact]
    public void Collections_are_blocks_or_rows_and_maps_are_pairs()
    {
        Bytes(new[] { 1, 2 }, "23" + "09" + "0100000002000000");
        Bytes(new List<string> { "a", "b" }, "26" + "02" + "03" + "0261" + "0262");
        Bytes(new Dictionary<string, int>(StringComparer.Ordinal) { ["a"] = 1 }, "28" + "01" + "01" + "03" + "0261" + "02");
    }

    [Fact]
    public void Names_and_references_are_written_once()
    {
        var circle = new Circle("c", 0);
        Bytes(
            new Shape[] { circle, circle, new Circle("d", 0) },
            "26" + "03" + "05"
            + "34" + "00" + "0B" + "746573742E436972636C65" + "030263" + "0F" + "07"
            + "10" + "03"
            + "34" + "05" + "030264" + "0F" + "07");
    }

    private static void Bytes<T>(T value, string expected)
    {
        Assert.Equal(expected, Convert.ToHexString(WireSerializer.ToBytes(value)));
        Assert.Equal(value, WireSerializer.FromBytes<T>(Convert.FromHexString(expected)));
    }
}
