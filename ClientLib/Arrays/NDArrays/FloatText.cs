using System.Globalization;

namespace Orleans.Dask.Arrays;

/// <summary>Floating numbers in the fewest digits that tell them from their neighbours.</summary>
internal static class FloatText
{
    /// <summary>Digits and the power of ten of the first one, of a finite number other than 0: 1.25 is ("125", 0).</summary>
    public static (string Digits, int Exponent) Shortest(object value)
    {
        var text = value switch
        {
            Half half => Half.Abs(half).ToString("R", CultureInfo.InvariantCulture),
            float single => MathF.Abs(single).ToString("R", CultureInfo.InvariantCulture),
            _ => Math.Abs((double)value).ToString("R", CultureInfo.InvariantCulture),
        };
        var (mantissa, power) = text.IndexOf('E', StringComparison.Ordinal) is >= 0 and var e
            ? (text[..e], int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)) : (text, 0);
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        var zeros = digits.Length - digits.TrimStart('0').Length;
        return (digits.Trim('0'), power + (point < 0 ? mantissa.Length : point) - 1 - zeros);
    }

    /// <summary>A floating number of any width.</summary>
    public static double Number(object value) => value is Half half ? (double)half : Convert.ToDouble(value, CultureInfo.InvariantCulture);

    /// <summary>As Python's repr shows it; with <paramref name="point"/>, whole numbers end in .0.</summary>
    public static string Python(object value, bool point = true)
    {
        var number = Number(value);
        var sign = double.IsNegative(number) ? "-" : "";
        if (!double.IsFinite(number) || number == 0)
        {
            return double.IsNaN(number) ? "nan" : sign + (number == 0 ? point ? "0.0" : "0" : "inf");
        }

        var (digits, exponent) = Shortest(value);
        return sign + (exponent is < -4 or >= 16
            ? digits[..1] + (digits.Length > 1 ? "." + digits[1..] : "") + Power(exponent, 2)
            : exponent < 0 ? "0." + new string('0', -exponent - 1) + digits
            : digits.Length <= exponent + 1 ? digits.PadRight(exponent + 1, '0') + (point ? ".0" : "")
            : digits[..(exponent + 1)] + "." + digits[(exponent + 1)..]);
    }

    public static string Power(int exponent, int digits) =>
        (exponent < 0 ? "e-" : "e+") + Math.Abs(exponent).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
}
