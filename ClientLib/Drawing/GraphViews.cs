using Orleans.Dask.Drawing;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask;

/// <summary>Pictures of graphs as they will run: only what the wanted values need.</summary>
public static class GraphViews
{
    /// <param name="graph">What is drawn.</param>
    extension(TaskGraph graph)
    {
        /// <summary>The graph as SVG. Boxes with round corners are calls, others values that are there, green ones what is wanted; what is made stands above what it is made from.</summary>
        /// <param name="wanted">The keys asked for.</param>
        /// <param name="layers">A node a layer instead of a node a task.</param>
        /// <exception cref="ArgumentException">More than 2,000 tasks.</exception>
        public string ToSvg(IReadOnlyList<TaskKey> wanted, bool layers = false) => GraphSvg.Write(Nodes(graph, wanted, layers), "task graph");

        /// <summary>The graph in the language of Graphviz: <c>dot -Tsvg</c> makes a picture of it.</summary>
        /// <param name="wanted">The keys asked for.</param>
        /// <param name="layers">A node a layer instead of a node a task.</param>
        /// <exception cref="ArgumentException">More than 2,000 tasks.</exception>
        public string ToDot(IReadOnlyList<TaskKey> wanted, bool layers = false) => GraphDot.Write(Nodes(graph, wanted, layers), "task graph");

        /// <summary>Writes a picture to a file, of the kind that its name ends in: .svg, .html or .dot.</summary>
        /// <param name="path">The file; what is there is replaced.</param>
        /// <param name="wanted">The keys asked for.</param>
        /// <param name="layers">A node a layer instead of a node a task.</param>
        public void Visualize(string path, IReadOnlyList<TaskKey> wanted, bool layers = false)
        {
            ArgumentNullException.ThrowIfNull(path);
            File.WriteAllText(path, Path.GetExtension(path) switch
            {
                ".svg" => graph.ToSvg(wanted, layers),
                ".html" => $"<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>task graph</title></head><body>\n{graph.ToSvg(wanted, layers)}</body></html>\n",
                ".dot" or ".gv" => graph.ToDot(wanted, layers),
                var other => throw new ArgumentException($"'{other}' is no picture that can be written. End the name in .svg, .html or .dot.", nameof(path)),
            });
        }
    }

    private static DrawnNode[] Nodes(TaskGraph graph, IReadOnlyList<TaskKey> wanted, bool layers)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(wanted);
        return layers ? GraphDrawing.Layers(graph, wanted) : GraphDrawing.Tasks(graph, wanted);
    }
}
