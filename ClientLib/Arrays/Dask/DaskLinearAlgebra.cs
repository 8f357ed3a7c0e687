using System.Numerics;
using Orleans.Dask.Arrays;

namespace Orleans.Dask;

/// <summary>Linear algebra of floating and complex matrices.</summary>
public static class DaskLinearAlgebra
{
    /// <param name="array">The matrix.</param>
    extension<T>(DaskArray<T> array)
        where T : unmanaged, INumberBase<T>, ISignedNumber<T>
    {
        /// <summary>Reduced QR: Q has orthonormal columns, R is upper triangular. By blocks of rows where columns are one chunk, else by tiles.</summary>
        public (DaskArray<T> Q, DaskArray<T> R) Qr()
        {
            LinearLayers.Matrix<T>(array.Recipe, "Qr");
            var (q, r) = array.Recipe.Chunks[1].Length == 1 ? TallSkinny.Qr<T>(array.Recipe) : TileQr.Lower<T>(array.Recipe, TiledAlgebra.LeastTile);
            return (new(q), new(r));
        }

        /// <summary>Reduced singular value decomposition, values in falling order: U, S, V transposed. Through QR; a square as long as the shorter axis comes into one chunk.</summary>
        public (DaskArray<T> U, DaskArray<T> S, DaskArray<T> Vt) Svd()
        {
            LinearLayers.Matrix<T>(array.Recipe, "Svd");
            if (array.Shape[0] < array.Shape[1])
            {
                var (v, values, ut) = array.T.Svd();
                return (ut.T, values, v.T);
            }

            var (q, r) = array.Qr();
            var k = Math.Min(array.Shape[0], array.Shape[1]);
            var parts = LinearLayers.Several("svd", BlockMap.Whole(r.Recipe, 0, 1).Materialize(), Dense.Svd<T>, (array.DType, [r.Shape[0], k]), (array.DType, [k]), (array.DType, [k, array.Shape[1]]));
            return (q.MatMul(new DaskArray<T>(parts[0])), new(parts[1]), new(parts[2]));
        }

        /// <summary>The k largest singular values and their vectors, found in a random subspace: U (rows, k), S (k), V transposed (k, columns). For matrices whose singular values fall quickly.</summary>
        /// <param name="k">How many.</param>
        /// <param name="nPowerIter">Repeats of multiplying by A Aᴴ, which sharpen the subspace; each reads the matrix twice more.</param>
        /// <param name="nOversamples">Further directions drawn, for accuracy.</param>
        /// <param name="iterator">"power", or "QR": orthonormal again after every product, for more repeats.</param>
        /// <param name="seed">Of the directions; drawn when left out.</param>
        /// <param name="coerceSigns">Vectors point to the same side whatever the chunks and the library: each of U's sums to 0 or more.</param>
        /// <remarks>Halko, Martinsson, Tropp (2011). As dask.array.linalg.svd_compressed; instead of its compute=True there is <see cref="SvdCompressedAsync{T}"/>.</remarks>
        public (DaskArray<T> U, DaskArray<T> S, DaskArray<T> Vt) SvdCompressed(int k, int nPowerIter = 0, int nOversamples = 10, string iterator = "power", ulong? seed = null, bool coerceSigns = true) =>
            CompressedSvd.Finish(array, CompressedSvd.Steps(array, k, nPowerIter, nOversamples, iterator, seed).Last(), k, coerceSigns);

        /// <summary>As <see cref="SvdCompressed{T}"/>, computing and keeping each product before the next is begun: for matrices that don't fit in memory, read once a product.</summary>
        /// <param name="k">How many.</param>
        /// <param name="nPowerIter">Repeats of multiplying by A Aᴴ.</param>
        /// <param name="nOversamples">Further directions drawn.</param>
        /// <param name="iterator">"power" or "QR".</param>
        /// <param name="seed">Of the directions; drawn when left out.</param>
        /// <param name="coerceSigns">Vectors point to the same side.</param>
        /// <param name="scheduler">Where; null: the open client, else this process.</param>
        /// <param name="cancellationToken">Stops what is not begun.</param>
        public async Task<(DaskArray<T> U, DaskArray<T> S, DaskArray<T> Vt)> SvdCompressedAsync(int k, int nPowerIter = 0, int nOversamples = 10, string iterator = "power", ulong? seed = null, bool coerceSigns = true, IGraphScheduler? scheduler = null, CancellationToken cancellationToken = default) =>
            CompressedSvd.Finish(array, await CompressedSvd.StepsAsync(array, k, nPowerIter, nOversamples, iterator, seed, scheduler, cancellationToken), k, coerceSigns);

        /// <summary>P, L, U with P L U the matrix; rows are exchanged so that no pivot is small (by tournament across tiles).</summary>
        public (DaskArray<T> P, DaskArray<T> L, DaskArray<T> U) Lu()
        {
            var parts = TiledAlgebra.Lu<T>(array.Recipe);
            return (new(parts[0]), new(parts[1]), new(parts[2]));
        }

        /// <summary>x with A x = b.</summary>
        /// <param name="b">One axis or two; the answer has its chunks.</param>
        /// <param name="assumeA">"gen", or "pos" for a symmetric positive definite matrix (by Cholesky).</param>
        /// <exception cref="LinearAlgebraException">When computed: singular.</exception>
        public DaskArray<T> Solve(DaskArray<T> b, string assumeA = "gen") => assumeA is "gen" or "pos"
            ? new(TiledAlgebra.Solve<T>(array.Recipe, b.Recipe, assumeA))
            : throw new ArrayException($"assumeA '{assumeA}' is unknown. Pass \"gen\" or \"pos\".");

        /// <summary>x with A x = b for a triangular A; the other triangle is not read.</summary>
        public DaskArray<T> SolveTriangular(DaskArray<T> b, bool lower = false) => new(TiledAlgebra.Solve<T>(array.Recipe, b.Recipe, lower ? "lower" : "upper"));

        /// <summary>The inverse.</summary>
        /// <exception cref="LinearAlgebraException">When computed: singular.</exception>
        public DaskArray<T> Inv() => new(TiledAlgebra.Inverse<T>(array.Recipe));

        /// <summary>U with Uᴴ U the matrix, or L with L Lᴴ the matrix; of the matrix the lower triangle is read.</summary>
        /// <exception cref="LinearAlgebraException">When computed: not positive definite.</exception>
        public DaskArray<T> Cholesky(bool lower = false) => new(TiledAlgebra.Cholesky<T>(array.Recipe, lower));

        /// <summary>The determinant.</summary>
        public DaskArray<T> Det() => new(TiledAlgebra.Determinant<T>(array.Recipe));

        /// <summary>Repeated matrix product; negative powers of the inverse.</summary>
        public DaskArray<T> MatrixPower(int n)
        {
            LinearLayers.TwoAxes(array.Recipe, "MatrixPower", square: true);
            if (n == 0)
            {
                return DaskArray.Eye<T>(array.Shape[0], chunks: ChunkSpec.Explicit(array.Recipe.Chunks));
            }

            var factor = n < 0 ? array.Inv() : array;
            DaskArray<T>? result = null;
            for (var left = Math.Abs((long)n); left > 0; left >>= 1)
            {
                result = (left & 1) == 0 ? result : result is null ? factor : result.MatMul(factor);
                factor = left > 1 ? factor.MatMul(factor) : factor;
            }

            return result!;
        }

        /// <summary>The x that minimises |A x - b|: x, residuals (sum of squares), rank and singular values of A.</summary>
        public (DaskArray<T> X, DaskArray<T> Residuals, DaskArray<long> Rank, DaskArray<T> S) Lstsq(DaskArray<T> b)
        {
            LinearLayers.Matrix<T>(array.Recipe, "Lstsq");
            if (b.Rank is 0 or > 2 || b.Shape[0] != array.Shape[0])
            {
                throw new ShapeException($"A right side of shape {Strided.Text(b.Recipe.Shape)} for a matrix of shape {Strided.Text(array.Recipe.Shape)}. It needs {array.Shape[0]} rows.");
            }

            var (q, r) = array.Qr();
            var (_, s, _) = array.Svd();
            var x = r.SolveTriangular(q.Conj().T.MatMul(b));
            var apart = b - array.MatMul(x);
            var residuals = (apart * apart.Conj()).AsType<T>();
            DaskArray<T> sums = new(ReduceLayers.Lower(residuals.Recipe, Reducers.Sum(array.DType), [0], keepDims: b.Rank == 1, ReduceLayers.DefaultSplitEvery, "sum"));
            var limit = (double)Math.Max(array.Shape[0], array.Shape[1]) * (array.DType == DType.Float32 ? 1.1920929e-07 : 2.220446049250313e-16);
            var values = BlockMap.Whole(s.Recipe, 0).Materialize();
            DaskArray<long> rank = new(BlockMap.Lower("rank", limit, DType.Int64, [], [values], _ => [values.Key(0)], (blocks, _) =>
            {
                var all = ((NDArray<double>)blocks[0].AsType(DType.Float64)).Span;
                var count = 0;
                foreach (var value in all)
                {
                    count += value > all[0] * limit ? 1 : 0;
                }

                return new NDArray<long>([count], []);
            }));
            return (x, sums, rank, s);
        }
    }

    /// <param name="array">The vector or matrix.</param>
    extension<T>(DaskArray<T> array)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>Length of all elements together.</summary>
        public DaskArray<T> Norm(Axes axis = default, bool keepDims = false) => (array * array).Sum(axis, keepDims).Sqrt();

        /// <summary>Vector norm of an order along one axis, or matrix norm along two: p, infinity, 0 counts.</summary>
        [System.Runtime.CompilerServices.OverloadResolutionPriority(1)]
        public DaskArray<T> Norm(double ord, Axes axis = default, bool keepDims = false)
        {
            var axes = axis.Resolve(array.Rank);
            var size = array.Absolute();
            if (axes.Length == 1)
            {
                return ord == double.PositiveInfinity ? size.Max(axes, keepDims)
                    : ord == double.NegativeInfinity ? size.Min(axes, keepDims)
                    : ord == 0 ? array.AsType<bool>().Sum(axes, keepDims).AsType<T>()
                    : ord == 1 ? size.Sum(axes, keepDims)
                    : size.Power(T.CreateTruncating(ord)).Sum(axes, keepDims).Power(T.CreateTruncating(1 / ord));
            }

            if (axes.Length != 2)
            {
                throw new AxisException($"A norm of order {ord} is of one axis or two, found {axes.Length}.");
            }

            var (rows, columns) = (axes[0], axes[1]);
            DaskArray<T> Extreme(DaskArray<T> sums, int over) => ord > 0 ? sums.Max(over, true) : sums.Min(over, true);
            var kept = Math.Abs(ord) switch
            {
                1 => Extreme(size.Sum(rows, true), columns),
                double.PositiveInfinity => Extreme(size.Sum(columns, true), rows),
                2 => Orleans.Dask.Arrays.SingularValues.Along(array, rows, columns, ord > 0 ? SpectralNorm.Largest : SpectralNorm.Smallest),
                _ => throw new ArrayException($"There is no matrix norm of order {ord}. Pass 1, 2, infinity, their negatives, \"fro\" or \"nuc\"."),
            };
            return keepDims ? kept : kept.Squeeze(axes);
        }

        /// <summary>"fro": root of the sum of squares; "nuc": sum of the singular values.</summary>
        public DaskArray<T> Norm(string ord, Axes axis = default, bool keepDims = false)
        {
            ArgumentNullException.ThrowIfNull(ord);
            if (ord is "inf" or "-inf")
            {
                return array.Norm(ord == "inf" ? double.PositiveInfinity : double.NegativeInfinity, axis, keepDims);
            }

            var axes = axis.Resolve(array.Rank);
            if (axes.Length != 2)
            {
                throw new AxisException($"The norm \"{ord}\" is of two axes, found {axes.Length}.");
            }

            var kept = ord switch
            {
                "fro" => array.Norm(axes, true),
                "nuc" => Orleans.Dask.Arrays.SingularValues.Along(array, axes[0], axes[1], SpectralNorm.Sum),
                _ => throw new ArrayException($"There is no norm \"{ord}\". Pass \"fro\", \"nuc\" or a number."),
            };
            return keepDims ? kept : kept.Squeeze(axes);
        }
    }
}
