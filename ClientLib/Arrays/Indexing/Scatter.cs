namespace Orleans.Dask.Arrays;

/// <summary>Writes an array to positions of another; the opposite of <see cref="Indexer.Take(NDArray, AxisIndex[])"/>.</summary>
internal static class Scatter
{
    public static void Into(NDArray target, AxisIndex[] axes, NDArray values)
    {
        for (var axis = 0; axis < axes.Length; axis++)
        {
            if (axes[axis].List is { } list)
            {
                // One position of the listed axis at a time; the others as they are.
                for (var i = 0; i < list.Length; i++)
                {
                    var one = (AxisIndex[])axes.Clone();
                    one[axis] = new AxisIndex(list[i], 1, 1);
                    var part = new AxisIndex[axes.Length];
                    for (var k = 0; k < part.Length; k++)
                    {
                        part[k] = k == axis ? new AxisIndex(i, 1, 1) : AxisIndex.Whole(values.Dimensions[k]);
                    }

                    Into(target, one, Indexer.Take(values, part));
                }

                return;
            }
        }

        Strided.CopyTo(values, Indexer.Take(target, axes));
    }
}
