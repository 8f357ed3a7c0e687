using System.Diagnostics;
using System.Text;
using Orleans.Dask.Files;

namespace Orleans.Dask.ClientLib.Tests.Files;

public class NpyHeaderTests
{
    [Theory]
    [InlineData(DType.Float64, new long[] { 3, 4 })]
    [InlineData(DType.UInt8, new long[] { 7 })]
    [InlineData(DType.Complex128, new long[] { })]
    [InlineData(DType.Bool, new long[] { 0, 2, 5 })]
    public void What_is_written_is_read(DType element, long[] shape)
    {
        var bytes = NpyHeader.Write(NumpyType.Of(element), shape);
        Assert.Equal(0, bytes.Length % 64);
        var header = NpyHeader.Read(bytes, "a.npy");
        Assert.Equal(element, header.Type.DType);
        Assert.Equal(shape, header.Shape);
        Assert.False(header.FortranOrder);
        Assert.Equal(bytes.Length, header.DataOffset);
    }

    [Fact]
    public void Headers_of_other_writers_are_read()
    {
        var header = NpyHeader.Read(File("{\"shape\": (2L, 3L), 'fortran_order':True,'descr':'>i4'}"), "a.npy");
        Assert.Equal(new NumpyType("i4", IsBigEndian: true), header.Type);
        Assert.Equal([2, 3], header.Shape);
        Assert.True(header.FortranOrder);
    }

    [Theory]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4", "expected ')'")]
    [InlineData("{'descr': '<f8', 'shape': (3,)}", "all of descr, fortran_order and shape")]
    [InlineData("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (3,)}", "structured")]
    [InlineData("{'descr': '<U7', 'fortran_order': False, 'shape': (3,)}", "'<U7'")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (-3,)}", "length of an axis")]
    [InlineData("{'descr': '<f8', 'fortran_order': 0, 'shape': (3,)}", "'True' or 'False'")]
    public void A_damaged_header_says_where(string text, string said) =>
        Assert.Contains(said, Assert.Throws<ArrayFileException>(() => NpyHeader.Read(File(text), "a.npy")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_shape_larger_than_its_file_is_refused_before_anything_is_allocated()
    {
        var bytes = File("{'descr': '<f8', 'fortran_order': False, 'shape': (4000000000, 4000000000)}");
        Assert.Throws<ArrayFileException>(() => NpyHeader.Read(bytes, "a.npy", bytes.Length));
        bytes = File("{'descr': '<f8', 'fortran_order': False, 'shape': (100,)}");
        Assert.Contains("cut off", Assert.Throws<ArrayFileException>(() => NpyHeader.Read(bytes, "a.npy", bytes.Length + 799)).Message, StringComparison.Ordinal);
        Assert.Equal(100, NpyHeader.Read(bytes, "a.npy", bytes.Length + 800).Count);
    }

    [Fact]
    public void Mutated_headers_are_read_or_refused()
    {
        const int Seed = 20;
        var random = new System.Random(Seed);
        var good = NpyHeader.Write(NumpyType.Of(DType.Float32), [12, 5]);
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = good[..random.Next(good.Length + 1)];
            for (var change = random.Next(4); change > 0 && bytes.Length > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            try
            {
                NpyHeader.Read(bytes, "a.npy", 1000);
            }
            catch (ArrayFileException)
            {
                continue;
            }
            catch (Exception e)
            {
                throw new UnreachableException($"Seed {Seed}, round {round}: {Convert.ToHexString(bytes)}", e);
            }
        }
    }

    private static byte[] File(string header)
    {
        var text = Encoding.ASCII.GetBytes(header);
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, (byte)(text.Length >> 8), .. text];
    }
}
