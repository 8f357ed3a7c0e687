using System.Globalization;

namespace Orleans.Dask.Spilling;

/// <summary>Sizes of memory as people write them.</summary>
internal static class MemorySize
{
    private static readonly (string Unit, double Bytes)[] s_units =
    [
        ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40), ("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12), ("B", 1),
    ];

    /// <param name="text">A number of bytes, with a unit, or a percentage of the memory there is.</param>
    /// <param name="name">Who says so.</param>
    public static long Parse(string text, string name)
    {
        var number = text.Trim();
        var scale = 1.0;
        if (number.EndsWith('%'))
        {
            (number, scale) = (number[..^1], GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 100.0);
        }
        else if (Array.Find(s_units, u => number.EndsWith(u.Unit, StringComparison.OrdinalIgnoreCase)) is { Unit: { } unit, Bytes: var bytes })
        {
            (number, scale) = (number[..^unit.Length], bytes);
        }

        return double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value * scale is >= 1 and < long.MaxValue
            ? (long)(value * scale)
            : throw new ArgumentException($"{name} is '{text}', which is no amount of memory. Write bytes, or a number with a unit such as 512MiB or 4GB, or a percentage such as 50%.");
    }
}
