using System.Globalization;

namespace Orleans.Dask.Frames;

/// <summary>Nanoseconds since 1970 and what people call them.</summary>
internal static class Timestamps
{
    public const long PerSecond = 1_000_000_000;
    public const long PerHour = 3600 * PerSecond;
    public const long PerDay = 24 * PerHour;

    public static long FromDateTime(DateTime time) => checked((time.Ticks - DateTime.UnixEpoch.Ticks) * 100);

    public static DateTime ToDateTime(long nanoseconds) => new(DateTime.UnixEpoch.Ticks + FloorDivide(nanoseconds, 100));

    public static string Text(long nanoseconds)
    {
        var time = ToDateTime(nanoseconds);
        var fraction = Modulo(nanoseconds, PerSecond);
        var text = time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        return fraction == 0 ? text
            : fraction % 1000 == 0 ? string.Create(CultureInfo.InvariantCulture, $"{text}.{fraction / 1000:000000}")
            : string.Create(CultureInfo.InvariantCulture, $"{text}.{fraction:000000000}");
    }

    /// <summary>Days since 1970-01-01 of a date of the Gregorian calendar.</summary>
    /// <remarks>Years are counted from March, so that the leap day is the last of a year: no table, no branch on the month.</remarks>
    public static long DaysOf(int year, int month, int day)
    {
        var y = month <= 2 ? year - 1 : year;
        var era = FloorDivide(y, 400);
        var yearOfEra = (int)(y - (era * 400));
        var dayOfYear = (((153 * (month > 2 ? month - 3 : month + 9)) + 2) / 5) + day - 1;
        var dayOfEra = (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear;
        return (era * 146097) + dayOfEra - 719468;
    }

    public static long FloorDivide(long value, long by) => value >= 0 ? value / by : ((value + 1) / by) - 1;

    public static long Modulo(long value, long by) => value - (FloorDivide(value, by) * by);
}
