using System.Numerics;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Orleans.Dask.LinearAlgebra;

/// <summary>Where no native library is: products by our own kernel, factorisations by MathNet.Numerics.</summary>
internal sealed class ManagedAlgebra<T> : DenseAlgebra<T>
    where T : unmanaged, INumberBase<T>, IEquatable<T>, IFormattable
{
    public static ManagedAlgebra<T> Instance { get; } = new();

    public override string Name => "managed";

    public override void MultiplyAdd(int m, int n, int k, ReadOnlySpan<T> a, int lda, ReadOnlySpan<T> b, int ldb, Span<T> c, int ldc)
    {
        if (typeof(T) == typeof(double) || typeof(T) == typeof(float))
        {
            MatrixMultiply.Add(m, n, k, a, lda, b, ldb, c, ldc);
        }
        else
        {
            MatrixMultiply.AddPlain(m, n, k, a, lda, b, ldb, c, ldc);
        }
    }

    public override (T[] Q, T[] R) Qr(ReadOnlySpan<T> a, int m, int n)
    {
        var rank = Math.Min(m, n);
        if (rank == 0)
        {
            return ([], []);
        }

        if (m >= n)
        {
            var thin = Matrix(a, m, n).QR(QRMethod.Thin);
            return (Rows(thin.Q), Rows(thin.R));
        }

        // MathNet takes tall matrices only: the first square gives Q, and R is Qᴴ A.
        var q = Matrix(a, m, n).SubMatrix(0, m, 0, m).QR(QRMethod.Thin).Q;
        var r = q.ConjugateTransposeThisAndMultiply(Matrix(a, m, n));
        r.MapIndexedInplace((i, j, value) => j < i ? T.Zero : value);
        return (Rows(q), Rows(r));
    }

    public override (T[] U, T[] S, T[] Vt) Svd(ReadOnlySpan<T> a, int m, int n)
    {
        var rank = Math.Min(m, n);
        if (rank == 0)
        {
            return ([], [], []);
        }

        foreach (var value in a)
        {
            if (!T.IsFinite(value))
            {
                throw new LinearAlgebraException($"The SVD of a matrix with {value} in it does not converge. Remove or replace what is not finite.");
            }
        }

        var svd = Matrix(a, m, n).Svd(computeVectors: true);
        return (Rows(svd.U.SubMatrix(0, m, 0, rank)), svd.S.ToArray(), Rows(svd.VT.SubMatrix(0, rank, 0, n)));
    }

    public override T[] Cholesky(ReadOnlySpan<T> a, int n)
    {
        if (n == 0)
        {
            return [];
        }

        // MathNet looks at both triangles; the lower one decides here, as in LAPACK.
        var matrix = Matrix(a, n, n);
        var symmetric = matrix.LowerTriangle() + matrix.StrictlyLowerTriangle().ConjugateTranspose();
        try
        {
            return Rows(symmetric.Cholesky().Factor);
        }
        catch (ArgumentException e)
        {
            throw new LinearAlgebraException($"The {n} x {n} matrix is not positive definite.", e);
        }
    }

    /// <remarks>By panels of columns: a panel is eliminated row by row, the columns right of it are updated by one product.</remarks>
    public override (T[] Packed, int[] Rows) Lu(ReadOnlySpan<T> a, int m, int n)
    {
        const int Panel = 32;
        var lu = a[..(m * n)].ToArray();
        var rows = Enumerable.Range(0, m).ToArray();
        var rank = Math.Min(m, n);
        for (var first = 0; first < rank; first += Panel)
        {
            var last = Math.Min(first + Panel, rank);
            for (var k = first; k < last; k++)
            {
                var pivot = k;
                for (var i = k + 1; i < m; i++)
                {
                    pivot = T.IsNaN(lu[(i * n) + k]) || T.MaxMagnitude(lu[(i * n) + k], lu[(pivot * n) + k]) == lu[(pivot * n) + k] ? pivot : i;
                }

                if (pivot != k)
                {
                    var x = lu.AsSpan(k * n, n);
                    var y = lu.AsSpan(pivot * n, n);
                    for (var j = 0; j < n; j++)
                    {
                        (x[j], y[j]) = (y[j], x[j]);
                    }

                    (rows[k], rows[pivot]) = (rows[pivot], rows[k]);
                }

                var divisor = lu[(k * n) + k];
                if (T.IsZero(divisor))
                {
                    continue;
                }

                for (var i = k + 1; i < m; i++)
                {
                    var factor = lu[(i * n) + k] /= divisor;
                    for (var j = k + 1; j < last; j++)
                    {
                        lu[(i * n) + j] -= factor * lu[(k * n) + j];
                    }
                }
            }

            // Right of the panel: its own rows by substitution, the rows below by a product.
            for (var i = first + 1; i < last; i++)
            {
                for (var k = first; k < i; k++)
                {
                    var factor = lu[(i * n) + k];
                    for (var j = last; j < n; j++)
                    {
                        lu[(i * n) + j] -= factor * lu[(k * n) + j];
                    }
                }
            }

            if (last < m && last < n)
            {
                var left = new T[(m - last) * (last - first)];
                for (var i = last; i < m; i++)
                {
                    for (var k = first; k < last; k++)
                    {
                        left[((i - last) * (last - first)) + k - first] = -lu[(i * n) + k];
                    }
                }

                MultiplyAdd(m - last, n - last, last - first, left, last - first, lu.AsSpan((first * n) + last), n, lu.AsSpan((last * n) + last), n);
            }
        }

        return (lu, rows);
    }

    public override T[] SolveTriangular(ReadOnlySpan<T> a, int n, ReadOnlySpan<T> b, int columns, bool lower, bool unitDiagonal)
    {
        if (!unitDiagonal)
        {
            RefuseZeroDiagonal(a, n, "is singular");
        }

        var x = b[..(n * columns)].ToArray();
        for (var step = 0; step < n; step++)
        {
            var i = lower ? step : n - 1 - step;
            var row = x.AsSpan(i * columns, columns);
            var (from, to) = lower ? (0, i) : (i + 1, n);
            for (var j = from; j < to; j++)
            {
                var factor = a[(i * n) + j];
                var known = x.AsSpan(j * columns, columns);
                for (var p = 0; p < row.Length; p++)
                {
                    row[p] -= factor * known[p];
                }
            }

            if (!unitDiagonal)
            {
                var pivot = a[(i * n) + i];
                for (var p = 0; p < row.Length; p++)
                {
                    row[p] /= pivot;
                }
            }
        }

        return x;
    }

    private static Matrix<T> Matrix(ReadOnlySpan<T> a, int m, int n) =>
        Matrix<T>.Build.DenseOfRowMajor(m, n, a[..(m * n)].ToArray());

    private static T[] Rows(Matrix<T> matrix) => matrix.ToRowMajorArray();
}
