using System.Numerics;

namespace Orleans.Dask.LinearAlgebra;

/// <summary>
/// Dense linear algebra on one chunk: matrices are row-major and contiguous, given as spans with their sizes.
/// OpenBLAS and its LAPACK do the work when they are found, managed code otherwise; both give the same answers.
/// </summary>
/// <typeparam name="T"><see cref="double"/>, <see cref="float"/> or <see cref="Complex"/>.</typeparam>
internal abstract class DenseAlgebra<T>
    where T : unmanaged, INumberBase<T>
{
    private static DenseAlgebra<T>? s_current;

    /// <summary>What this process uses: native when found. Tests set it, to ask both.</summary>
    public static DenseAlgebra<T> Current
    {
        get => s_current ??= (DenseAlgebra<T>?)OpenBlas.TryCreate<T>() ?? ManagedAlgebra<T>.Instance;
        set => s_current = value;
    }

    /// <summary>For people: "OpenBLAS" or "managed".</summary>
    public abstract string Name { get; }

    /// <summary>C += A B with A (m, k), B (k, n), C (m, n); a row of each is <c>lda</c>, <c>ldb</c>, <c>ldc</c> elements after the one before.</summary>
    public abstract void MultiplyAdd(int m, int n, int k, ReadOnlySpan<T> a, int lda, ReadOnlySpan<T> b, int ldb, Span<T> c, int ldc);

    /// <summary>Reduced QR of A (m, n): Q (m, min) and R (min, n).</summary>
    public abstract (T[] Q, T[] R) Qr(ReadOnlySpan<T> a, int m, int n);

    /// <summary>Reduced SVD of A (m, n): U (m, min), singular values in falling order, V transposed (and conjugated) (min, n).</summary>
    public abstract (T[] U, T[] S, T[] Vt) Svd(ReadOnlySpan<T> a, int m, int n);

    /// <summary>L with L Lᴴ = A; reads the lower triangle only.</summary>
    /// <exception cref="LinearAlgebraException">Not positive definite.</exception>
    public abstract T[] Cholesky(ReadOnlySpan<T> a, int n);

    /// <summary>P A = L U of A (m, n) with partial pivoting, L (unit) and U packed in one (m, n) matrix; <c>Rows[i]</c> is the row of A that stands at i.</summary>
    /// <remarks>A singular matrix has a zero on U's diagonal; it is no error here.</remarks>
    public abstract (T[] Packed, int[] Rows) Lu(ReadOnlySpan<T> a, int m, int n);

    /// <summary>X with A X = B for triangular A (n, n) and B (n, columns).</summary>
    /// <exception cref="LinearAlgebraException">A zero on the diagonal.</exception>
    public abstract T[] SolveTriangular(ReadOnlySpan<T> a, int n, ReadOnlySpan<T> b, int columns, bool lower, bool unitDiagonal);

    /// <summary>X with A X = B for square A (n, n) and B (n, columns).</summary>
    /// <exception cref="LinearAlgebraException">A is singular.</exception>
    public T[] Solve(ReadOnlySpan<T> a, int n, ReadOnlySpan<T> b, int columns)
    {
        var (packed, rows) = Lu(a, n, n);
        RefuseZeroDiagonal(packed, n, "is singular");
        var x = new T[n * columns];
        for (var i = 0; i < n; i++)
        {
            b.Slice(rows[i] * columns, columns).CopyTo(x.AsSpan(i * columns));
        }

        x = SolveTriangular(packed, n, x, columns, lower: true, unitDiagonal: true);
        return SolveTriangular(packed, n, x, columns, lower: false, unitDiagonal: false);
    }

    /// <summary>The inverse of A (n, n).</summary>
    /// <exception cref="LinearAlgebraException">A is singular.</exception>
    public T[] Inverse(ReadOnlySpan<T> a, int n)
    {
        var identity = new T[n * n];
        for (var i = 0; i < n; i++)
        {
            identity[(i * n) + i] = T.One;
        }

        return Solve(a, n, identity, n);
    }

    protected static void RefuseZeroDiagonal(ReadOnlySpan<T> a, int n, string what)
    {
        for (var i = 0; i < n; i++)
        {
            if (T.IsZero(a[(i * n) + i]))
            {
                throw new LinearAlgebraException($"The {n} x {n} matrix {what}: pivot {i} is zero.");
            }
        }
    }
}
