using System.Numerics;
using Orleans.Dask.ClientLib.Tests.Files;
using Orleans.Dask.TestKit;

namespace Orleans.Dask.ClientLib.Tests.Arrays;

public class PrintingTests
{
    [Fact]
    public void Arrays_print_as_in_NumPy()
    {
        Assert.Equal("[1.    2.5   3.125]", NDArray.From([1, 2.5, 3.125]).ToString());
        Assert.Equal("[1.e+00 2.e+03]", NDArray.From<double>([1, 2000.0]).ToString());
        Assert.Equal("[[ 0  1  2]\n [10 11 12]]", NDArray.From<int>([0, 1, 2, 10, 11, 12], 2, 3).ToString());
        Assert.Equal("[ True False]", NDArray.From([true, false]).ToString());
        Assert.Equal("[ nan  inf -inf   1.]", NDArray.From([double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1]).ToString());
        Assert.Equal("[1. +2.j 0.5-1.j]", NDArray.From([new Complex(1, 2), new Complex(0.5, -1)]).ToString());
        Assert.Equal("[   0    1    2 ... 1997 1998 1999]", NDArray.Range<long>(2000).ToString());
        Assert.Equal("0.1", ((NDArray<double>)0.1).ToString());
    }

    [Fact]
    public void Options_change_what_is_shown()
    {
        var x = NDArray.From([1e-6, 0.12345678901, 1]);
        Assert.Equal("[1.00000000e-06 1.23456789e-01 1.00000000e+00]", x.ToString());
        Assert.Equal("[0.   0.12 1.  ]", x.ToString(new PrintOptions { Suppress = true, Precision = 2 }));
        Assert.Equal("[0 ... 9]", NDArray.Range<int>(10).ToString(new PrintOptions { Threshold = 5, EdgeItems = 1 }));
        Assert.Equal("[0 1 2\n 3 4 5]", NDArray.Range<int>(6).ToString(new PrintOptions { LineWidth = 8 }));
    }

    [Fact]
    public async Task Random_arrays_print_to_the_letter_as_NumPy_prints_them()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(31);
        double Number() => random.Next(8) switch
        {
            0 => random.Next(-1000, 1000),
            1 => random.Next(-1000, 1000) / 8.0,
            2 => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-9, 12)),
            3 => 0,
            4 => random.Next(20) == 0 ? double.NaN : 1,
            5 => random.Next(20) == 0 ? double.NegativeInfinity : -0.0,
            _ => random.NextDouble(),
        };
        int[][] shapes = [[1], [3], [7], [40], [2, 3], [5, 9], [2, 2, 3], [1500], [40, 50], [3, 4, 100], [8, 8, 2, 10]];
        var printed = new List<string>();
        for (var i = 0; i < 400; i++)
        {
            var shape = shapes[random.Next(shapes.Length)];
            var count = shape.Aggregate(1, (a, b) => a * b);
            var mild = random.Next(2) == 0;
            double Next() => mild ? Math.Round(Number() % 100, 3) : Number();
            NDArray array = (i % 6) switch
            {
                5 => NDArray.From([.. Enumerable.Range(0, count).Select(_ => (Half)Next())], shape),
                0 => NDArray.From([.. Enumerable.Range(0, count).Select(_ => Next())], shape),
                1 => NDArray.From([.. Enumerable.Range(0, count).Select(_ => (float)Next())], shape),
                2 => NDArray.From([.. Enumerable.Range(0, count).Select(_ => random.Next(-2000, 2000) >> random.Next(10))], shape),
                3 => NDArray.From([.. Enumerable.Range(0, count).Select(_ => random.Next(2) == 0)], shape),
                _ => NDArray.From([.. Enumerable.Range(0, count).Select(_ => new Complex(Next(), Next()))], shape),
            };
            array.SaveNpy(Path.Combine(folder.Path, $"{i:000}.npy"));
            printed.Add(array.ToString());
        }

        var numpy = (await Python.RunAsync("""
            import sys, os, numpy as np
            print("\n@\n".join(str(np.load(os.path.join(sys.argv[1], f))) for f in sorted(os.listdir(sys.argv[1]))))
            """, folder.Path)).Split("\n@\n");
        for (var i = 0; i < printed.Count; i++)
        {
            Assert.Equal(numpy[i], printed[i]);
        }
    }

    [Fact]
    public async Task Odd_and_masked_arrays_print_to_the_letter_as_NumPy_prints_them()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(13);
        NDArray[] odd =
        [
            NDArray.From<double>([], 0), NDArray.From<double>([], 0, 3), NDArray.From<double>([], 2, 0), NDArray.From<int>([], 1, 0, 2),
            (NDArray<double>)(-0.0), (NDArray<double>)1e300, (NDArray<float>)0.1f, (NDArray<Half>)(Half)0.1, (NDArray<long>)long.MinValue, (NDArray<bool>)true, (NDArray<Complex>)new Complex(-0.5, 3),
            NDArray.From<ulong>([0, ulong.MaxValue]), NDArray.From<long>([long.MinValue, 7, long.MaxValue]), NDArray.From<sbyte>([-128, 127, 5], 3, 1),
            NDArray.From<double>([5e-324, 1.7976931348623157e308, 1]), NDArray.From<double>([double.NaN, double.NaN]), NDArray.From<double>([-0.0, 0.0, 1e16, 1e-5]),
            NDArray.From<float>([16777216f, 0.3f, 1e-8f]), NDArray.From<Half>([Half.MaxValue, Half.Epsilon, (Half)1]), NDArray.From<Complex>([new(double.NaN, 1), new(1e20, -1e-20), Complex.Zero]),
            NDArray.Range<int>(1_001), NDArray.Range<int>(1_000), NDArray.Range<double>(1_200).Reshape(2, 600), NDArray.Range<short>(4_000).Reshape(10, 4, 100), NDArray.Range<byte>(120).Reshape(2, 3, 4, 5),
        ];
        for (var i = 0; i < odd.Length; i++)
        {
            odd[i].SaveNpy(Path.Combine(folder.Path, $"{i:00}.npy"));
        }

        var masked = new List<string>();
        int[][] shapes = [[5], [3, 4], [2, 3, 4], [1_200], [40, 30]];
        for (var i = 0; i < 10; i++)
        {
            var shape = shapes[i / 2];
            var count = shape.Aggregate(1, (a, b) => a * b);
            var mask = NDArray.From([.. Enumerable.Range(0, count).Select(_ => random.Next(3) == 0)], shape);
            NDArray data = i % 2 == 0 ? NDArray.From([.. Enumerable.Range(0, count).Select(_ => Math.Round(random.NextDouble() * 100, 2))], shape) : NDArray.From([.. Enumerable.Range(0, count).Select(_ => random.Next(-50, 50))], shape);
            data.SaveNpy(Path.Combine(folder.Path, $"m{i}.npy"));
            mask.SaveNpy(Path.Combine(folder.Path, $"m{i}.mask"));
            masked.Add(data is NDArray<double> real ? new MaskedArray<double>(real, mask).ToString() : new MaskedArray<int>((NDArray<int>)data, mask).ToString());
        }

        var numpy = (await Python.RunAsync("""
            import sys, os, numpy as np
            os.chdir(sys.argv[1])
            print("\n@\n".join(str(np.ma.array(np.load(f), mask=np.load(f[:2] + ".mask")) if f[0] == "m" else np.load(f)) for f in sorted(os.listdir(".")) if f.endswith(".npy")))
            """, folder.Path)).Split("\n@\n");
        string[] ours = [.. odd.Select(a => a.ToString()!), .. masked];
        Assert.Equal(numpy.Length, ours.Length);
        Assert.Empty(numpy.Zip(ours).Where(pair => pair.First != pair.Second).Select(pair => $"NumPy:\n{pair.First}\nhere:\n{pair.Second}"));
    }
}
