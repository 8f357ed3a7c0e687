using System.Globalization;
using Orleans.Dask.Arrays;

namespace Orleans.Dask.Drawing;

/// <summary>A table of what an array and its chunks are, beside their picture.</summary>
internal static class ArrayHtml
{
    public static string Write(DaskArray array, int size)
    {
        var recipe = array.Recipe;
        var chunk = Array.ConvertAll(recipe.Chunks, c => c.Length == 0 || Array.Exists(c, s => s < 0) ? -1 : c.Max());
        var chunkBytes = Shapes.Size(chunk) is >= 0 and var elements ? elements * recipe.Type.Size() : -1;
        var tasks = array.ToGraph().Count.ToString(CultureInfo.InvariantCulture);
        return $"""
            <table>
              <tr><td>
                <table>
                  <tr><th></th><th>Array</th><th>Chunk</th></tr>
                  <tr><th>Name</th><td colspan="2">{Svg.Escape(recipe.Label)}</td></tr>
                  <tr><th>Bytes</th><td>{DaskArrayText.Bytes(array.NBytes)}</td><td>{DaskArrayText.Bytes(chunkBytes)}</td></tr>
                  <tr><th>Shape</th><td>{DaskArrayText.Lengths(recipe.Shape)}</td><td>{DaskArrayText.Lengths(chunk)}</td></tr>
                  <tr><th>Count</th><td>{tasks} tasks</td><td>{array.NPartitions.ToString(CultureInfo.InvariantCulture)} chunks</td></tr>
                  <tr><th>Type</th><td colspan="2">{recipe.Type.Name()}</td></tr>
                </table>
              </td><td>
            {array.ToSvg(size)}  </td></tr>
            </table>

            """;
    }
}
