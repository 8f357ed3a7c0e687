using System.Globalization;
using System.Text;

namespace Orleans.Dask.Drawing;

/// <summary>A graph as SVG: what is made from something stands above it.</summary>
internal static class GraphSvg
{
    private const double RowHeight = 78, BoxHeight = 38, Margin = 12, Letter = 6.6;
    private const string Call = "fill=\"#dfeaf5\" stroke=\"#2c5d8f\" stroke-width=\"1.2\"";
    private const string Data = "fill=\"#f4f0e2\" stroke=\"#8a7a3c\" stroke-width=\"1.2\"";
    private const string Wanted = "fill=\"#cfe8d2\" stroke=\"#2f7a3b\" stroke-width=\"2\"";
    private const string Edge = "fill=\"none\" stroke=\"#777\" stroke-width=\"1\"";
    private const string Label = "font-size=\"12\" fill=\"#222\" text-anchor=\"middle\"";
    private const string Detail = "font-size=\"10\" fill=\"#666\" text-anchor=\"middle\"";
    private const int LongestLabel = 24;

    public static string Write(DrawnNode[] nodes, string title)
    {
        var layout = new GraphLayout(nodes);
        var box = 24 + (Letter * nodes.Select(n => Math.Max(Short(n.Label).Length, n.Detail.Length)).DefaultIfEmpty(0).Max());
        var step = box + 14;
        var height = (layout.Rows * RowHeight) - (RowHeight - BoxHeight) + (2 * Margin);
        double X(int place) => Margin + (layout[place].X * step) + (box / 2);
        double Y(int place) => height - Margin - (BoxHeight / 2) - (layout[place].Row * RowHeight);

        var svg = new Svg();
        foreach (var edge in layout.Edges)
        {
            svg.Path(Curve(edge, X, Y), Edge);
        }

        for (var id = 0; id < nodes.Length; id++)
        {
            var node = nodes[id];
            svg.Box(X(id) - (box / 2), Y(id) - (BoxHeight / 2), box, BoxHeight, node.IsData ? 0 : 12, node.IsWanted ? Wanted : node.IsData ? Data : Call);
            svg.Text(X(id), Y(id) - 2, Short(node.Label), Label);
            svg.Text(X(id), Y(id) + 12, node.Detail, Detail);
        }

        return svg.Finish((2 * Margin) + (layout.Width * step) - 14, height, title);
    }

    /// <summary>Leaves and enters upright, and bends halfway between two rows.</summary>
    private static string Curve(int[] edge, Func<int, double> x, Func<int, double> y)
    {
        var path = new StringBuilder();
        path.Append(CultureInfo.InvariantCulture, $"M{x(edge[0]):0.##},{y(edge[0]) - (BoxHeight / 2):0.##}");
        for (var i = 1; i < edge.Length; i++)
        {
            var from = i == 1 ? y(edge[0]) - (BoxHeight / 2) : y(edge[i - 1]);
            var to = i == edge.Length - 1 ? y(edge[i]) + (BoxHeight / 2) : y(edge[i]);
            var middle = (from + to) / 2;
            path.Append(CultureInfo.InvariantCulture, $" C{x(edge[i - 1]):0.##},{middle:0.##} {x(edge[i]):0.##},{middle:0.##} {x(edge[i]):0.##},{to:0.##}");
        }

        return path.ToString();
    }

    private static string Short(string label) => label.Length <= LongestLabel ? label : label[..(LongestLabel - 1)] + "…";
}
