using System.Numerics;

namespace Orleans.Dask.Arrays;

/// <summary>As <see cref="VarianceReducer"/>, of complex numbers: the squared distance from the mean, a real answer.</summary>
internal sealed unsafe class ComplexVarianceReducer(double ddof, bool root) : Reducer
{
    public override DType Input => DType.Complex128;

    public override DType Result => DType.Float64;

    public override string Token => ArrayToken.Of(ddof, root);

    public override NDArray[] Start(int[] shape)
    {
        NDArray<double> count = new(shape), squares = new(shape);
        var mean = new NDArray<Complex>(shape);
        count.Data.Clear();
        mean.Data.Clear();
        squares.Data.Clear();
        return [count, mean, squares];
    }

    public override void Fold(byte* tile, byte** parts, long offset, int rows, int columns, long rowStep, long columnStep)
    {
        var x = (Complex*)tile;
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++, x++)
            {
                var place = offset + (row * rowStep) + (column * columnStep);
                Join(ref ((double*)parts[0])[place], ref ((Complex*)parts[1])[place], ref ((double*)parts[2])[place], 1, *x, 0);
            }
        }
    }

    public override void Merge(NDArray[] into, NDArray[] from)
    {
        for (var i = 0; i < into[0].Size; i++)
        {
            Join(
                ref ((NDArray<double>)into[0]).Data[i], ref ((NDArray<Complex>)into[1]).Data[i], ref ((NDArray<double>)into[2]).Data[i],
                ((NDArray<double>)from[0]).Span[i], ((NDArray<Complex>)from[1]).Span[i], ((NDArray<double>)from[2]).Span[i]);
        }
    }

    public override NDArray Finish(NDArray[] parts)
    {
        var variance = Elementwise.Call("divide", parts[2], Elementwise.Call("subtract", parts[0], (NDArray<double>)ddof));
        return root ? Elementwise.Call("sqrt", variance) : variance;
    }

    private static void Join(ref double n, ref Complex mean, ref double squares, double n2, Complex mean2, double squares2)
    {
        if (n2 == 0)
        {
            return;
        }

        var total = n + n2;
        var apart = mean2 - mean;
        mean += apart * (n2 / total);
        squares += squares2 + (((apart.Real * apart.Real) + (apart.Imaginary * apart.Imaginary)) * (n * n2 / total));
        n = total;
    }
}
