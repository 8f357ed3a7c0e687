using System.Globalization;

namespace Orleans.Dask.Frames;

/// <summary>Reads one field: numbers, truth values, times. None of them allocates.</summary>
internal static class CsvField
{
    private static readonly double[] s_powers = [.. Enumerable.Range(0, 23).Select(i => Math.Pow(10, i))];
    private static readonly byte[][] s_missing =
        [.. new[] { "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA", "NULL", "NaN", "n/a", "nan", "null" }.Select(System.Text.Encoding.ASCII.GetBytes)];

    private static readonly bool[] s_missingStart = MissingStarts();

    /// <summary>Is the field empty or one of pandas' words for nothing.</summary>
    public static bool IsMissing(ReadOnlySpan<byte> field)
    {
        if (field.IsEmpty)
        {
            return true;
        }

        if (!s_missingStart[field[0]] || field.Length > 8)
        {
            return false;
        }

        foreach (var word in s_missing)
        {
            if (field.SequenceEqual(word))
            {
                return true;
            }
        }

        return false;
    }

    public static bool TryInt64(ReadOnlySpan<byte> field, out long value)
    {
        value = 0;
        field = Trimmed(field);
        if (field.IsEmpty)
        {
            return false;
        }

        var negative = field[0] == '-';
        var i = negative || field[0] == '+' ? 1 : 0;
        if (i == field.Length)
        {
            return false;
        }

        if (field.Length - i > 18)
        {
            return long.TryParse(field, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
        }

        long digits = 0;
        for (; i < field.Length; i++)
        {
            var digit = (uint)(field[i] - '0');
            if (digit > 9)
            {
                return false;
            }

            digits = (digits * 10) + digit;
        }

        value = negative ? -digits : digits;
        return true;
    }

    /// <summary>Correctly rounded. Up to 15 or so digits are exact in a double, and so is a power of ten up to 22: one division or product rounds once.</summary>
    public static bool TryFloat64(ReadOnlySpan<byte> field, out double value)
    {
        field = Trimmed(field);
        value = 0;
        if (field.IsEmpty)
        {
            return false;
        }

        var negative = field[0] == '-';
        var i = negative || field[0] == '+' ? 1 : 0;
        ulong digits = 0;
        int count = 0, decimals = 0;
        for (; i < field.Length; i++)
        {
            var digit = (uint)(field[i] - '0');
            if (digit > 9)
            {
                break;
            }

            digits = (digits * 10) + digit;
            count++;
        }

        if (i < field.Length && field[i] == '.')
        {
            var point = i;
            for (i++; i < field.Length; i++)
            {
                var digit = (uint)(field[i] - '0');
                if (digit > 9)
                {
                    break;
                }

                digits = (digits * 10) + digit;
                count++;
            }

            decimals = i - point - 1;
        }

        if (i < field.Length || count is 0 or > 18 || digits > 1UL << 53 || decimals > 22)
        {
            return TryUnusual(field, out value);
        }

        value = digits / s_powers[decimals];
        value = negative ? -value : value;
        return true;
    }

    public static bool TryBoolean(ReadOnlySpan<byte> field, out bool value)
    {
        value = field.SequenceEqual("True"u8) || field.SequenceEqual("true"u8) || field.SequenceEqual("TRUE"u8);
        return value || field.SequenceEqual("False"u8) || field.SequenceEqual("false"u8) || field.SequenceEqual("FALSE"u8);
    }

    /// <summary><c>yyyy-MM-dd</c>, then nothing or <c>[ T]HH:mm[:ss[.fffffffff]]</c> and perhaps Z.</summary>
    public static bool TryTimestamp(ReadOnlySpan<byte> field, out long nanoseconds)
    {
        nanoseconds = 0;
        if (field.Length < 10 || field[4] != '-' || field[7] != '-'
            || !Digits(field, 0, 4, out var year) || !Digits(field, 5, 2, out var month) || !Digits(field, 8, 2, out var day)
            || year is < 1678 or > 2261 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        nanoseconds = Timestamps.DaysOf(year, month, day) * Timestamps.PerDay;
        if (field.Length == 10)
        {
            return true;
        }

        if (field.Length < 16 || field[10] is not ((byte)' ' or (byte)'T') || field[13] != ':'
            || !Digits(field, 11, 2, out var hour) || !Digits(field, 14, 2, out var minute) || hour > 23 || minute > 59)
        {
            return false;
        }

        var seconds = (hour * 3600) + (minute * 60);
        var rest = field[16..];
        if (!rest.IsEmpty && rest[0] == ':')
        {
            if (rest.Length < 3 || !Digits(rest, 1, 2, out var second) || second > 59)
            {
                return false;
            }

            seconds += second;
            rest = rest[3..];
        }

        nanoseconds += seconds * Timestamps.PerSecond;
        if (!rest.IsEmpty && rest[0] == '.')
        {
            var unit = Timestamps.PerSecond / 10;
            var i = 1;
            for (; i < rest.Length && rest[i] is >= (byte)'0' and <= (byte)'9'; i++)
            {
                nanoseconds += (rest[i] - '0') * unit;
                unit /= 10;
            }

            rest = rest[i..];
        }

        return rest.IsEmpty || rest.SequenceEqual("Z"u8);
    }

    /// <summary>The text within quotes, doubled ones as one. What follows the closing quote belongs to the text, as in pandas.</summary>
    /// <param name="field">Begins with a quote.</param>
    /// <param name="quote">The quote.</param>
    /// <param name="text">As long as the field at least.</param>
    /// <returns>Bytes written.</returns>
    public static int Unquote(ReadOnlySpan<byte> field, byte quote, Span<byte> text)
    {
        var length = 0;
        var i = 1;
        for (; i < field.Length; i++)
        {
            if (field[i] == quote)
            {
                if (i + 1 == field.Length || field[i + 1] != quote)
                {
                    i++;
                    break;
                }

                i++;
            }

            text[length++] = field[i];
        }

        for (; i < field.Length; i++)
        {
            text[length++] = field[i];
        }

        return length;
    }

    private static bool TryUnusual(ReadOnlySpan<byte> field, out double value)
    {
        // .NET reads "Infinity" and exponents; pandas also knows "inf".
        var unsigned = field[0] is (byte)'-' or (byte)'+' ? field[1..] : field;
        if (unsigned.Length is 3 or 8 && (Same(unsigned, "inf"u8) || Same(unsigned, "infinity"u8)))
        {
            value = field[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            return true;
        }

        value = 0;
        return (unsigned.Length > 0 && unsigned[0] is (>= (byte)'0' and <= (byte)'9') or (byte)'.')
            && double.TryParse(field, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value);

        static bool Same(ReadOnlySpan<byte> field, ReadOnlySpan<byte> word) => System.Text.Ascii.EqualsIgnoreCase(field, word);
    }

    private static ReadOnlySpan<byte> Trimmed(ReadOnlySpan<byte> field) =>
        field.Length > 0 && (field[0] <= ' ' || field[^1] <= ' ') ? field.Trim(" \t"u8) : field;

    private static bool Digits(ReadOnlySpan<byte> field, int start, int count, out int value)
    {
        value = 0;
        for (var i = start; i < start + count; i++)
        {
            var digit = (uint)(field[i] - '0');
            if (digit > 9)
            {
                return false;
            }

            value = (value * 10) + (int)digit;
        }

        return true;
    }

    private static bool[] MissingStarts()
    {
        var starts = new bool[256];
        foreach (var word in s_missing)
        {
            starts[word[0]] = true;
        }

        return starts;
    }
}
