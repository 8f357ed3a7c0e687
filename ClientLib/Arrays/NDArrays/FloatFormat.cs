using System.Globalization;

namespace Orleans.Dask.Arrays;

/// <summary>
/// One form for all floating numbers of an array, as NumPy chooses it: plain or with a power of ten, the digits that the
/// longest needs, points aligned.
/// </summary>
internal sealed class FloatFormat
{
    private readonly int _precision;
    private readonly bool _alwaysSigned;
    private readonly bool _exponential;
    private readonly int _left;
    private readonly int _right;
    private readonly int _fraction;
    private readonly int _exponentDigits;

    public FloatFormat(List<object> values, PrintOptions options, bool alwaysSigned = false)
    {
        (_precision, _alwaysSigned) = (options.Precision, alwaysSigned);
        var finite = values.Where(v => double.IsFinite(Number(v))).ToList();
        var sizes = finite.Select(v => Math.Abs(Number(v))).Where(v => v != 0).ToList();
        _exponential = sizes.Count > 0 && (sizes.Max() >= 1e8 || (!options.Suppress && (sizes.Min() < 1e-4 || Ratio(sizes, values) > 1000)));
        if (_exponential)
        {
            var parts = finite.ConvertAll(v => Scientific(v, null));
            _fraction = parts.Max(p => p.Fraction.Length);
            _exponentDigits = parts.Max(p => Math.Max(2, Math.Abs(p.Exponent).ToString(CultureInfo.InvariantCulture).Length));
            _left = parts.Max(p => p.Whole.Length);
            _right = _fraction + 2 + _exponentDigits;
        }
        else if (finite.Count > 0)
        {
            var parts = finite.ConvertAll(Positional);
            _left = parts.Max(p => p.Whole.Length);
            _right = parts.Max(p => p.Fraction.Length);
        }

        if (finite.Count < values.Count)
        {
            var signed = alwaysSigned || values.Exists(v => double.IsNegativeInfinity(Number(v)));
            _left = Math.Max(_left, Math.Max(3, 3 + (signed ? 1 : 0)) - _right - 1);
        }
    }

    public string Write(object value)
    {
        var number = Number(value);
        if (!double.IsFinite(number))
        {
            var text = double.IsNaN(number) ? _alwaysSigned ? "+nan" : "nan" : number < 0 ? "-inf" : _alwaysSigned ? "+inf" : "inf";
            return text.PadLeft(_left + _right + 1);
        }

        if (_exponential)
        {
            var (whole, fraction, exponent) = Scientific(value, _fraction);
            return whole.PadLeft(_left) + "." + fraction.PadRight(_fraction, '0') + FloatText.Power(exponent, _exponentDigits);
        }

        var parts = Positional(value);
        return parts.Whole.PadLeft(_left) + "." + parts.Fraction.PadRight(_right);
    }

    // float32 compares in its own precision, as NumPy does.
    private static double Ratio(List<double> sizes, List<object> values) =>
        values[0] is Half ? (double)(Half)(sizes.Max() / sizes.Min()) : values[0] is float ? (float)sizes.Max() / (float)sizes.Min() : sizes.Max() / sizes.Min();

    private static double Number(object value) => FloatText.Number(value);

    private string Sign(double number) => double.IsNegative(number) ? "-" : _alwaysSigned ? "+" : "";

    private (string Whole, string Fraction) Positional(object value)
    {
        var number = Number(value);
        if (number == 0)
        {
            return (Sign(number) + "0", "");
        }

        var (digits, exponent) = FloatText.Shortest(value);
        if (digits.Length - exponent - 1 > _precision)
        {
            // More digits than are shown: rounded from the number itself.
            var text = Math.Abs(number).ToString("F" + _precision.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            var point = text.IndexOf('.', StringComparison.Ordinal);
            return point < 0 ? (Sign(number) + text, "") : (Sign(number) + text[..point], text[(point + 1)..].TrimEnd('0'));
        }

        return exponent < 0 ? (Sign(number) + "0", new string('0', -exponent - 1) + digits)
            : digits.Length <= exponent + 1 ? (Sign(number) + digits.PadRight(exponent + 1, '0'), "")
            : (Sign(number) + digits[..(exponent + 1)], digits[(exponent + 1)..]);
    }

    private (string Whole, string Fraction, int Exponent) Scientific(object value, int? fractionDigits)
    {
        var number = Number(value);
        if (number == 0)
        {
            return (Sign(number) + "0", "", 0);
        }

        var (digits, exponent) = FloatText.Shortest(value);
        var most = fractionDigits ?? _precision;
        if (digits.Length - 1 > most || fractionDigits is not null)
        {
            // All of a column have the same digits: those of the number itself, also where fewer would tell it apart.
            var text = Math.Abs(number).ToString("E" + most.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            var e = text.IndexOf('E', StringComparison.Ordinal);
            digits = text[..e].Replace(".", "", StringComparison.Ordinal).TrimEnd('0');
            exponent = int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        }

        return (Sign(number) + digits[..1], digits[1..], exponent);
    }
}
