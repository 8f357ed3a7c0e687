using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Arrays;

/// <summary>Merges the blocks along one axis, some neighbours at a time, until one is left per place.</summary>
internal static class AxisTree
{
    private const int FanIn = 8;

    /// <param name="stages">Where the steps go.</param>
    /// <param name="step">Their name.</param>
    /// <param name="layer">What is merged; number i is block i of the grid.</param>
    /// <param name="counts">Blocks per axis.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="merge">One value of several neighbours.</param>
    /// <param name="constants">What it depends on.</param>
    /// <returns>The last layer.</returns>
    public static string Merge(Stages stages, string step, string layer, int[] counts, int axis, Func<object?[], long[], object?> merge, long[] constants)
    {
        var inner = counts.Skip(axis + 1).Aggregate(1, (a, b) => a * b);
        var outer = counts.Take(axis).Aggregate(1, (a, b) => a * b);
        var before = counts[axis];
        for (var level = 0; before > 1; level++)
        {
            var (from, own, next) = (layer, before, (before + FanIn - 1) / FanIn);
            layer = stages.Add($"{step}{level}", outer * next * inner, [from], merge, index =>
            {
                var (place, rest) = Math.DivRem(index, inner);
                var (line, group) = Math.DivRem(place, next);
                var keys = new TaskKey[Math.Min(FanIn, own - (group * FanIn))];
                for (var i = 0; i < keys.Length; i++)
                {
                    keys[i] = new TaskKey(from, (((line * own) + (group * FanIn) + i) * inner) + rest);
                }

                return keys;
            }, _ => constants);
            before = next;
        }

        return layer;
    }
}
