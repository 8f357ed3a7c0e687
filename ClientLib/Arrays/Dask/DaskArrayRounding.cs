using System.Numerics;
using Orleans.Dask.Arrays;

namespace Orleans.Dask;

/// <summary>Rounding and comparing floating arrays.</summary>
public static class DaskArrayRounding
{
    /// <param name="array">The numbers.</param>
    extension<T>(DaskArray<T> array)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>To so many decimals (negative: tens, hundreds), ties to even.</summary>
        public DaskArray<T> Round(int decimals = 0)
        {
            var scale = T.CreateTruncating(Math.Pow(10, Math.Abs(decimals)));
            return decimals == 0 ? array.Rint() : decimals > 0 ? (array * scale).Rint() / scale : (array / scale).Rint() * scale;
        }

        /// <summary>NaN and infinities replaced: by 0, and by the largest and lowest finite numbers unless given.</summary>
        public DaskArray<T> NanToNum(double nan = 0, double? posinf = null, double? neginf = null)
        {
            var largest = T.CreateTruncating(array.DType == DType.Float16 ? (double)Half.MaxValue : array.DType == DType.Float32 ? float.MaxValue : double.MaxValue);
            var high = posinf is { } p ? T.CreateTruncating(p) : largest;
            var low = neginf is { } n ? T.CreateTruncating(n) : -largest;
            var filled = DaskArray.Where(array.IsNaN(), T.CreateTruncating(nan), array);
            return DaskArray.Where(array.IsPosInf(), high, DaskArray.Where(array.IsNegInf(), low, filled));
        }

        /// <summary>|x - y| &lt;= atol + rtol |y|; infinities are close when of one sign, NaN to NaN with <paramref name="equalNan"/>.</summary>
        public DaskArray<bool> IsClose(DaskArray<T> other, double rtol = 1e-5, double atol = 1e-8, bool equalNan = false)
        {
            var within = (array - other).Absolute().LessEqual(T.CreateTruncating(atol) + (T.CreateTruncating(rtol) * other.Absolute())) & other.IsFinite() & array.IsFinite();
            var close = within | array.Equal(other);
            return equalNan ? close | (array.IsNaN() & other.IsNaN()) : close;
        }

        /// <summary>Whether all elements are close.</summary>
        public DaskScalar<bool> AllClose(DaskArray<T> other, double rtol = 1e-5, double atol = 1e-8, bool equalNan = false) => array.IsClose(other, rtol, atol, equalNan).All();

        /// <summary>Central differences, one-sided at the ends: one array per axis.</summary>
        /// <param name="spacing">Distance of neighbours.</param>
        /// <param name="axis">Which axes.</param>
        /// <param name="edgeOrder">1 or 2: how exact the ends are.</param>
        public IReadOnlyList<DaskArray<T>> Gradient(double spacing = 1, Axes axis = default, int edgeOrder = 1) =>
            [.. axis.Resolve(array.Rank).Select(a => new DaskArray<T>(Differences.Gradient(array.Recipe, a, Differences.Even(Shapes.Known(array.Recipe, a), spacing), edgeOrder)))];

        /// <summary>Central differences with a distance per axis.</summary>
        public IReadOnlyList<DaskArray<T>> Gradient(double[] spacing, Axes axis = default, int edgeOrder = 1)
        {
            ArgumentNullException.ThrowIfNull(spacing);
            var axes = axis.Resolve(array.Rank);
            return spacing.Length == axes.Length
                ? [.. axes.Select((a, i) => new DaskArray<T>(Differences.Gradient(array.Recipe, a, Differences.Even(Shapes.Known(array.Recipe, a), spacing[i]), edgeOrder)))]
                : throw new ArrayException($"{spacing.Length} distances for {axes.Length} axes. Pass one for all, or one per axis.");
        }

        /// <summary>Central differences along one axis whose positions are at coordinates.</summary>
        public DaskArray<T> GradientAt(double[] coordinates, int axis, int edgeOrder = 1) =>
            new(Differences.Gradient(array.Recipe, Strided.Axis(axis, array.Rank), coordinates, edgeOrder));

        /// <summary>Covariance of the rows (columns unless <paramref name="rowvar"/>), with divisor n - 1, n with <paramref name="bias"/>, or n - ddof.</summary>
        public DaskArray<T> Cov(bool rowvar = true, bool bias = false, int? ddof = null)
        {
            var rows = array.Rank < 2 ? array.AtLeast2D() : rowvar || array.Shape[0] == 1 ? array : array.T;
            if (rows.Rank > 2)
            {
                throw new ShapeException($"Cov takes one axis or two, found shape {Strided.Text(array.Recipe.Shape)}.");
            }

            var apart = rows - rows.Mean(1, keepDims: true);
            var product = apart.MatMul(apart.T) / T.CreateTruncating(rows.Shape[1] - (ddof ?? (bias ? 0 : 1)));
            return array.Rank < 2 || product.Size == 1 ? product.Reshape([]) : product;
        }

        /// <summary>Covariance of these variables and others.</summary>
        public DaskArray<T> Cov(DaskArray<T> other, bool rowvar = true, bool bias = false, int? ddof = null)
        {
            var y = !rowvar && other.Rank > 1 ? other.T : other.AtLeast2D();
            var x = !rowvar && array.Rank > 1 && array.Shape[0] != 1 ? array.T : array.AtLeast2D();
            return DaskArray.Concatenate([x, y]).Cov(true, bias, ddof);
        }

        /// <summary>Correlation of the rows (columns unless <paramref name="rowvar"/>).</summary>
        public DaskArray<T> CorrCoef(bool rowvar = true)
        {
            var cov = array.Cov(rowvar);
            if (cov.Rank == 0)
            {
                return cov / cov;
            }

            var deviation = cov.Diagonal().Sqrt();
            return cov / deviation.ExpandDims(1) / deviation;
        }
    }
}

/// <summary>Rounding and comparing integer arrays, and statistics of them in double.</summary>
public static class DaskArrayIntegerRounding
{
    /// <param name="array">The numbers.</param>
    extension<T>(DaskArray<T> array)
        where T : unmanaged, IBinaryInteger<T>
    {
        /// <summary>To tens, hundreds, … for negative decimals; itself otherwise.</summary>
        public DaskArray<T> Round(int decimals = 0) => decimals >= 0 ? array : array.AsType<double>().Round(decimals).AsType<T>();

        /// <summary>Itself: integers are neither NaN nor infinite.</summary>
        public DaskArray<T> NanToNum(double nan = 0, double? posinf = null, double? neginf = null)
        {
            _ = (nan, posinf, neginf);
            return array;
        }

        /// <summary>|x - y| &lt;= atol + rtol |y|.</summary>
        public DaskArray<bool> IsClose(DaskArray<T> other, double rtol = 1e-5, double atol = 1e-8, bool equalNan = false) => array.AsType<double>().IsClose(other.AsType<double>(), rtol, atol, equalNan);

        /// <summary>Whether all elements are close.</summary>
        public DaskScalar<bool> AllClose(DaskArray<T> other, double rtol = 1e-5, double atol = 1e-8, bool equalNan = false) => array.IsClose(other, rtol, atol, equalNan).All();

        /// <summary>Central differences, as double.</summary>
        public IReadOnlyList<DaskArray<double>> Gradient(double spacing = 1, Axes axis = default, int edgeOrder = 1) => array.AsType<double>().Gradient(spacing, axis, edgeOrder);

        /// <summary>Central differences with a distance per axis, as double.</summary>
        public IReadOnlyList<DaskArray<double>> Gradient(double[] spacing, Axes axis = default, int edgeOrder = 1) => array.AsType<double>().Gradient(spacing, axis, edgeOrder);

        /// <summary>Central differences at coordinates, as double.</summary>
        public DaskArray<double> GradientAt(double[] coordinates, int axis, int edgeOrder = 1) => array.AsType<double>().GradientAt(coordinates, axis, edgeOrder);

        /// <summary>Covariance of the rows.</summary>
        public DaskArray<double> Cov(bool rowvar = true, bool bias = false, int? ddof = null) => array.AsType<double>().Cov(rowvar, bias, ddof);

        /// <summary>Covariance of these variables and others.</summary>
        public DaskArray<double> Cov(DaskArray<T> other, bool rowvar = true, bool bias = false, int? ddof = null) => array.AsType<double>().Cov(other.AsType<double>(), rowvar, bias, ddof);

        /// <summary>Correlation of the rows.</summary>
        public DaskArray<double> CorrCoef(bool rowvar = true) => array.AsType<double>().CorrCoef(rowvar);
    }
}

/// <summary>Differences of neighbours.</summary>
public static class DaskArrayDifferences
{
    /// <param name="array">The values.</param>
    extension<T>(DaskArray<T> array)
        where T : unmanaged
    {
        /// <summary>Differences of neighbours along an axis, n times; of masks: where they change.</summary>
        public DaskArray<T> Diff(int n = 1, int axis = -1)
        {
            if (n < 0)
            {
                throw new ArrayException($"Differences can't be taken {n} times. Pass 0 or more.");
            }

            var place = Strided.Axis(axis, array.Rank);
            var result = array;
            for (; n > 0; n--)
            {
                IndexItem[] upper = [.. Enumerable.Repeat(IndexItem.All, array.Rank)], lower = [.. upper];
                upper[place] = new Slice(1, null);
                lower[place] = new Slice(null, -1);
                result = array.DType == DType.Bool ? new(Element.Call("not_equal", result[upper].Recipe, result[lower].Recipe)) : result[upper].Subtract(result[lower]);
            }

            return result;
        }

        /// <summary>Differences after putting arrays or values before and after.</summary>
        public DaskArray<T> Diff(DaskArray<T> prepend, DaskArray<T> append, int n = 1, int axis = -1)
        {
            var place = Strided.Axis(axis, array.Rank);
            DaskArray<T> Slab(DaskArray<T> end)
            {
                var shape = (long[])array.Recipe.Shape.Clone();
                shape[place] = 1;
                return end.Rank == 0 ? end.BroadcastTo(shape) : end;
            }

            return DaskArray.Concatenate([Slab(prepend), array, Slab(append)], place).Diff(n, place);
        }

        /// <summary>Differences of neighbours of the flattened array, with values before and after.</summary>
        public DaskArray<T> EDiff1D(DaskArray<T>? toBegin = null, DaskArray<T>? toEnd = null)
        {
            var inner = array.Ravel().Diff();
            DaskArray<T>[] parts = [.. toBegin is null ? [] : new[] { toBegin.Ravel() }, inner, .. toEnd is null ? [] : new[] { toEnd.Ravel() }];
            return DaskArray.Concatenate(parts);
        }

        /// <summary>Sums, or whatever the function does, over one axis after the other; each stays with length 1.</summary>
        public DaskArray<T> ApplyOverAxes(Func<DaskArray<T>, int, DaskArray<T>> function, Axes axes)
        {
            ArgumentNullException.ThrowIfNull(function);
            return axes.Resolve(array.Rank).Aggregate(array, (x, axis) => function(x, axis) is var y && y.Rank < array.Rank ? y.ExpandDims(axis) : y);
        }
    }
}
