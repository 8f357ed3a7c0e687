using System.Globalization;
using System.Text;

namespace Orleans.Dask.Drawing;

/// <summary>A graph in the language of Graphviz.</summary>
internal static class GraphDot
{
    public static string Write(DrawnNode[] nodes, string title)
    {
        var text = new StringBuilder($"digraph \"{Escape(title)}\" {{\n  rankdir=BT;\n  node [fontname=\"sans-serif\"];\n");
        for (var id = 0; id < nodes.Length; id++)
        {
            var node = nodes[id];
            text.Append(CultureInfo.InvariantCulture, $"  n{id} [label=\"{Escape(node.Label)}\\n{Escape(node.Detail)}\", shape={(node.IsData ? "box" : "ellipse")}{(node.IsWanted ? ", penwidth=2" : "")}];\n");
            foreach (var input in node.Inputs)
            {
                text.Append(CultureInfo.InvariantCulture, $"  n{input} -> n{id};\n");
            }
        }

        return text.Append("}\n").ToString();
    }

    private static string Escape(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}
