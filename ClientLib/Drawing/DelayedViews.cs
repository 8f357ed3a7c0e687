namespace Orleans.Dask;

/// <summary>Pictures of delayed values.</summary>
public static class DelayedViews
{
    /// <param name="value">What is drawn.</param>
    extension(Delayed value)
    {
        /// <summary>Writes a picture of the calls behind a value to a file, of the kind that its name ends in: .svg, .html or .dot.</summary>
        /// <param name="path">The file; what is there is replaced.</param>
        public void Visualize(string path)
        {
            ArgumentNullException.ThrowIfNull(value);
            Delayed.ToGraph(value).Visualize(path, [value.Key]);
        }
    }
}
