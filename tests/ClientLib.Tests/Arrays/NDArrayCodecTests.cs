using System.Numerics;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.ClientLib.Tests.Arrays;

public class NDArrayCodecTests
{
    [Fact]
    public void Arrays_of_every_type_and_rank_come_back()
    {
        Same(NDArray.From([1.5, 2.5, 3.5, 4.5], 2, 2));
        Same(NDArray.From([true, false, true], 3));
        Same(NDArray.From([new Complex(1, 2)], 1));
        Same<int>(7);
        Same(NDArray.Zeros<long>(2, 0, 3));
        Same(NDArray.Range<float>(100_000).Reshape(10, 100, 100));
    }

    [Fact]
    public void A_view_sends_what_it_shows_and_not_the_buffer_behind_it()
    {
        var large = NDArray.Range<double>(1_000_000).Reshape(1000, 1000);
        Same(large.T);
        var view = large[2..4, 3..5];
        Same(view);
        Assert.InRange(Payload.Encode<object>(view).Length, 32, 200);
        Same(NDArray.From([1, 2, 3], 3).BroadcastTo(2, 3));
        NDArray untyped = large[5..6];
        Assert.IsType<NDArray<double>>(Payload.Decode<NDArray>(Payload.Encode(untyped)));
    }

    [Fact]
    public void Bytes_that_announce_more_than_they_hold_are_refused()
    {
        foreach (var whole in new[] { Payload.Encode<object>(NDArray.From([1.5, 2.5], 2)), Payload.Encode<object>(NDArray.From([true, false], 2)) })
        {
            for (var at = 0; at < whole.Length; at++)
            {
                for (var value = 0; value < 256; value++)
                {
                    var bytes = whole.ToArray();
                    bytes[at] = (byte)value;
                    try
                    {
                        // What is read walks only what was sent.
                        var array = Payload.Decode<object>(bytes) as NDArray;
                        Assert.True(array is null || array.Size <= array.Buffer.Length, $"byte {at} = {value}");
                    }
                    catch (PayloadException error)
                    {
                        Assert.NotEmpty(error.Message);
                    }
                }
            }
        }
    }

    private static void Same<T>(NDArray<T> array)
        where T : unmanaged
    {
        var copy = Payload.Decode<NDArray<T>>(Payload.Encode(array));
        Assert.Equal(array.Shape.ToArray(), copy.Shape.ToArray());
        Assert.Equal(array.ToArray(), copy.ToArray());
        Assert.True(copy.IsContiguous);
    }
}
