using System.Numerics;
using Orleans.Dask.LinearAlgebra;

namespace Orleans.Dask.ClientLib.Tests.LinearAlgebra;

/// <summary>Laws that hold for native and managed algebra alike; where an answer is unique, both give the same one.</summary>
public class DenseAlgebraTests
{
    public static TheoryData<int, int> Shapes => new() { { 1, 1 }, { 5, 3 }, { 3, 5 }, { 17, 17 }, { 130, 40 }, { 64, 257 } };

    [Fact]
    public void OpenBlas_is_found_where_the_tests_run() => Assert.True(OpenBlas.IsFound, "libopenblas.so.0 was not found: ./test.sh installs libopenblas0-pthread.");

    [Theory, MemberData(nameof(Shapes))]
    public void A_product_is_the_sum_of_products(int m, int n)
    {
        foreach (var algebra in Both<double>())
        {
            foreach (var k in new[] { 1, 7, 300 })
            {
                var (a, b) = (Numbers<double>(m * k, 1), Numbers<double>(k * n, 2));
                var c = Numbers<double>(m * n, 3);
                var expected = (double[])c.Clone();
                MatrixMultiply.AddPlain<double>(m, n, k, a, k, b, n, expected, n);
                algebra.MultiplyAdd(m, n, k, a, k, b, n, c, n);
                Close(expected, c, 1e-12 * k, algebra.Name);
            }
        }
    }

    [Fact]
    public void A_product_within_larger_matrices_leaves_the_rest_alone()
    {
        foreach (var algebra in Both<float>())
        {
            var (a, b) = (Numbers<float>(10 * 20, 1), Numbers<float>(20 * 30, 2));
            var c = new float[10 * 50];
            algebra.MultiplyAdd(6, 9, 11, a, 20, b, 30, c, 50);
            var expected = new float[10 * 50];
            MatrixMultiply.AddPlain<float>(6, 9, 11, a, 20, b, 30, expected, 50);
            for (var i = 0; i < c.Length; i++)
            {
                Assert.Equal(expected[i], c[i], 1e-4f);
            }
        }
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Qr_multiplies_back_and_q_is_orthonormal(int m, int n)
    {
        foreach (var algebra in Both<double>())
        {
            var a = Numbers<double>(m * n, 4);
            var (q, r) = algebra.Qr(a, m, n);
            var rank = Math.Min(m, n);
            Close(a, Product(q, r, m, n, rank), 1e-11, algebra.Name);
            Close(Identity(rank), Product(Transposed(q, m, rank), q, rank, rank, m), 1e-11, algebra.Name);
            for (var i = 0; i < rank; i++)
            {
                for (var j = 0; j < i; j++)
                {
                    Assert.Equal(0.0, r[(i * n) + j]);
                }
            }
        }
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Svd_multiplies_back_and_both_give_the_same_singular_values(int m, int n)
    {
        var a = Numbers<double>(m * n, 5);
        var rank = Math.Min(m, n);
        double[]? values = null;
        foreach (var algebra in Both<double>())
        {
            var (u, s, vt) = algebra.Svd(a, m, n);
            var scaled = (double[])vt.Clone();
            for (var i = 0; i < rank; i++)
            {
                for (var j = 0; j < n; j++)
                {
                    scaled[(i * n) + j] *= s[i];
                }
            }

            Close(a, Product(u, scaled, m, n, rank), 1e-11, algebra.Name);
            Close(values ?? s, s, 1e-11, algebra.Name);
            Assert.Equal(s.OrderDescending(), s);
            values = s;
        }
    }

    [Theory, InlineData(1), InlineData(6), InlineData(65)]
    public void Cholesky_multiplies_back_and_reads_the_lower_triangle_only(int n)
    {
        var b = Numbers<double>(n * n, 6);
        var a = Product(b, Transposed(b, n, n), n, n, n);
        for (var i = 0; i < n; i++)
        {
            a[(i * n) + i] += n;
        }

        var halfRead = (double[])a.Clone();
        for (var i = 0; i < n; i++)
        {
            for (var j = i + 1; j < n; j++)
            {
                halfRead[(i * n) + j] = 99;
            }
        }

        foreach (var algebra in Both<double>())
        {
            var l = algebra.Cholesky(halfRead, n);
            Close(a, Product(l, Transposed(l, n, n), n, n, n), 1e-9, algebra.Name);
        }
    }

    [Theory, InlineData(1), InlineData(8), InlineData(70)]
    public void Lu_multiplies_back_and_a_solution_solves(int n)
    {
        var (a, b) = (Numbers<double>(n * n, 7), Numbers<double>(n * 3, 8));
        foreach (var algebra in Both<double>())
        {
            var (packed, rows) = algebra.Lu(a, n, n);
            var (l, u) = (Identity(n), new double[n * n]);
            for (var i = 0; i < n; i++)
            {
                for (var j = 0; j < n; j++)
                {
                    (j < i ? l : u)[(i * n) + j] = packed[(i * n) + j];
                }
            }

            var permuted = rows.SelectMany(row => a[(row * n)..((row + 1) * n)]).ToArray();
            Close(permuted, Product(l, u, n, n, n), 1e-11, algebra.Name);
            Close(b, Product(a, algebra.Solve(a, n, b, 3), n, 3, n), 1e-8, algebra.Name);
            Close(Identity(n), Product(a, algebra.Inverse(a, n), n, n, n), 1e-8, algebra.Name);
        }
    }

    [Theory, InlineData(true), InlineData(false)]
    public void A_triangular_system_is_solved_by_its_triangle_alone(bool lower)
    {
        const int N = 33;
        var (a, b) = (Numbers<double>(N * N, 9), Numbers<double>(N * 2, 10));
        for (var i = 0; i < N; i++)
        {
            a[(i * N) + i] += 20;
        }

        var triangle = (double[])a.Clone();
        for (var i = 0; i < N; i++)
        {
            for (var j = 0; j < N; j++)
            {
                triangle[(i * N) + j] = (lower ? j > i : j < i) ? 0 : triangle[(i * N) + j];
            }
        }

        foreach (var algebra in Both<double>())
        {
            Close(b, Product(triangle, algebra.SolveTriangular(a, N, b, 2, lower, unitDiagonal: false), N, 2, N), 1e-12, algebra.Name);
        }
    }

    [Fact]
    public void What_has_no_answer_says_so()
    {
        double[] singular = [1, 2, 2, 4], notPositive = [1, 2, 2, 1], notFinite = [1, double.NaN, 0, 1];
        foreach (var algebra in Both<double>())
        {
            Assert.Contains("singular", Assert.Throws<LinearAlgebraException>(() => algebra.Solve(singular, 2, [1.0, 1.0], 1)).Message, StringComparison.Ordinal);
            Assert.Contains("not positive definite", Assert.Throws<LinearAlgebraException>(() => algebra.Cholesky(notPositive, 2)).Message, StringComparison.Ordinal);
            Assert.Contains("NaN", Assert.Throws<LinearAlgebraException>(() => algebra.Svd(notFinite, 2, 2)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Complex_matrices_factor_too()
    {
        var algebra = DenseAlgebra<Complex>.Current;
        Complex[] a = [new(1, 2), new(0, 1), new(3, -1), new(2, 2)];
        Complex[] b = [new(1, 0), new(0, 1)];
        var x = algebra.Solve(a, 2, b, 1);
        var back = new Complex[2];
        algebra.MultiplyAdd(2, 1, 2, a, 2, x, 1, back, 1);
        Assert.All(b.Zip(back), pair => Assert.True(Complex.Abs(pair.First - pair.Second) < 1e-12));
    }

    private static DenseAlgebra<T>[] Both<T>()
        where T : unmanaged, INumberBase<T>, IEquatable<T>, IFormattable =>
        OpenBlas.TryCreate<T>() is { } native ? [native, ManagedAlgebra<T>.Instance] : [ManagedAlgebra<T>.Instance];

    private static T[] Numbers<T>(int count, int seed)
        where T : INumberBase<T>
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => T.CreateChecked((random.NextDouble() * 2) - 1))];
    }

    private static double[] Identity(int n) => [.. Enumerable.Range(0, n * n).Select(i => i / n == i % n ? 1.0 : 0.0)];

    private static double[] Transposed(double[] a, int m, int n) => [.. Enumerable.Range(0, m * n).Select(i => a[(i % m * n) + (i / m)])];

    private static double[] Product(double[] a, double[] b, int m, int n, int k)
    {
        var c = new double[m * n];
        MatrixMultiply.AddPlain<double>(m, n, k, a, k, b, n, c, n);
        return c;
    }

    private static void Close(double[] expected, double[] actual, double tolerance, string who)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance, $"{who}: element {i} is {actual[i]}, expected {expected[i]}.");
        }
    }
}
