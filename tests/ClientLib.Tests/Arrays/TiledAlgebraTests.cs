using System.Numerics;
using Orleans.Dask.Arrays;
using Orleans.Dask.LinearAlgebra;

namespace Orleans.Dask.ClientLib.Tests.Arrays;

/// <summary>Factors and solutions by tiles multiply back, on native and on managed algebra, whatever the chunks; tiles are as small as the chunks here.</summary>
public class TiledAlgebraTests
{
    private static readonly SynchronousScheduler s_scheduler = new();

    public static TheoryData<int, int, int> Squares => new() { { 1, 1, 1 }, { 7, 3, 2 }, { 24, 8, 24 }, { 33, 5, 11 }, { 64, 16, 16 } };

    private static NDArray<T> Numbers<T>(int rows, int columns, int seed = 1)
        where T : unmanaged, INumberBase<T>
    {
        var random = new Random(seed);
        return NDArray.From(Enumerable.Range(0, rows * columns).Select(_ => typeof(T) == typeof(Complex)
            ? (T)(object)new Complex(random.NextDouble() - 0.5, random.NextDouble() - 0.5) : T.CreateChecked(random.NextDouble() - 0.5)).ToArray(), rows, columns);
    }

    private static IEnumerable<DenseAlgebra<T>> Both<T>()
        where T : unmanaged, INumberBase<T>, IEquatable<T>, IFormattable
    {
        var before = DenseAlgebra<T>.Current;
        try
        {
            foreach (var algebra in new DenseAlgebra<T>?[] { OpenBlas.TryCreate<T>(), ManagedAlgebra<T>.Instance }.OfType<DenseAlgebra<T>>())
            {
                DenseAlgebra<T>.Current = algebra;
                yield return algebra;
            }
        }
        finally
        {
            DenseAlgebra<T>.Current = before;
        }
    }

    private static async Task Close<T>(DaskArray<T> expected, DaskArray<T> got, double tolerance)
        where T : unmanaged, INumberBase<T>
    {
        Assert.Equal(expected.Shape, got.Shape);
        var (a, b) = ((await expected.ComputeAsync(s_scheduler)).ToArray(), (await got.ComputeAsync(s_scheduler)).ToArray());
        Assert.All(a.Zip(b), p => Assert.True(double.CreateChecked(T.Abs(p.First - p.Second)) <= tolerance, $"{p.First} and {p.Second} differ"));
    }

    [Theory]
    [MemberData(nameof(Squares))]
    public async Task Factors_multiply_back(int n, int rows, int columns)
    {
        await Factors<double>(n, rows, columns, 1e-10);
        await Factors<float>(n, rows, columns, 2e-3);
        await Factors<Complex>(n, rows, columns, 1e-10);
    }

    private static async Task Factors<T>(int n, int rows, int columns, double tolerance)
        where T : unmanaged, INumberBase<T>, ISignedNumber<T>, IEquatable<T>, IFormattable
    {
        foreach (var _ in Both<T>())
        {
            var a = DaskArray.FromArray(Numbers<T>(n, n), (rows, columns));
            var lu = TiledAlgebra.Lu<T>(a.Recipe, 1).Select(p => DaskArray.Create<T>(p)).ToArray();
            Assert.All(lu, p => Assert.Equal(a.Chunks, p.Chunks));
            await Close(a, lu[0].MatMul(lu[1]).MatMul(lu[2]), tolerance);
            await Close(DaskArray.Eye<T>(n), lu[0].MatMul(lu[0].T), 0);
            await Close(lu[1], lu[1].Tril(), 0);
            await Close(lu[2], lu[2].Triu(), 0);
            Assert.All((await lu[1].ComputeAsync(s_scheduler)).ToArray(), v => Assert.True(double.CreateChecked(T.Abs(v)) < 20));

            var b = DaskArray.FromArray(Numbers<T>(n, 5, 2), (4, 2));
            await Close(b, a.MatMul(DaskArray.Create<T>(TiledAlgebra.Solve<T>(a.Recipe, b.Recipe, "gen", 1))), tolerance * 10);
            var column = b[.., 0];
            await Close(column, a.MatMul(DaskArray.Create<T>(TiledAlgebra.Solve<T>(a.Recipe, column.Recipe, "gen", 1))), tolerance * 10);
            await Close(DaskArray.Eye<T>(n), a.MatMul(DaskArray.Create<T>(TiledAlgebra.Inverse<T>(a.Recipe, 1))), tolerance * 100);

            var positive = a.MatMul(a.Conj().T) + DaskArray.Eye<T>(n);
            var lower = DaskArray.Create<T>(TiledAlgebra.Cholesky<T>(positive.Recipe, lower: true, 1));
            await Close(positive, lower.MatMul(lower.Conj().T), tolerance);
            await Close(lower, lower.Tril(), 0);
            await Close(lower.Conj().T, DaskArray.Create<T>(TiledAlgebra.Cholesky<T>(positive.Recipe, lower: false, 1)), tolerance);
            await Close(b, positive.MatMul(DaskArray.Create<T>(TiledAlgebra.Solve<T>(positive.Recipe, b.Recipe, "pos", 1))), tolerance * 10);

            var triangle = a + (DaskArray.Eye<T>(n) * T.CreateChecked(4));
            await Close(b, triangle.Tril().MatMul(DaskArray.Create<T>(TiledAlgebra.Solve<T>(triangle.Recipe, b.Recipe, "lower", 1))), tolerance);
            await Close(b, triangle.Triu().MatMul(DaskArray.Create<T>(TiledAlgebra.Solve<T>(triangle.Recipe, b.Recipe, "upper", 1))), tolerance);
            var unit = (a * T.CreateChecked(0.25)) + DaskArray.Eye<T>(n);
            var whole = (await DaskArray.Create<T>(TiledAlgebra.Determinant<T>(unit.Recipe)).ComputeAsync(s_scheduler)).ToScalar();
            var tiled = (await DaskArray.Create<T>(TiledAlgebra.Determinant<T>(unit.Recipe, 1)).ComputeAsync(s_scheduler)).ToScalar();
            Assert.Equal(1, double.CreateChecked(T.Abs(tiled / whole)), tolerance);
            Assert.True(double.CreateChecked(T.Abs((tiled / whole) - T.One)) < tolerance);
        }
    }

    [Fact]
    public async Task Rows_are_exchanged_across_tiles_where_a_diagonal_tile_is_singular()
    {
        foreach (var _ in Both<double>())
        {
            // A permutation without anything on its diagonal tiles, and a matrix with two equal rows.
            var shift = DaskArray.FromFunction((i, j) => (i + 5) % 12 == j ? 1.0 : 0.0, (12, 12), (3, 3));
            var b = DaskArray.Arange(12.0, 3);
            Assert.Equal((await b.ComputeAsync(s_scheduler)).ToArray(), (await shift.MatMul(DaskArray.Create<double>(TiledAlgebra.Solve<double>(shift.Recipe, b.Recipe, "gen", 1))).ComputeAsync(s_scheduler)).ToArray());
            var singular = DaskArray.FromFunction((i, j) => (double)((i % 7) + (j * (i % 5))), (12, 12), (4, 4));
            var lu = TiledAlgebra.Lu<double>(singular.Recipe, 1).Select(p => DaskArray.Create<double>(p)).ToArray();
            await Close(singular, lu[0].MatMul(lu[1]).MatMul(lu[2]), 1e-10);
            var zero = DaskArray.Zeros((6, 6), (2, 2));
            var error = await Assert.ThrowsAsync<Orleans.Dask.Grains.Interfaces.TaskFailedException>(() => DaskArray.Create<double>(TiledAlgebra.Inverse<double>(zero.Recipe, 1)).ComputeAsync(s_scheduler));
            Assert.Contains("singular", Assert.IsType<LinearAlgebraException>(error.InnerException).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(20, 20, 5, 4)]
    [InlineData(30, 12, 7, 5)]
    [InlineData(12, 30, 5, 7)]
    [InlineData(12, 9, 12, 3)]
    [InlineData(5, 30, 5, 10)]
    public async Task Qr_by_tiles_multiplies_back_and_q_is_orthonormal(int m, int n, int rows, int columns)
    {
        foreach (var _ in Both<double>())
        {
            await Orthogonal(DaskArray.FromArray(Numbers<double>(m, n), (rows, columns)));
            await Orthogonal(DaskArray.FromFunction((i, j) => (double)((i % 3) * (j % 2)), (m, n), (rows, columns)));
            await Orthogonal(DaskArray.Zeros((m, n), (rows, columns)));
        }

        foreach (var _ in Both<Complex>())
        {
            await Orthogonal(DaskArray.FromArray(Numbers<Complex>(m, n), (rows, columns)));
        }
    }

    private static async Task Orthogonal<T>(DaskArray<T> a)
        where T : unmanaged, INumberBase<T>, ISignedNumber<T>
    {
        var (qr, rr) = TileQr.Lower<T>(a.Recipe, 1);
        var (q, r) = (DaskArray.Create<T>(qr), DaskArray.Create<T>(rr));
        await Close(a, q.MatMul(r), 1e-11);
        await Close(DaskArray.Eye<T>(Math.Min(a.Shape[0], a.Shape[1])), q.Conj().T.MatMul(q), 1e-11);
        await Close(r, r.Triu(), 1e-11);
    }

    [Theory]
    [InlineData(0, "power")]
    [InlineData(2, "power")]
    [InlineData(2, "QR")]
    public async Task The_compressed_svd_finds_the_large_values(int powers, string iterator)
    {
        // Rank 6 and a little noise: the subspace holds it.
        var a = DaskArray.FromArray(Numbers<double>(60, 6), (20, 6)).MatMul(DaskArray.FromArray(Numbers<double>(6, 40, 2), (6, 10)))
            + (DaskArray.FromArray(Numbers<double>(60, 40, 3), (20, 10)) * 1e-9);
        var (_, exact, _) = a.Svd();
        var (u, s, vt) = a.SvdCompressed(6, powers, iterator: iterator, seed: 5);
        await Close(exact[..6], s, 1e-6);
        await Close(a, (u * s).MatMul(vt), 1e-6);
        await Close(DaskArray.Eye<double>(6), u.T.MatMul(u), 1e-10);
        Assert.All((await u.Sum(axis: 0).ComputeAsync(s_scheduler)).ToArray(), v => Assert.True(v >= -1e-12));
        var (_, again, _) = await a.SvdCompressedAsync(6, powers, iterator: iterator, seed: 5, scheduler: s_scheduler);
        await Close(s, again, 1e-10);
        Assert.Contains("1 to 40", Assert.Throws<ArrayException>(() => a.SvdCompressed(41)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Least_squares_by_tiles_are_those_in_one_chunk()
    {
        var (a, b) = (Numbers<double>(40, 12), Numbers<double>(40, 3, 2));
        var (x, residuals, rank, s) = DaskArray.FromArray(a, (10, 5)).Lstsq(DaskArray.FromArray(b, (10, 2)));
        var (whole, sums, full, values) = DaskArray.FromArray(a, -1).Lstsq(DaskArray.FromArray(b, -1));
        await Close(whole, x, 1e-10);
        await Close(sums, residuals, 1e-10);
        await Close(full, rank, 0);
        await Close(values, s, 1e-10);
    }
}
