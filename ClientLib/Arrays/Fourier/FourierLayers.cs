using System.Numerics;

namespace Orleans.Dask.Arrays;

/// <summary>Transforms along axes that come into one chunk.</summary>
internal static class FourierLayers
{
    public static Recipe Along(string name, Recipe input, int? n, int axis)
    {
        if (input.Rank == 0)
        {
            throw new AxisException("A single value has no axis to transform along.");
        }

        axis = Strided.Axis(axis, input.Rank);
        var own = checked((int)input.Shape[axis]);
        var half = name is "irfft" or "hfft";
        var length = n ?? (half ? 2 * (own - 1) : own);
        if (length < 1)
        {
            throw new ArrayException($"{length} data points can't be transformed. Pass n of 1 or more.");
        }

        var read = half ? (length / 2) + 1 : length;
        var result = name is "rfft" or "ihfft" ? (length / 2) + 1 : length;
        Func<Complex[], Complex[]> transform = name switch
        {
            "ifft" => FourierLines.Inverse,
            "irfft" => line => FourierLines.InverseReal(line, length),
            "hfft" => line => Array.ConvertAll(FourierLines.InverseReal(Array.ConvertAll(line, Complex.Conjugate), length), c => c * length),
            "ihfft" => line => Array.ConvertAll(FourierLines.Forward(line), c => Complex.Conjugate(c) / length),
            _ => FourierLines.Forward,
        };
        var source = BlockMap.Whole(input, axis);
        var chunks = (long[][])source.Chunks.Clone();
        chunks[axis] = [result];
        var type = half ? DType.Float64 : DType.Complex128;
        return BlockMap.Each(name, ArrayToken.Of(length, axis), type, source, chunks, block => FourierLines.Run(block, axis, read, result, transform).AsType(type), lends: true);
    }

    /// <summary>Several axes, one after the other; of the real ones the last (or first, going back) is the halved one.</summary>
    public static Recipe Over(string name, Recipe input, int[]? s, int[]? axes, bool pairOnly)
    {
        var rank = input.Rank;
        int[] over = axes is not null ? Array.ConvertAll(axes, a => Strided.Axis(a, rank))
            : pairOnly ? [Strided.Axis(-2, rank), Strided.Axis(-1, rank)]
            : s is not null ? [.. Enumerable.Range(rank - s.Length, s.Length)] : [.. Enumerable.Range(0, rank)];
        if (s is not null && s.Length != over.Length)
        {
            throw new ShapeException($"{s.Length} lengths for {over.Length} axes. Pass one per axis.");
        }

        if (over.Length == 0 && name is "rfft" or "irfft")
        {
            throw new AxisException("A transform of real numbers over no axes. Name at least one.");
        }

        var real = name is "rfft" or "irfft";
        var full = name is "rfft" or "fft" ? "fft" : "ifft";
        var last = over.Length - 1;
        if (name == "rfft")
        {
            input = Along("rfft", input, s?[last], over[last]);
        }

        for (var i = real ? last - 1 : last; i >= 0; i--)
        {
            input = Along(full, input, s?[i], over[i]);
        }

        return name == "irfft" ? Along("irfft", input, s?[last], over[last]) : input;
    }
}
