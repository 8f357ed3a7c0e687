namespace Orleans.Dask.Arrays;

/// <summary>A function of every line of a block.</summary>
internal static class Lines
{
    public static NDArray<TResult> Apply<T, TResult>(NDArray<T> block, int axis, Func<NDArray<T>, NDArray<TResult>> function, int[] answer)
        where T : unmanaged
        where TResult : unmanaged
    {
        int[] others = [.. Enumerable.Range(0, block.Rank).Where(a => a != axis)];
        var lines = block.Transpose([.. others, axis]).Span;
        var length = block.Dimensions[axis];
        int[] around = Array.ConvertAll(others, a => block.Dimensions[a]);
        var result = new NDArray<TResult>([.. around, .. answer]);
        var size = answer.Aggregate(1, (a, b) => a * b);
        var count = around.Aggregate(1, (a, b) => a * b);
        for (var i = 0; i < count; i++)
        {
            var line = function(new NDArray<T>(lines.Slice(i * length, length).ToArray(), [length]));
            if (!line.Dimensions.AsSpan().SequenceEqual(answer))
            {
                throw new ShapeException($"A line gave shape {Strided.Text(line.Dimensions)}, others {Strided.Text(answer)}. The function must give one shape.");
            }

            line.Span.CopyTo(result.Data[(i * size)..]);
        }

        // The answer's axes go back to where the line's was.
        int[] order = [.. Enumerable.Range(0, axis), .. Enumerable.Range(around.Length, answer.Length), .. Enumerable.Range(axis, around.Length - axis)];
        return result.Transpose(order);
    }
}
