using System.Numerics;

namespace Orleans.Dask.Arrays;

/// <summary>
/// The singular value decomposition of a matrix pressed into few rows: an orthonormal basis Q of what A does to random
/// directions, and then the small matrix Qᴴ A.
/// </summary>
internal static class CompressedSvd
{
    /// <summary>The basis, after the first product and each repeat.</summary>
    public static IEnumerable<DaskArray<T>> Steps<T>(DaskArray<T> a, int k, int powers, int oversamples, string iterator, ulong? seed)
        where T : unmanaged, INumberBase<T>, ISignedNumber<T>
    {
        Check(a, k, powers, oversamples, iterator);
        return Products(a, k, powers, oversamples, iterator, seed, kept => kept);
    }

    public static async Task<DaskArray<T>> StepsAsync<T>(DaskArray<T> a, int k, int powers, int oversamples, string iterator, ulong? seed, IGraphScheduler? scheduler, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>, ISignedNumber<T>
    {
        Check(a, k, powers, oversamples, iterator);
        var last = a;
        foreach (var product in Products(a, k, powers, oversamples, iterator, seed, _ => last))
        {
            last = await product.PersistAsync(scheduler, cancellationToken);
        }

        return last;
    }

    public static (DaskArray<T> U, DaskArray<T> S, DaskArray<T> Vt) Finish<T>(DaskArray<T> a, DaskArray<T> basis, int k, bool coerceSigns)
        where T : unmanaged, INumberBase<T>, ISignedNumber<T>
    {
        var (small, s, vt) = basis.Conj().T.MatMul(a).Svd();
        var u = basis.MatMul(small)[.., ..k];
        (s, vt) = (s[..k], vt[..k, ..]);
        if (!coerceSigns)
        {
            return (u, s, vt);
        }

        // A sign of one's own for each pair of vectors; the product of both stays.
        var sums = new DaskArray<T>(ReduceLayers.Lower(u.Recipe, Reducers.Sum(a.DType), [0], keepDims: true, ReduceLayers.DefaultSplitEvery, "sum"));
        var signs = sums.MapBlocks(static block => new NDArray<T>(Array.ConvertAll(block.ToArray(), v => T.IsNegative(v) ? -T.One : T.One), block.Dimensions));
        return (u * signs, s, vt * signs.T);
    }

    /// <param name="a">The matrix.</param>
    /// <param name="k">Vectors wanted.</param>
    /// <param name="powers">Repeats.</param>
    /// <param name="oversamples">Directions beyond k.</param>
    /// <param name="iterator">"power" or "QR".</param>
    /// <param name="seed">Of the directions.</param>
    /// <param name="keep">What stands for a product once it was handed out.</param>
    private static IEnumerable<DaskArray<T>> Products<T>(DaskArray<T> a, int k, int powers, int oversamples, string iterator, ulong? seed, Func<DaskArray<T>, DaskArray<T>> keep)
        where T : unmanaged, INumberBase<T>, ISignedNumber<T>
    {
        var width = Math.Min(k + (long)oversamples, Math.Min(a.Shape[0], a.Shape[1]));
        var chunks = ChunkSpec.Explicit([a.Recipe.Chunks[1], [width]]);
        var seen = a.MatMul(DaskArray.Random.Normal((a.Shape[1], width), chunks, seed).AsType<T>());
        for (var i = 0; i < powers; i++)
        {
            seen = iterator == "QR" ? seen.Qr().Q : seen;
            yield return seen;
            seen = keep(seen);
            var turned = a.Conj().T.MatMul(seen);
            turned = iterator == "QR" ? turned.Qr().Q : turned;
            yield return turned;
            seen = a.MatMul(keep(turned));
        }

        yield return seen.Qr().Q;
    }

    private static void Check<T>(DaskArray<T> a, int k, int powers, int oversamples, string iterator)
        where T : unmanaged
    {
        LinearLayers.Matrix<T>(a.Recipe, "SvdCompressed");
        var most = Math.Min(a.Shape[0], a.Shape[1]);
        if (k < 1 || k > most)
        {
            throw new ArrayException($"A matrix of shape {Strided.Text(a.Recipe.Shape)} has {most} singular values, {k} were asked for. Pass 1 to {most}.");
        }

        if (powers < 0 || oversamples < 0)
        {
            throw new ArrayException($"nPowerIter is {powers} and nOversamples {oversamples}, but neither may be negative.");
        }

        if (iterator is not ("power" or "QR"))
        {
            throw new ArrayException($"Iterator '{iterator}' is unknown. Pass \"power\" or \"QR\".");
        }
    }
}
