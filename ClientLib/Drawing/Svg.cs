using System.Globalization;
using System.Text;

namespace Orleans.Dask.Drawing;

/// <summary>Writes SVG: shapes and texts, one a line.</summary>
internal sealed class Svg
{
    private readonly StringBuilder _text = new();

    public static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal).Replace("\"", "&quot;", StringComparison.Ordinal);

    public void Polygon(string style, params ReadOnlySpan<(double X, double Y)> corners)
    {
        _text.Append("  <polygon points=\"");
        for (var i = 0; i < corners.Length; i++)
        {
            Append($"{(i > 0 ? " " : "")}{corners[i].X:0.##},{corners[i].Y:0.##}");
        }

        Append($"\" {style}/>\n");
    }

    public void Line(double x1, double y1, double x2, double y2, string style) =>
        Append($"  <line x1=\"{x1:0.##}\" y1=\"{y1:0.##}\" x2=\"{x2:0.##}\" y2=\"{y2:0.##}\" {style}/>\n");

    public void Box(double x, double y, double width, double height, double round, string style) =>
        Append($"  <rect x=\"{x:0.##}\" y=\"{y:0.##}\" width=\"{width:0.##}\" height=\"{height:0.##}\" rx=\"{round:0.##}\" {style}/>\n");

    public void Path(string points, string style) => Append($"  <path d=\"{points}\" {style}/>\n");

    public void Text(double x, double y, string text, string style) =>
        Append($"  <text x=\"{x:0.##}\" y=\"{y:0.##}\" {style}>{Escape(text)}</text>\n");

    /// <summary>What was drawn, moved right by so much.</summary>
    public void Group(double x, Svg inner) => Append($"  <g transform=\"translate({x:0.##},0)\">\n{inner._text}  </g>\n");

    public string Finish(double width, double height, string title) => string.Create(CultureInfo.InvariantCulture,
        $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:0}\" height=\"{height:0}\" viewBox=\"0 0 {width:0} {height:0}\" font-family=\"sans-serif\">\n  <title>{Escape(title)}</title>\n{_text}</svg>\n");

    private void Append(FormattableString text) => _text.Append(text.ToString(CultureInfo.InvariantCulture));
}
