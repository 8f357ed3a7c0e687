using System.Globalization;

namespace Orleans.Dask.Arrays;

/// <summary>The one line that a lazy array shows of itself.</summary>
internal static class DaskArrayText
{
    public static string Write(DaskArray array)
    {
        var recipe = array.Recipe;
        var largest = Array.ConvertAll(recipe.Chunks, c => c.Length == 0 ? 0 : c.Max());
        return string.Create(CultureInfo.InvariantCulture,
            $"dask.array<{recipe.Label}, shape={Lengths(recipe.Shape)}, dtype={recipe.Type.Name()}, chunksize={Lengths(largest)}, chunks={array.NPartitions}, tasks={array.ToGraph().Count}, {Bytes(array.NBytes)}>");
    }

    /// <summary>As people read sizes: binary units, three digits.</summary>
    public static string Bytes(long bytes)
    {
        if (bytes < 0)
        {
            return "unknown size";
        }

        string[] units = ["B", "kiB", "MiB", "GiB", "TiB", "PiB"];
        var unit = 0;
        double value = bytes;
        for (; value >= 1024 && unit < units.Length - 1; unit++)
        {
            value /= 1024;
        }

        return value.ToString(unit == 0 ? "0" : "0.##", CultureInfo.InvariantCulture) + " " + units[unit];
    }

    public static string Lengths(long[] lengths) => Strided.Text(lengths).Replace("-1", "?", StringComparison.Ordinal);
}
