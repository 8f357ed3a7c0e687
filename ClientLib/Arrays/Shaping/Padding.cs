namespace Orleans.Dask.Arrays;

/// <summary>Arrays with something around them, axis after axis.</summary>
internal static class Padding
{
    public static Recipe Run(Recipe input, (int Before, int After)[] widths, string mode, (double Before, double After)[] constants, double end, int? statLength, bool odd)
    {
        for (var axis = 0; axis < widths.Length; axis++)
        {
            var (before, after) = widths[axis];
            if (before < 0 || after < 0)
            {
                throw new ArrayException($"Axis {axis} can't be padded by {Math.Min(before, after)}. Pass 0 or more.");
            }
        }

        for (var axis = 0; axis < widths.Length; axis++)
        {
            var (before, after) = widths[axis];
            input = before == 0 && after == 0 ? input : Axis(input, axis, before, after, mode, constants[axis], end, statLength, odd);
        }

        return input;
    }

    private static Recipe Axis(Recipe input, int axis, int before, int after, string mode, (double Before, double After) constant, double end, int? statLength, bool odd)
    {
        var length = input.Shape[axis];
        if (length == 0 && mode is not "constant")
        {
            throw new ArrayException($"Axis {axis} is empty, so there is nothing to pad it with by '{mode}'. Use \"constant\".");
        }

        Recipe Part(long[] positions) => Selection.Take(input, axis, AxisIndex.Of(positions), "pad");
        Recipe Constant(int width, double value)
        {
            var chunks = (long[][])input.Chunks.Clone();
            chunks[axis] = [width];
            return Element.Constant(input.Type, Constants.Convert(value, input.Type), chunks);
        }

        Recipe Statistic(bool atEnd, int width)
        {
            var count = Math.Min(length, statLength ?? length);
            var near = Selection.Take(input, axis, new AxisIndex(atEnd ? length - count : 0, 1, count), "pad");
            Reducer reducer = mode == "maximum" ? Reducers.Maximum(input.Type) : mode == "minimum" ? Reducers.Minimum(input.Type) : Reducers.Mean(input.Type);
            var one = ReduceLayers.Lower(near, reducer, [axis], keepDims: true, ReduceLayers.DefaultSplitEvery, mode);
            var rounded = mode == "mean" && !input.Type.IsFloat() ? Element.Cast(Element.Call("rint", one), input.Type) : (Recipe)one;
            var shape = (long[])input.Shape.Clone();
            shape[axis] = width;
            var chunks = (long[][])one.Chunks.Clone();
            chunks[axis] = [width];
            return Element.BroadcastTo(rounded, shape, chunks);
        }

        Recipe Ramp(bool atEnd, int width)
        {
            var edge = Part([atEnd ? length - 1 : 0]);
            var shares = new NDArray<double>([.. Enumerable.Range(0, width).Select(i => (atEnd ? i + 1.0 : width - i) / width)], [width]);
            int[] places = [.. Enumerable.Range(0, input.Rank - axis).Select(a => a == 0 ? 0 : -1)];
            var line = Element.Axes(DaskArray.FromMemory(shares, [[width]]), places, [.. places.Select((a, i) => i == 0 ? [width] : Shapes.One)]);
            var start = Element.Cast(edge, DType.Float64);
            var ramp = Element.Call("add", start, Element.Call("multiply", line, Element.Call("subtract", Element.Scalar(DType.Float64, end), start)));
            return Element.Cast(input.Type.IsFloat() ? ramp : Element.Call("trunc", ramp), input.Type);
        }

        // 2 * edge - reflection: the slope goes on.
        Recipe Odd(Recipe reflected, long edge) => odd
            ? Element.Call("subtract", Element.Call("multiply", Part([edge]), Element.Scalar(input.Type, Constants.Convert(2, input.Type))), reflected) : reflected;

        var (first, last) = mode switch
        {
            "constant" => (Constant(before, constant.Before), Constant(after, constant.After)),
            "edge" => (Part([.. Enumerable.Repeat(0L, before)]), Part([.. Enumerable.Repeat(length - 1, after)])),
            "wrap" or "reflect" or "symmetric" => (
                Odd(Part([.. Enumerable.Range(0, before).Select(i => Mirror(i - before, length, mode))]), 0),
                Odd(Part([.. Enumerable.Range(0, after).Select(i => Mirror(length + i, length, mode))]), length - 1)),
            "maximum" or "minimum" or "mean" => (Statistic(false, before), Statistic(true, after)),
            "linear_ramp" => (Ramp(false, before), Ramp(true, after)),
            _ => throw new ArrayException($"Padding mode '{mode}' is unknown. Pass constant, edge, linear_ramp, maximum, mean, minimum, reflect, symmetric or wrap."),
        };
        Recipe[] pieces = [.. before > 0 ? new[] { first } : [], input, .. after > 0 ? new[] { last } : []];
        return Join.Concatenate(pieces, axis);
    }

    private static long Mirror(long p, long length, string mode)
    {
        if (mode == "wrap")
        {
            return ((p % length) + length) % length;
        }

        var period = mode == "symmetric" ? 2 * length : Math.Max(1, 2 * (length - 1));
        p = ((p % period) + period) % period;
        return p < length ? p : mode == "symmetric" ? period - 1 - p : period - p;
    }
}
