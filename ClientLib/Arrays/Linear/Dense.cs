using System.Numerics;
using Orleans.Dask.LinearAlgebra;

namespace Orleans.Dask.Arrays;

/// <summary>Linear algebra of one block in memory.</summary>
internal static class Dense
{
    public static NDArray Multiply<T>(NDArray left, NDArray right)
        where T : unmanaged, INumberBase<T>
    {
        int m = left.Dimensions[0], k = left.Dimensions[1], n = right.Dimensions[1];
        var result = new NDArray<T>([m, n]);
        result.Data.Clear();
        if (m > 0 && k > 0 && n > 0)
        {
            DenseAlgebra<T>.Current.MultiplyAdd(m, n, k, ((NDArray<T>)left).Span, k, ((NDArray<T>)right).Span, n, result.Data, n);
        }

        return result;
    }

    /// <summary>U, singular values in falling order, V transposed.</summary>
    public static NDArray[] Svd<T>(NDArray matrix)
        where T : unmanaged, INumberBase<T>
    {
        int m = matrix.Dimensions[0], n = matrix.Dimensions[1], k = Math.Min(m, n);
        var (u, s, vt) = DenseAlgebra<T>.Current.Svd(((NDArray<T>)matrix).Span, m, n);
        return [new NDArray<T>(u, [m, k]), new NDArray<T>(s, [k]), new NDArray<T>(vt, [k, n])];
    }

    /// <summary>P, L, U with P L U = A.</summary>
    public static NDArray[] Lu<T>(NDArray matrix)
        where T : unmanaged, INumberBase<T>
    {
        var n = matrix.Dimensions[0];
        var (packed, rows) = DenseAlgebra<T>.Current.Lu(((NDArray<T>)matrix).Span, n);
        NDArray<T> p = new([n, n]), l = new([n, n]), u = new([n, n]);
        p.Data.Clear();
        l.Data.Clear();
        u.Data.Clear();
        for (var i = 0; i < n; i++)
        {
            p.Data[(rows[i] * n) + i] = T.One;
            l.Data[(i * n) + i] = T.One;
            for (var j = 0; j < n; j++)
            {
                (j < i ? l : u).Data[(i * n) + j] = packed[(i * n) + j];
            }
        }

        return [p, l, u];
    }

    public static NDArray Solve<T>(NDArray a, NDArray b)
        where T : unmanaged, INumberBase<T>
    {
        var n = a.Dimensions[0];
        var x = DenseAlgebra<T>.Current.Solve(((NDArray<T>)a).Span, n, ((NDArray<T>)b).Span, n == 0 ? 0 : b.Size / n);
        return new NDArray<T>(x, b.Dimensions);
    }

    public static NDArray SolveTriangular<T>(NDArray a, NDArray b, bool lower)
        where T : unmanaged, INumberBase<T>
    {
        var n = a.Dimensions[0];
        var x = DenseAlgebra<T>.Current.SolveTriangular(((NDArray<T>)a).Span, n, ((NDArray<T>)b).Span, n == 0 ? 0 : b.Size / n, lower, unitDiagonal: false);
        return new NDArray<T>(x, b.Dimensions);
    }

    public static NDArray Inverse<T>(NDArray a)
        where T : unmanaged, INumberBase<T> =>
        new NDArray<T>(DenseAlgebra<T>.Current.Inverse(((NDArray<T>)a).Span, a.Dimensions[0]), a.Dimensions);

    public static NDArray Cholesky<T>(NDArray a, bool lower)
        where T : unmanaged, INumberBase<T>
    {
        var l = new NDArray<T>(DenseAlgebra<T>.Current.Cholesky(((NDArray<T>)a).Span, a.Dimensions[0]), a.Dimensions);
        return lower ? l : Elementwise.Call("conj", l.T);
    }

    public static NDArray Determinant<T>(NDArray a)
        where T : unmanaged, INumberBase<T>
    {
        var n = a.Dimensions[0];
        var (packed, rows) = DenseAlgebra<T>.Current.Lu(((NDArray<T>)a).Span, n);
        var determinant = T.One;
        var seen = new bool[n];
        for (var i = 0; i < n; i++)
        {
            determinant *= packed[(i * n) + i];

            // Every cycle of even length turns the sign.
            for (var (j, length) = (i, 0); !seen[j]; j = rows[j])
            {
                seen[j] = true;
                determinant = ++length % 2 == 0 ? -determinant : determinant;
            }
        }

        return new NDArray<T>([determinant], []);
    }
}
