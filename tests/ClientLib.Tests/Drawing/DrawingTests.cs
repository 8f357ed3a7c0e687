using System.Xml.Linq;
using Orleans.Dask.TestKit;

namespace Orleans.Dask.ClientLib.Tests.Drawing;

public class DrawingTests
{
    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    [Theory]
    [InlineData(new long[] { }, 1, 0)]
    [InlineData(new long[] { 100 }, 1, 9)]
    [InlineData(new long[] { 30, 100 }, 1, 2 + 9)]
    [InlineData(new long[] { 20, 30, 40 }, 3, (2 * 1) + (2 * 2) + (2 * 3))]
    [InlineData(new long[] { 20, 10, 30, 40 }, 1 + 3, 1 + 0 + (2 * 2) + (2 * 3))]
    public void Chunks_are_drawn_with_a_line_where_each_ends(long[] shape, int faces, int lines)
    {
        var svg = XDocument.Parse(DaskArray.Zeros(shape, chunks: 10).ToSvg());
        Assert.Equal(faces, svg.Descendants(s_svg + "polygon").Count());
        Assert.Equal(lines, svg.Descendants(s_svg + "line").Count());
        Assert.Equal(shape.Length, svg.Descendants(s_svg + "text").Count());
    }

    [Fact]
    public void Very_many_chunks_and_unknown_ones_can_be_drawn()
    {
        Assert.InRange(XDocument.Parse(DaskArray.Zeros(100_000, chunks: 10).ToSvg()).Descendants(s_svg + "line").Count(), 10, 30);
        var x = DaskArray.Arange<long>(100, chunks: 25);
        var unknown = XDocument.Parse(x[x > 3L].ToSvg());
        Assert.Equal(3, unknown.Descendants(s_svg + "line").Count());
        Assert.Equal("?", unknown.Descendants(s_svg + "text").Single().Value);
    }

    [Fact]
    public void Html_tells_shape_type_bytes_chunks_and_tasks()
    {
        var html = DaskArray.Zeros((1000, 500), chunks: (250, 500)).ToHtml();
        var page = XDocument.Parse(html);
        Assert.Contains("3.81 MiB", html, StringComparison.Ordinal);
        Assert.Contains("(250, 500)", html, StringComparison.Ordinal);
        Assert.Contains("4 chunks", html, StringComparison.Ordinal);
        Assert.Contains("float64", html, StringComparison.Ordinal);
        Assert.Single(page.Descendants(s_svg + "svg"));
    }

    [Fact]
    public void A_graph_is_drawn_a_box_a_task()
    {
        var x = DaskArray.Arange<double>(4, chunks: 2);
        var mean = (x + 1.0).Mean();
        var graph = mean.ToGraph();
        var tasks = Optimizer.Run(graph, mean.Keys());
        var svg = XDocument.Parse(graph.ToSvg(mean.Keys()));
        Assert.Equal(tasks.Count, svg.Descendants(s_svg + "rect").Count());
        Assert.Equal(tasks.EdgeCount, svg.Descendants(s_svg + "path").Count());

        var boxes = svg.Descendants(s_svg + "rect").Select(r => ((double)r.Attribute("x")!, (double)r.Attribute("y")!)).ToList();
        Assert.Equal(boxes.Count, boxes.Distinct().Count());

        var dot = graph.ToDot(mean.Keys());
        Assert.Equal(tasks.EdgeCount, dot.Split(" -> ").Length - 1);
        Assert.StartsWith("digraph", dot, StringComparison.Ordinal);
    }

    [Fact]
    public void No_two_boxes_of_a_random_graph_overlap_and_every_edge_leads_up() =>
        _ = Generate.Graph.SampleAsync((graph, wanted) =>
        {
            var svg = XDocument.Parse(graph.ToSvg(wanted));
            foreach (var row in svg.Descendants(s_svg + "rect").GroupBy(r => (double)r.Attribute("y")!))
            {
                var boxes = row.Select(r => (Left: (double)r.Attribute("x")!, Width: (double)r.Attribute("width")!)).OrderBy(b => b.Left).ToList();
                for (var i = 1; i < boxes.Count; i++)
                {
                    Assert.True(boxes[i].Left >= boxes[i - 1].Left + boxes[i - 1].Width);
                }
            }

            foreach (var path in svg.Descendants(s_svg + "path"))
            {
                var points = ((string)path.Attribute("d")!).Replace('M', ' ').Replace('C', ' ').Split(' ', StringSplitOptions.RemoveEmptyEntries);
                static double Y(string point) => double.Parse(point.Split(',')[1], System.Globalization.CultureInfo.InvariantCulture);
                Assert.True(Y(points[^1]) < Y(points[0]));
            }

            return Task.CompletedTask;
        }, samples: 30).IsCompletedSuccessfully ? true : throw new InvalidOperationException("not done");

    [Fact]
    public void Pictures_go_to_files_by_the_end_of_their_names()
    {
        using var folder = new TemporaryFolder();
        var x = DaskArray.Arange<double>(100, chunks: 10);
        foreach (var (name, start) in ((string, string)[])[("a.svg", "<svg"), ("a.html", "<!DOCTYPE html>"), ("a.dot", "digraph")])
        {
            var path = Path.Combine(folder.Path, name);
            x.Sum().Visualize(path);
            Assert.StartsWith(start, File.ReadAllText(path), StringComparison.Ordinal);
        }

        Delayed.Call((int a) => a + 1, Delayed.Value(1)).Visualize(Path.Combine(folder.Path, "delayed.svg"));
        Assert.Equal(2, XDocument.Load(Path.Combine(folder.Path, "delayed.svg")).Descendants(s_svg + "rect").Count());
        Assert.Throws<ArgumentException>(() => x.Visualize(Path.Combine(folder.Path, "a.jpeg")));
        var many = DaskArray.Arange<double>(10_000, chunks: 1) + 1.0;
        Assert.Contains("layers: true", Assert.Throws<ArgumentException>(() => many.Visualize(Path.Combine(folder.Path, "b.svg"))).Message, StringComparison.Ordinal);
        many.Sum().Visualize(Path.Combine(folder.Path, "b.svg"), layers: true);
        Assert.Contains("10000 tasks", File.ReadAllText(Path.Combine(folder.Path, "b.svg")), StringComparison.Ordinal);
    }
}
