using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Orleans.Dask.Arrays;

/// <summary>
/// Count, mean and sum of squared deviations per place that is left (Welford), merged as Chan, Golub and LeVeque do.
/// One pass; no loss of digits when the mean is large.
/// </summary>
/// <remarks>
/// A run is first summed about its own first element, which is near enough to the run's mean:
/// with d = x - x0, s1 = Σd, s2 = Σd²: mean = x0 + s1/n and Σ(x - mean)² = s2 - s1²/n.
/// </remarks>
internal sealed unsafe class VarianceReducer(double ddof, bool root, bool skipNaN, DType result) : Reducer
{
    public override DType Input => DType.Float64;

    public override DType Result => result;

    public override string Token => ArrayToken.Of(ddof, root, skipNaN);

    public override NDArray[] Start(int[] shape)
    {
        var parts = new NDArray<double>[] { new(shape), new(shape), new(shape) };
        foreach (var part in parts)
        {
            part.Data.Clear();
        }

        return parts;
    }

    public override void Fold(byte* tile, byte** parts, long offset, int rows, int columns, long rowStep, long columnStep)
    {
        var x = (double*)tile;
        var count = (double*)parts[0] + offset;
        var mean = (double*)parts[1] + offset;
        var squares = (double*)parts[2] + offset;
        if (rowStep == 0 && columnStep == 0)
        {
            Join(count, mean, squares, Run(new ReadOnlySpan<double>(x, rows * columns)));
            return;
        }

        for (var row = 0; row < rows; row++, x += columns, count += rowStep, mean += rowStep, squares += rowStep)
        {
            if (columnStep == 0)
            {
                Join(count, mean, squares, Run(new ReadOnlySpan<double>(x, columns)));
            }
            else if (columnStep == 1 && !skipNaN)
            {
                Each(x, count, mean, squares, columns);
            }
            else
            {
                for (long column = 0; column < columns; column++)
                {
                    var place = column * columnStep;
                    if (!skipNaN || !double.IsNaN(x[column]))
                    {
                        Join(count + place, mean + place, squares + place, (1, x[column], 0));
                    }
                }
            }
        }
    }

    public override void Merge(NDArray[] into, NDArray[] from)
    {
        Span<double> n = ((NDArray<double>)into[0]).Data, mean = ((NDArray<double>)into[1]).Data, squares = ((NDArray<double>)into[2]).Data;
        ReadOnlySpan<double> n2 = ((NDArray<double>)from[0]).Span, mean2 = ((NDArray<double>)from[1]).Span, squares2 = ((NDArray<double>)from[2]).Span;
        for (var i = 0; i < n.Length; i++)
        {
            Join(ref n[i], ref mean[i], ref squares[i], (n2[i], mean2[i], squares2[i]));
        }
    }

    public override NDArray Finish(NDArray[] parts)
    {
        var answer = new NDArray<double>(parts[0].Dimensions);
        ReadOnlySpan<double> n = ((NDArray<double>)parts[0]).Span, squares = ((NDArray<double>)parts[2]).Span;
        for (var i = 0; i < n.Length; i++)
        {
            var divisor = n[i] - ddof;
            var variance = (skipNaN && divisor <= 0) || n[i] == 0 ? double.NaN : squares[i] / Math.Max(0, divisor);
            answer.Data[i] = root ? Math.Sqrt(variance) : variance;
        }

        return answer.AsType(result);
    }

    private static void Join(double* n, double* mean, double* squares, (double N, double Mean, double Squares) other) =>
        Join(ref *n, ref *mean, ref *squares, other);

    private static void Join(ref double n, ref double mean, ref double squares, (double N, double Mean, double Squares) other)
    {
        if (other.N == 0)
        {
            return;
        }

        var total = n + other.N;
        var apart = other.Mean - mean;
        mean += apart * (other.N / total);
        squares += other.Squares + (apart * apart * (n * other.N / total));
        n = total;
    }

    private (double N, double Mean, double Squares) Run(ReadOnlySpan<double> x)
    {
        if (skipNaN)
        {
            double n = 0, mean = 0, squares = 0;
            foreach (var value in x)
            {
                if (!double.IsNaN(value))
                {
                    Join(ref n, ref mean, ref squares, (1, value, 0));
                }
            }

            return (n, mean, squares);
        }

        var origin = x[0];
        var (s1, s2) = Sums(x, origin);
        return (x.Length, origin + (s1 / x.Length), Math.Max(0, s2 - (s1 * s1 / x.Length)) + (double.IsNaN(s2) ? double.NaN : 0));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (double Sum, double Squares) Sums(ReadOnlySpan<double> x, double origin)
    {
        double s1 = 0, s2 = 0;
        var i = 0;
        ref var start = ref System.Runtime.InteropServices.MemoryMarshal.GetReference(x);
        if (Vector512.IsHardwareAccelerated && x.Length >= 32)
        {
            var shift = Vector512.Create(origin);
            Vector512<double> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
            for (; i + 32 <= x.Length; i += 32)
            {
                var d0 = Vector512.LoadUnsafe(ref start, (nuint)i) - shift;
                var d1 = Vector512.LoadUnsafe(ref start, (nuint)i + 8) - shift;
                var d2 = Vector512.LoadUnsafe(ref start, (nuint)i + 16) - shift;
                var d3 = Vector512.LoadUnsafe(ref start, (nuint)i + 24) - shift;
                a0 += d0;
                a1 += d1;
                a2 += d2;
                a3 += d3;
                b0 = Vector512.FusedMultiplyAdd(d0, d0, b0);
                b1 = Vector512.FusedMultiplyAdd(d1, d1, b1);
                b2 = Vector512.FusedMultiplyAdd(d2, d2, b2);
                b3 = Vector512.FusedMultiplyAdd(d3, d3, b3);
            }

            s1 = Vector512.Sum(a0 + a1 + (a2 + a3));
            s2 = Vector512.Sum(b0 + b1 + (b2 + b3));
        }

        for (; i < x.Length; i++)
        {
            var d = x[i] - origin;
            s1 += d;
            s2 += d * d;
        }

        return (s1, s2);
    }

    /// <summary>One row into as many places, all of which have seen the same number of rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Each(double* x, double* count, double* mean, double* squares, int columns)
    {
        var total = count[0] + 1;
        var share = 1 / total;
        var column = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            var shares = Vector512.Create(share);
            for (; column + 8 <= columns; column += 8)
            {
                var value = Vector512.Load(x + column);
                var before = Vector512.Load(mean + column);
                var apart = value - before;
                var after = Vector512.FusedMultiplyAdd(apart, shares, before);
                after.Store(mean + column);
                Vector512.FusedMultiplyAdd(apart, value - after, Vector512.Load(squares + column)).Store(squares + column);
            }
        }

        for (; column < columns; column++)
        {
            var apart = x[column] - mean[column];
            mean[column] += apart * share;
            squares[column] += apart * (x[column] - mean[column]);
        }

        new Span<double>(count, columns).Fill(total);
    }
}
