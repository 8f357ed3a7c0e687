using System.Numerics;
using System.Runtime.CompilerServices;

namespace Orleans.Embedded.Serialization;

/// <summary>Integers of up to 64 bits and what is like them, as varints: zigzag when signed.</summary>
/// <typeparam name="T">The integer itself, or an enum over <typeparamref name="TNumber"/>, which has the same bits.</typeparam>
internal sealed class IntegerCodec<T, TNumber> : SharedCodec<T>
    where T : struct
    where TNumber : struct, IBinaryInteger<TNumber>, IMinMaxValue<TNumber>
{
    private static readonly bool _isSigned = TNumber.MinValue < TNumber.Zero;

    public override WireKind Kind => WireKind.Varint;

    public override bool IsDefault(T value) => Unsafe.BitCast<T, TNumber>(value) == TNumber.Zero;

    public override void Write(ref WireWriter writer, T value)
    {
        var number = Unsafe.BitCast<T, TNumber>(value);
        if (_isSigned)
        {
            writer.WriteZigzag(long.CreateTruncating(number));
        }
        else
        {
            writer.WriteVarint(ulong.CreateTruncating(number));
        }
    }

    public override T Read(ref WireReader reader) => Unsafe.BitCast<TNumber, T>(_isSigned ? Signed(reader.ReadZigzag()) : Unsigned(reader.ReadVarint()));

    private static TNumber Signed(long value)
    {
        var number = TNumber.CreateTruncating(value);
        return long.CreateTruncating(number) == value ? number : throw OutOfRange(value);
    }

    private static TNumber Unsigned(ulong value)
    {
        var number = TNumber.CreateTruncating(value);
        return ulong.CreateTruncating(number) == value ? number : throw OutOfRange(value);
    }

    private static WireException OutOfRange(Int128 value) =>
        new($"{value} does not fit a {typeof(T).DisplayName()}, which goes from {TNumber.MinValue} to {TNumber.MaxValue}.");
}

internal sealed class BooleanCodec : SharedCodec<bool>
{
    public override WireKind Kind => WireKind.Varint;

    public override bool IsDefault(bool value) => !value;

    public override void Write(ref WireWriter writer, bool value) => writer.WriteByte(value ? (byte)1 : (byte)0);

    public override bool Read(ref WireReader reader) => reader.ReadVarint() switch
    {
        0 => false,
        1 => true,
        var other => throw new WireException($"{other} is neither false (0) nor true (1)."),
    };
}

internal sealed class SingleCodec : SharedCodec<float>
{
    public override WireKind Kind => WireKind.Fixed32;

    // By bits: minus zero is not the default.
    public override bool IsDefault(float value) => BitConverter.SingleToUInt32Bits(value) == 0;

    public override void Write(ref WireWriter writer, float value) => writer.WriteFixed32(BitConverter.SingleToUInt32Bits(value));

    public override float Read(ref WireReader reader) => BitConverter.UInt32BitsToSingle(reader.ReadFixed32());
}

internal sealed class DoubleCodec : SharedCodec<double>
{
    public override WireKind Kind => WireKind.Fixed64;

    public override bool IsDefault(double value) => BitConverter.DoubleToUInt64Bits(value) == 0;

    public override void Write(ref WireWriter writer, double value) => writer.WriteFixed64(BitConverter.DoubleToUInt64Bits(value));

    public override double Read(ref WireReader reader) => BitConverter.UInt64BitsToDouble(reader.ReadFixed64());
}

/// <summary>Values whose memory is their meaning and where every bit pattern is a value: Guid, Int128, Complex and such.</summary>
internal sealed class RawCodec<T> : SharedCodec<T>
    where T : unmanaged
{
    public override WireKind Kind => WireKind.Bytes;

    public override bool IsDefault(T value) => Bytes(ref value).IndexOfAnyExcept((byte)0) < 0;

    public override void Write(ref WireWriter writer, T value) => writer.WriteBytes(Bytes(ref value));

    public override T Read(ref WireReader reader)
    {
        var bytes = reader.ReadBytes(out _);
        return bytes.Length == Unsafe.SizeOf<T>()
            ? Unsafe.ReadUnaligned<T>(in bytes[0])
            : throw new WireException($"A {typeof(T).DisplayName()} has {Unsafe.SizeOf<T>()} bytes, found {bytes.Length}.");
    }

    private static ReadOnlySpan<byte> Bytes(ref T value) =>
        System.Runtime.InteropServices.MemoryMarshal.AsBytes(new ReadOnlySpan<T>(ref value));
}

internal sealed class DecimalCodec : SharedCodec<decimal>
{
    public override WireKind Kind => WireKind.Bytes;

    // By bits: 0.00m has a scale that 0m has not.
    public override bool IsDefault(decimal value) => value == 0m && value.Scale == 0 && !decimal.IsNegative(value);

    public override void Write(ref WireWriter writer, decimal value)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        writer.WriteBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(parts));
    }

    public override decimal Read(ref WireReader reader)
    {
        var bytes = reader.ReadBytes(out _);
        Span<int> parts = stackalloc int[4];
        if (bytes.Length != 16)
        {
            throw new WireException($"A decimal has 16 bytes, found {bytes.Length}.");
        }

        bytes.CopyTo(System.Runtime.InteropServices.MemoryMarshal.AsBytes(parts));
        const int scaleAndSign = unchecked((int)0x80FF0000);
        return (parts[3] & ~scaleAndSign) == 0 && ((parts[3] >> 16) & 0xFF) <= 28
            ? new decimal(parts)
            : throw new WireException($"0x{parts[3]:X8} is no scale and sign of a decimal.");
    }
}

internal sealed class BigIntegerCodec : SharedCodec<BigInteger>
{
    public override WireKind Kind => WireKind.Bytes;

    public override bool IsDefault(BigInteger value) => value.IsZero;

    public override void Write(ref WireWriter writer, BigInteger value) => writer.WriteBytes(value.ToByteArray());

    public override BigInteger Read(ref WireReader reader) => new(reader.ReadBytes(out _));
}
