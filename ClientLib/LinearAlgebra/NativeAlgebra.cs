using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Orleans.Dask.LinearAlgebra;

/// <summary>
/// LAPACK by its Fortran names. Fortran reads our rows as columns: it sees every matrix transposed, and each call below
/// is written for the transposed problem, so that only QR and LU need a copy turned round.
/// </summary>
internal sealed unsafe class NativeAlgebra<T> : DenseAlgebra<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly delegate* unmanaged[Cdecl]<byte*, byte*, int*, int*, int*, T*, T*, int*, T*, int*, T*, T*, int*, void> _gemm;
    private readonly delegate* unmanaged[Cdecl]<int*, int*, T*, int*, T*, T*, int*, int*, void> _geqrf;
    private readonly delegate* unmanaged[Cdecl]<int*, int*, int*, T*, int*, T*, T*, int*, int*, void> _orgqr;
    private readonly delegate* unmanaged[Cdecl]<byte*, int*, int*, T*, int*, T*, T*, int*, T*, int*, T*, int*, int*, int*, void> _gesdd;
    private readonly delegate* unmanaged[Cdecl]<byte*, int*, T*, int*, int*, void> _potrf;
    private readonly delegate* unmanaged[Cdecl]<int*, int*, T*, int*, int*, int*, void> _getrf;
    private readonly delegate* unmanaged[Cdecl]<byte*, byte*, byte*, byte*, int*, int*, T*, T*, int*, T*, int*, void> _trsm;

    public NativeAlgebra(nint library, char precision)
    {
        _gemm = (delegate* unmanaged[Cdecl]<byte*, byte*, int*, int*, int*, T*, T*, int*, T*, int*, T*, T*, int*, void>)Export("gemm_");
        _geqrf = (delegate* unmanaged[Cdecl]<int*, int*, T*, int*, T*, T*, int*, int*, void>)Export("geqrf_");
        _orgqr = (delegate* unmanaged[Cdecl]<int*, int*, int*, T*, int*, T*, T*, int*, int*, void>)Export("orgqr_");
        _gesdd = (delegate* unmanaged[Cdecl]<byte*, int*, int*, T*, int*, T*, T*, int*, T*, int*, T*, int*, int*, int*, void>)Export("gesdd_");
        _potrf = (delegate* unmanaged[Cdecl]<byte*, int*, T*, int*, int*, void>)Export("potrf_");
        _getrf = (delegate* unmanaged[Cdecl]<int*, int*, T*, int*, int*, int*, void>)Export("getrf_");
        _trsm = (delegate* unmanaged[Cdecl]<byte*, byte*, byte*, byte*, int*, int*, T*, T*, int*, T*, int*, void>)Export("trsm_");

        nint Export(string routine) => NativeLibrary.GetExport(library, precision + routine);
    }

    public override string Name => "OpenBLAS";

    public override void MultiplyAdd(int m, int n, int k, ReadOnlySpan<T> a, int lda, ReadOnlySpan<T> b, int ldb, Span<T> c, int ldc)
    {
        if (m == 0 || n == 0 || k == 0)
        {
            return;
        }

        byte asIs = (byte)'N';
        var one = T.One;
        fixed (T* pa = a, pb = b, pc = c)
        {
            _gemm(&asIs, &asIs, &n, &m, &k, &one, pb, &ldb, pa, &lda, &one, pc, &ldc);
        }
    }

    public override (T[] Q, T[] R) Qr(ReadOnlySpan<T> a, int m, int n)
    {
        var rank = Math.Min(m, n);
        var (q, r) = (GC.AllocateUninitializedArray<T>(m * rank), new T[rank * n]);
        if (rank == 0)
        {
            return (q, r);
        }

        // As large as the matrix, and of no use afterwards.
        var columns = ArrayPool<T>.Shared.Rent(m * n);
        Turn(a, m, n, columns);
        var tau = new T[rank];
        fixed (T* pa = columns, ptau = tau)
        {
            T wanted;
            int info, query = -1;
            _geqrf(&m, &n, pa, &m, ptau, &wanted, &query, &info);
            var size = int.CreateChecked(wanted);
            var work = new T[size];
            fixed (T* pwork = work)
            {
                _geqrf(&m, &n, pa, &m, ptau, pwork, &size, &info);
            }

            for (var i = 0; i < rank; i++)
            {
                for (var j = i; j < n; j++)
                {
                    r[(i * n) + j] = columns[(j * m) + i];
                }
            }

            _orgqr(&m, &rank, &rank, pa, &m, ptau, &wanted, &query, &info);
            size = int.CreateChecked(wanted);
            work = new T[size];
            fixed (T* pwork = work)
            {
                _orgqr(&m, &rank, &rank, pa, &m, ptau, pwork, &size, &info);
            }
        }

        Turn(columns.AsSpan(0, m * rank), rank, m, q);
        ArrayPool<T>.Shared.Return(columns);
        return (q, r);
    }

    public override (T[] U, T[] S, T[] Vt) Svd(ReadOnlySpan<T> a, int m, int n)
    {
        var rank = Math.Min(m, n);
        var (u, s, vt) = (new T[m * rank], new T[rank], new T[rank * n]);
        if (rank == 0)
        {
            return (u, s, vt);
        }

        RefuseNonFinite(a);
        var copy = a.ToArray();
        byte reduced = (byte)'S';
        int info, query = -1;
        fixed (T* pa = copy, pu = u, ps = s, pvt = vt)
        fixed (int* integers = new int[8 * rank])
        {
            // Fortran sees Aᵀ = V S Uᵀ: its left vectors are our Vᵀ by rows, its right ones our U.
            T wanted;
            _gesdd(&reduced, &n, &m, pa, &n, ps, pvt, &n, pu, &rank, &wanted, &query, integers, &info);
            var size = int.CreateChecked(wanted);
            fixed (T* work = new T[size])
            {
                _gesdd(&reduced, &n, &m, pa, &n, ps, pvt, &n, pu, &rank, work, &size, integers, &info);
            }
        }

        return info == 0 ? (u, s, vt)
            : throw new LinearAlgebraException($"The SVD of a {m} x {n} matrix did not converge (gesdd: {info}).");
    }

    public override T[] Cholesky(ReadOnlySpan<T> a, int n)
    {
        var l = a[..(n * n)].ToArray();
        byte upper = (byte)'U';
        int info = 0;
        fixed (T* pl = l)
        {
            if (n > 0)
            {
                _potrf(&upper, &n, pl, &n, &info);
            }
        }

        if (info != 0)
        {
            throw new LinearAlgebraException($"The {n} x {n} matrix is not positive definite: its leading minor of order {info} is not.");
        }

        for (var i = 0; i < n; i++)
        {
            l.AsSpan((i * n) + i + 1, n - i - 1).Clear();
        }

        return l;
    }

    public override (T[] Packed, int[] Rows) Lu(ReadOnlySpan<T> a, int m, int n)
    {
        var columns = Turned(a, m, n);
        var swaps = new int[Math.Min(m, n)];
        int info;
        fixed (T* pa = columns)
        fixed (int* pswaps = swaps)
        {
            if (swaps.Length > 0)
            {
                _getrf(&m, &n, pa, &m, pswaps, &info);
            }
        }

        var rows = Enumerable.Range(0, m).ToArray();
        for (var i = 0; i < swaps.Length; i++)
        {
            (rows[i], rows[swaps[i] - 1]) = (rows[swaps[i] - 1], rows[i]);
        }

        return (Turned(columns, n, m), rows);
    }

    public override T[] SolveTriangular(ReadOnlySpan<T> a, int n, ReadOnlySpan<T> b, int columns, bool lower, bool unitDiagonal)
    {
        if (!unitDiagonal)
        {
            RefuseZeroDiagonal(a, n, "is singular");
        }

        var x = b[..(n * columns)].ToArray();
        if (x.Length == 0)
        {
            return x;
        }

        // A X = B seen transposed: Xᵀ Aᵀ = Bᵀ, where a lower A is an upper Aᵀ.
        byte right = (byte)'R', triangle = (byte)(lower ? 'U' : 'L'), asIs = (byte)'N', diagonal = (byte)(unitDiagonal ? 'U' : 'N');
        var one = T.One;
        fixed (T* pa = a, px = x)
        {
            _trsm(&right, &triangle, &asIs, &diagonal, &columns, &n, &one, pa, &n, px, &columns);
        }

        return x;
    }

    /// <summary>gesdd loops for ever on NaN in some versions, so it never sees one.</summary>
    private static void RefuseNonFinite(ReadOnlySpan<T> a)
    {
        foreach (var value in a)
        {
            if (!T.IsFinite(value))
            {
                throw new LinearAlgebraException($"The SVD of a matrix with {value} in it does not converge. Remove or replace what is not finite.");
            }
        }
    }

    private static T[] Turned(ReadOnlySpan<T> a, int rows, int columns)
    {
        var turned = new T[rows * columns];
        Turn(a, rows, columns, turned);
        return turned;
    }

    /// <summary>Transposes in tiles, so that both sides stay in the cache.</summary>
    private static void Turn(ReadOnlySpan<T> a, int rows, int columns, Span<T> turned)
    {
        const int Tile = 16;
        for (var i0 = 0; i0 < rows; i0 += Tile)
        {
            var i1 = Math.Min(i0 + Tile, rows);
            for (var j0 = 0; j0 < columns; j0 += Tile)
            {
                var j1 = Math.Min(j0 + Tile, columns);
                for (var i = i0; i < i1; i++)
                {
                    for (var j = j0; j < j1; j++)
                    {
                        turned[(j * rows) + i] = a[(i * columns) + j];
                    }
                }
            }
        }
    }
}
