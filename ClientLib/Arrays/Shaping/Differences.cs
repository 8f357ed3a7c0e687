namespace Orleans.Dask.Arrays;

/// <summary>Second-order differences along an axis, on even or uneven positions.</summary>
internal static class Differences
{
    public static double[] Even(long length, double spacing) => [.. Enumerable.Range(0, checked((int)length)).Select(i => i * spacing)];

    /// <summary>Inside: the parabola through three neighbours; at the ends a line (order 1) or a parabola (order 2).</summary>
    public static Recipe Gradient(Recipe input, int axis, double[] at, int edgeOrder)
    {
        ArgumentNullException.ThrowIfNull(at, "coordinates");
        var n = input.Shape[axis];
        if (edgeOrder is not (1 or 2))
        {
            throw new ArrayException($"Edge order {edgeOrder} is unknown. Pass 1 or 2.");
        }

        if (n < edgeOrder + 1)
        {
            throw new ArrayException($"A gradient of edge order {edgeOrder} needs {edgeOrder + 1} elements, axis {axis} has {n}.");
        }

        if (at.Length != n)
        {
            throw new ArrayException($"{at.Length} coordinates for axis {axis} of length {n}. Pass one per position.");
        }

        // Position i of the answer is a weighted sum of three elements: weights per position, elements by index.
        var weights = new double[3][];
        var from = new long[3][];
        for (var k = 0; k < 3; k++)
        {
            (weights[k], from[k]) = (new double[n], new long[n]);
        }

        for (var i = 0; i < n; i++)
        {
            var first = Math.Clamp(i - 1, 0, Math.Max(0, (int)n - 3));
            if ((i == 0 || i == n - 1) && edgeOrder == 1)
            {
                var left = i == 0 ? 0 : (int)n - 2;
                var h = at[left + 1] - at[left];
                Set(i, left, [-1 / h, 1 / h, 0]);
            }
            else
            {
                double a = at[first], b = at[first + 1], c = at[first + 2], x = at[i];
                Set(i, first, [((2 * x) - b - c) / ((a - b) * (a - c)), ((2 * x) - a - c) / ((b - a) * (b - c)), ((2 * x) - a - b) / ((c - a) * (c - b))]);
            }
        }

        Recipe? sum = null;
        int[] places = [.. Enumerable.Range(0, input.Rank - axis).Select(a => a == 0 ? 0 : -1)];
        for (var k = 0; k < 3; k++)
        {
            var line = Element.Cast(Element.Axes(DaskArray.FromMemory(new NDArray<double>(weights[k], [(int)n]), [[n]]), places, [.. places.Select((a, i) => i == 0 ? [n] : Shapes.One)]), input.Type);
            var term = Element.Call("multiply", Gather.Lower(input.Materialize(), [.. input.Shape.Select((l, a) => a == axis ? AxisIndex.Of(from[k]) : AxisIndex.Whole(l))], input.Chunks, "gradient"), line);
            sum = sum is null ? term : Element.Call("add", sum, term);
        }

        return sum!;

        void Set(int i, int start, double[] values)
        {
            for (var k = 0; k < 3; k++)
            {
                weights[k][i] = values[k];
                from[k][i] = Math.Min(start + k, n - 1);
            }
        }
    }
}
