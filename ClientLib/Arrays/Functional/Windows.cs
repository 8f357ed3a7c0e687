namespace Orleans.Dask.Arrays;

/// <summary>Arrays grown by what lies around their chunks, and cut back.</summary>
internal static class Windows
{
    /// <summary>Positions of an axis with <paramref name="depth"/> more at either end; -1 where there is nothing (a constant stands there).</summary>
    public static long[] Outside(long length, int depth, string boundary) =>
    [
        .. Enumerable.Range(0, depth).Select(i => Position(i - depth, length, boundary)),
        .. Enumerable.Range(0, depth).Select(i => Position(length + i, length, boundary)),
    ];

    private static long Position(long p, long length, string boundary) => boundary switch
    {
        "periodic" => ((p % length) + length) % length,
        "nearest" => Math.Clamp(p, 0, length - 1),
        "reflect" => p < 0 ? -p - 1 : (2 * length) - 1 - p,
        _ => -1,
    };
}
