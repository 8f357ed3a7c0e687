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

    /// <summary>C - A B.</summary>
    public static NDArray Subtract<T>(NDArray c, NDArray a, NDArray b)
        where T : unmanaged, INumberBase<T>
    {
        int m = a.Dimensions[0], k = a.Dimensions[1], n = b.Dimensions[1];
        var result = (NDArray<T>)Elementwise.Call("negative", c);
        if (m > 0 && k > 0 && n > 0)
        {
            DenseAlgebra<T>.Current.MultiplyAdd(m, n, k, ((NDArray<T>)a).Span, k, ((NDArray<T>)b).Span, n, result.Data, n);
        }

        return Elementwise.Call("negative", result);
    }

    /// <summary>Transposed and conjugated.</summary>
    public static NDArray Adjoint(NDArray matrix) => matrix.DType == DType.Complex128 ? Elementwise.Call("conj", matrix.T) : matrix.T;

    /// <summary>One above the other.</summary>
    public static NDArray<T> Stack<T>(NDArray top, NDArray bottom)
        where T : unmanaged
    {
        NDArray<T> result = new([top.Dimensions[0] + bottom.Dimensions[0], top.Dimensions[1]]);
        ((NDArray<T>)top).Span.CopyTo(result.Data);
        ((NDArray<T>)bottom).Span.CopyTo(result.Data[top.Size..]);
        return result;
    }

    /// <summary>Ones on the diagonal.</summary>
    public static NDArray<T> Identity<T>(int rows, int columns)
        where T : unmanaged, INumberBase<T>
    {
        var result = NDArray.Zeros<T>(rows, columns);
        for (var i = 0; i < Math.Min(rows, columns); i++)
        {
            result.Data[(i * columns) + i] = T.One;
        }

        return result;
    }

    /// <summary>Q (m, m) and R (n, n) of a matrix (m, n) that is not wide.</summary>
    public static NDArray[] FullQr<T>(NDArray matrix)
        where T : unmanaged, INumberBase<T>
    {
        int m = matrix.Dimensions[0], n = matrix.Dimensions[1];

        // Beside the identity every direction is there, so the reduced Q is square; what stands where the matrix was is R.
        var wide = new NDArray<T>([m, n + m]);
        var source = ((NDArray<T>)matrix).Span;
        for (var i = 0; i < m; i++)
        {
            var row = wide.Data.Slice(i * (n + m), n + m);
            source.Slice(i * n, n).CopyTo(row);
            row[n..].Clear();
            row[n + i] = T.One;
        }

        var (q, r) = DenseAlgebra<T>.Current.Qr(wide.Data, m, n + m);
        var upper = new NDArray<T>([n, n]);
        for (var i = 0; i < n; i++)
        {
            r.AsSpan(i * (n + m), n).CopyTo(upper.Data[(i * n)..]);
        }

        return [new NDArray<T>(q, [m, m]), upper];
    }

    /// <summary>U, singular values in falling order, V transposed.</summary>
    public static NDArray[] Svd<T>(NDArray matrix)
        where T : unmanaged, INumberBase<T>
    {
        int m = matrix.Dimensions[0], n = matrix.Dimensions[1], k = Math.Min(m, n);
        var (u, s, vt) = DenseAlgebra<T>.Current.Svd(((NDArray<T>)matrix).Span, m, n);
        return [new NDArray<T>(u, [m, k]), new NDArray<T>(s, [k]), new NDArray<T>(vt, [k, n])];
    }

    /// <summary>The unit lower, or the upper triangle of a packed LU.</summary>
    public static NDArray Triangle<T>(NDArray packed, bool lower)
        where T : unmanaged, INumberBase<T>
    {
        var n = packed.Dimensions[0];
        var result = (NDArray<T>)Strided.Copy(packed);
        for (var i = 0; i < n; i++)
        {
            var row = result.Data.Slice(i * n, n);
            (lower ? row[i..] : row[..i]).Clear();
            row[i] = lower ? T.One : row[i];
        }

        return result;
    }

    public static NDArray SolveTriangular<T>(NDArray a, NDArray b, bool lower, bool unitDiagonal = false)
        where T : unmanaged, INumberBase<T>
    {
        var n = a.Dimensions[0];
        var x = DenseAlgebra<T>.Current.SolveTriangular(((NDArray<T>)a).Span, n, ((NDArray<T>)b).Span, n == 0 ? 0 : b.Size / n, lower, unitDiagonal);
        return new NDArray<T>(x, b.Dimensions);
    }

    public static NDArray Cholesky<T>(NDArray a, bool lower)
        where T : unmanaged, INumberBase<T>
    {
        var l = new NDArray<T>(DenseAlgebra<T>.Current.Cholesky(((NDArray<T>)a).Span, a.Dimensions[0]), a.Dimensions);
        return lower ? l : Elementwise.Call("conj", l.T);
    }

    /// <summary>Of LU tiles on the diagonal, and the order of the rows.</summary>
    public static NDArray Determinant<T>(long[] rows, NDArray[] diagonal)
        where T : unmanaged, INumberBase<T>
    {
        var determinant = T.One;
        foreach (var tile in diagonal)
        {
            var n = tile.Dimensions[0];
            var packed = ((NDArray<T>)tile).Span;
            for (var i = 0; i < n; i++)
            {
                determinant *= packed[(i * n) + i];
            }
        }

        var seen = new bool[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            // Every cycle of even length turns the sign.
            for (var (j, length) = ((long)i, 0); !seen[j]; j = rows[j])
            {
                seen[j] = true;
                determinant = ++length % 2 == 0 ? -determinant : determinant;
            }
        }

        return new NDArray<T>([determinant], []);
    }
}
