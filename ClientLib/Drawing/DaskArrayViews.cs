using Orleans.Dask.Drawing;

namespace Orleans.Dask;

/// <summary>Pictures of chunked arrays.</summary>
public static class DaskArrayViews
{
    /// <param name="array">What is drawn.</param>
    extension(DaskArray array)
    {
        /// <summary>A picture of the array's shape, with a line where a chunk ends, as SVG.</summary>
        /// <param name="size">Length of the longest axis in pixels. Default 200.</param>
        public string ToSvg(int size = 200) => ChunkDrawing.Write(array.Recipe.Shape, array.Recipe.Chunks, size, array.Recipe.Label);

        /// <summary>A table of shape, type, bytes, chunks and tasks beside the picture, as HTML; what a notebook shows.</summary>
        /// <param name="size">Length of the longest axis in pixels. Default 200.</param>
        public string ToHtml(int size = 200) => ArrayHtml.Write(array, size);

        /// <summary>Writes a picture of the tasks to a file, of the kind that its name ends in: .svg, .html or .dot.</summary>
        /// <param name="path">The file; what is there is replaced.</param>
        /// <param name="layers">A node a layer instead of a node a task; more than 2,000 tasks need it.</param>
        public void Visualize(string path, bool layers = false) => array.ToGraph().Visualize(path, array.Keys(), layers);
    }
}
