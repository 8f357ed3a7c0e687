using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Orleans.Dask.Grains.Interfaces.Payloads;

/// <summary>Values without parts: numbers, text, dates, enums.</summary>
internal static class Leaves
{
    private static readonly Dictionary<Type, Func<Codec>> Exact = new()
    {
        [typeof(string)] = () => new StringCodec(),
        [typeof(bool)] = () => new BooleanCodec(),
        [typeof(short)] = () => new SmallIntegerCodec<short>(),
        [typeof(int)] = () => new Int32Codec(),
        [typeof(long)] = () => new Int64Codec(),
        [typeof(ushort)] = () => new UnsignedCodec<ushort>(),
        [typeof(uint)] = () => new UnsignedCodec<uint>(),
        [typeof(ulong)] = () => new UnsignedCodec<ulong>(),
        [typeof(decimal)] = () => new CheckedCodec<decimal>(),
        [typeof(DateTime)] = () => new CheckedCodec<DateTime>(),
        [typeof(DateOnly)] = () => new CheckedCodec<DateOnly>(),
        [typeof(TimeOnly)] = () => new CheckedCodec<TimeOnly>(),
        [typeof(DateTimeOffset)] = () => new DateTimeOffsetCodec(),
        [typeof(BigInteger)] = () => new BigIntegerCodec(),
    };

    public static Codec? TryCreate(Type type)
    {
        if (Exact.TryGetValue(type, out var make))
        {
            return make();
        }

        if (type.IsEnum)
        {
            return Codecs.Make(typeof(EnumCodec<>), type);
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Codecs.Make(typeof(NullableCodec<>), underlying);
        }

        return type.IsValueType && Blocks.IsPlain(type) ? Codecs.Make(typeof(RawCodec<>), type) : null;
    }

    private sealed class StringCodec : ValueCodec<string?>
    {
        public override void Write(PayloadWriter writer, string? value) => writer.WriteString(value);

        public override string? Read(ref PayloadReader reader) => reader.ReadString();

        public override object ReadNew(ref PayloadReader reader) => reader.ReadString() ?? throw new PayloadException("found null where a string is announced.");
    }

    private sealed class BooleanCodec : ValueCodec<bool>
    {
        public override void Write(PayloadWriter writer, bool value) => writer.WriteBoolean(value);

        public override bool Read(ref PayloadReader reader) => reader.ReadBoolean();
    }

    private sealed class Int32Codec : ValueCodec<int>
    {
        public override void Write(PayloadWriter writer, int value) => writer.WriteInt32(value);

        public override int Read(ref PayloadReader reader) => reader.ReadInt32();
    }

    private sealed class Int64Codec : ValueCodec<long>
    {
        public override void Write(PayloadWriter writer, long value) => writer.WriteInt64(value);

        public override long Read(ref PayloadReader reader) => reader.ReadInt64();
    }

    private sealed class SmallIntegerCodec<T> : ValueCodec<T>
        where T : IBinaryInteger<T>, IMinMaxValue<T>
    {
        public override void Write(PayloadWriter writer, T value) => writer.WriteInt32(int.CreateTruncating(value));

        public override T Read(ref PayloadReader reader)
        {
            var value = reader.ReadInt32();
            return value >= int.CreateTruncating(T.MinValue) && value <= int.CreateTruncating(T.MaxValue)
                ? T.CreateTruncating(value)
                : throw new PayloadException($"found {value} where a {typeof(T).Name} is expected.");
        }
    }

    private sealed class UnsignedCodec<T> : ValueCodec<T>
        where T : IBinaryInteger<T>, IMinMaxValue<T>
    {
        public override void Write(PayloadWriter writer, T value) => writer.WriteVarUInt(ulong.CreateTruncating(value));

        public override T Read(ref PayloadReader reader)
        {
            var value = reader.ReadVarUInt();
            return value <= ulong.CreateTruncating(T.MaxValue)
                ? T.CreateTruncating(value)
                : throw new PayloadException($"found {value} where a {typeof(T).Name} is expected.");
        }
    }

    private sealed class EnumCodec<T> : ValueCodec<T>
        where T : struct, Enum
    {
        public override void Write(PayloadWriter writer, T value) => writer.WriteInt64(Unsafe.SizeOf<T>() switch
        {
            1 => Unsafe.As<T, sbyte>(ref value),
            2 => Unsafe.As<T, short>(ref value),
            4 => Unsafe.As<T, int>(ref value),
            _ => Unsafe.As<T, long>(ref value),
        });

        public override T Read(ref PayloadReader reader)
        {
            var bits = reader.ReadInt64();
            var value = Unsafe.As<long, T>(ref bits);   // little-endian: the low bytes come first
            return value;
        }
    }

    private sealed class NullableCodec<T> : ValueCodec<T?>
        where T : struct
    {
        public override void Write(PayloadWriter writer, T? value)
        {
            writer.WriteBoolean(value.HasValue);
            if (value.HasValue)
            {
                Slot<T>.Write(writer, value.GetValueOrDefault());
            }
        }

        public override T? Read(ref PayloadReader reader) => reader.ReadBoolean() ? Slot<T>.Read(ref reader) : null;

        public override object ReadNew(ref PayloadReader reader) => throw new PayloadException($"found an object of type {TypeText.Full(typeof(T?))}; there are only objects of {TypeText.Full(typeof(T))}.");
    }

    /// <summary>Any bits are a value.</summary>
    private sealed class RawCodec<T> : ValueCodec<T>
        where T : unmanaged
    {
        public override void Write(PayloadWriter writer, T value)
        {
            MemoryMarshal.Write(writer.Reserve(Unsafe.SizeOf<T>()), in value);
            writer.Advance(Unsafe.SizeOf<T>());
        }

        public override T Read(ref PayloadReader reader) => MemoryMarshal.Read<T>(reader.ReadBytes(Unsafe.SizeOf<T>()));
    }

    /// <summary>Not all bits are a value.</summary>
    private sealed class CheckedCodec<T> : ValueCodec<T>
        where T : unmanaged
    {
        public override void Write(PayloadWriter writer, T value)
        {
            MemoryMarshal.Write(writer.Reserve(Unsafe.SizeOf<T>()), in value);
            writer.Advance(Unsafe.SizeOf<T>());
        }

        public override T Read(ref PayloadReader reader)
        {
            var bytes = reader.ReadBytes(Unsafe.SizeOf<T>());
            Blocks.Validate<T>(bytes);
            return MemoryMarshal.Read<T>(bytes);
        }
    }

    private sealed class DateTimeOffsetCodec : ValueCodec<DateTimeOffset>
    {
        public override void Write(PayloadWriter writer, DateTimeOffset value)
        {
            writer.WriteInt64(value.UtcTicks);
            writer.WriteInt32(value.TotalOffsetMinutes);
        }

        public override DateTimeOffset Read(ref PayloadReader reader)
        {
            var (utc, minutes) = (reader.ReadInt64(), reader.ReadInt32());
            if (minutes is < -14 * 60 or > 14 * 60 || utc < 0 || utc > DateTime.MaxValue.Ticks
                || utc + (minutes * TimeSpan.TicksPerMinute) is var local && (local < 0 || local > DateTime.MaxValue.Ticks))
            {
                throw new PayloadException($"found {utc} ticks at an offset of {minutes} minutes, which is no DateTimeOffset.");
            }

            return new DateTimeOffset(local, TimeSpan.FromMinutes(minutes));
        }
    }

    private sealed class BigIntegerCodec : ValueCodec<BigInteger>
    {
        public override void Write(PayloadWriter writer, BigInteger value)
        {
            var count = value.GetByteCount();
            writer.WriteVarUInt((uint)count);
            value.TryWriteBytes(writer.Reserve(count), out _);
            writer.Advance(count);
        }

        public override BigInteger Read(ref PayloadReader reader)
        {
            var count = reader.ReadLength();
            reader.Charge(count);
            return new BigInteger(reader.ReadBytes(count));
        }
    }
}
