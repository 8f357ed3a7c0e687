using System.Numerics;
using MathNet.Numerics.IntegralTransforms;

namespace Orleans.Dask.Arrays;

/// <summary>One-dimensional transforms of every line of a block along an axis.</summary>
internal static class FourierLines
{
    /// <param name="block">The block; its axis is whole.</param>
    /// <param name="axis">Which axis.</param>
    /// <param name="read">How many values a line takes from the block; cut or padded with zeros to that.</param>
    /// <param name="length">Length of the result's axis.</param>
    /// <param name="transform">From the values read to the values of the line.</param>
    public static NDArray<Complex> Run(NDArray block, int axis, int read, int length, Func<Complex[], Complex[]> transform)
    {
        var values = ((NDArray<Complex>)Strided.Contiguous(block.AsType(DType.Complex128))).Span;
        int[] shape = [.. block.Dimensions];
        var own = shape[axis];
        shape[axis] = length;
        var result = new NDArray<Complex>(shape);
        var outer = block.Dimensions.Take(axis).Aggregate(1, (a, b) => a * b);
        var inner = block.Dimensions.Skip(axis + 1).Aggregate(1, (a, b) => a * b);
        for (var o = 0; o < outer; o++)
        {
            for (var i = 0; i < inner; i++)
            {
                var line = new Complex[read];
                for (var k = 0; k < Math.Min(read, own); k++)
                {
                    line[k] = values[(((o * own) + k) * inner) + i];
                }

                var answer = transform(line);
                for (var k = 0; k < length; k++)
                {
                    result.Data[(((o * length) + k) * inner) + i] = answer[k];
                }
            }
        }

        return result;
    }

    public static Complex[] Forward(Complex[] line)
    {
        Fourier.Forward(line, FourierOptions.NoScaling);
        return line;
    }

    public static Complex[] Inverse(Complex[] line)
    {
        Fourier.Inverse(line, FourierOptions.NoScaling);
        for (var k = 0; k < line.Length; k++)
        {
            line[k] /= line.Length;
        }

        return line;
    }

    /// <summary>The n values of which the half spectrum is given; the other half are its conjugates.</summary>
    public static Complex[] InverseReal(Complex[] half, int n)
    {
        var full = new Complex[n];
        for (var k = 0; k < n; k++)
        {
            full[k] = k <= n / 2 ? half[k] : Complex.Conjugate(half[n - k]);
        }

        full[0] = full[0].Real;
        if (n % 2 == 0)
        {
            full[n / 2] = full[n / 2].Real;
        }

        return Inverse(full);
    }
}
