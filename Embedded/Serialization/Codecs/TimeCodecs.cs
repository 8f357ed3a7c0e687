namespace Orleans.Embedded.Serialization;

/// <summary>Ticks and kind; a local time keeps its digits and is not moved into the reader's time zone.</summary>
internal sealed class DateTimeCodec : SharedCodec<DateTime>
{
    public override WireKind Kind => WireKind.Fixed64;

    public override bool IsDefault(DateTime value) => value.Ticks == 0 && value.Kind == DateTimeKind.Unspecified;

    public override void Write(ref WireWriter writer, DateTime value) =>
        writer.WriteFixed64((ulong)value.Ticks | ((ulong)value.Kind << 62));

    public override DateTime Read(ref WireReader reader)
    {
        var bits = reader.ReadFixed64();
        var ticks = (long)(bits & ~(3UL << 62));
        var kind = (DateTimeKind)(bits >> 62);
        return ticks <= DateTime.MaxValue.Ticks && kind <= DateTimeKind.Local
            ? new DateTime(ticks, kind)
            : throw new WireException($"{ticks} ticks of kind {(int)kind} are no date.");
    }
}

/// <summary>Local ticks as 8 bytes, offset in minutes as 2.</summary>
internal sealed class DateTimeOffsetCodec : SharedCodec<DateTimeOffset>
{
    public override WireKind Kind => WireKind.Bytes;

    public override bool IsDefault(DateTimeOffset value) => value.Ticks == 0 && value.Offset == TimeSpan.Zero;

    public override void Write(ref WireWriter writer, DateTimeOffset value)
    {
        writer.WriteByte(1 + 10);
        writer.WriteFixed64((ulong)value.Ticks);
        var minutes = (ushort)(short)value.TotalOffsetMinutes;
        writer.WriteByte((byte)minutes);
        writer.WriteByte((byte)(minutes >> 8));
    }

    public override DateTimeOffset Read(ref WireReader reader)
    {
        var bytes = reader.ReadBytes(out _);
        if (bytes.Length != 10)
        {
            throw new WireException($"A DateTimeOffset has 10 bytes, found {bytes.Length}.");
        }

        var ticks = BitConverter.ToInt64(bytes);
        var minutes = BitConverter.ToInt16(bytes[8..]);
        try
        {
            return new DateTimeOffset(ticks, TimeSpan.FromMinutes(minutes));
        }
        catch (ArgumentException cause)
        {
            throw new WireException($"{ticks} ticks at {minutes} minutes from UTC are no date.", cause);
        }
    }
}

internal sealed class TimeSpanCodec : SharedCodec<TimeSpan>
{
    public override WireKind Kind => WireKind.Varint;

    public override bool IsDefault(TimeSpan value) => value.Ticks == 0;

    public override void Write(ref WireWriter writer, TimeSpan value) => writer.WriteZigzag(value.Ticks);

    public override TimeSpan Read(ref WireReader reader) => new(reader.ReadZigzag());
}

internal sealed class DateOnlyCodec : SharedCodec<DateOnly>
{
    public override WireKind Kind => WireKind.Varint;

    public override bool IsDefault(DateOnly value) => value.DayNumber == 0;

    public override void Write(ref WireWriter writer, DateOnly value) => writer.WriteVarint((ulong)value.DayNumber);

    public override DateOnly Read(ref WireReader reader)
    {
        var day = reader.ReadVarint();
        return day <= (ulong)DateOnly.MaxValue.DayNumber
            ? DateOnly.FromDayNumber((int)day)
            : throw new WireException($"Day {day} comes after the last date, {DateOnly.MaxValue.DayNumber}.");
    }
}

internal sealed class TimeOnlyCodec : SharedCodec<TimeOnly>
{
    public override WireKind Kind => WireKind.Varint;

    public override bool IsDefault(TimeOnly value) => value.Ticks == 0;

    public override void Write(ref WireWriter writer, TimeOnly value) => writer.WriteVarint((ulong)value.Ticks);

    public override TimeOnly Read(ref WireReader reader)
    {
        var ticks = reader.ReadVarint();
        return ticks <= (ulong)TimeOnly.MaxValue.Ticks
            ? new TimeOnly((long)ticks)
            : throw new WireException($"{ticks} ticks are more than a day.");
    }
}
