using System.Numerics;

namespace Orleans.Dask.Arrays;

/// <summary>start + i * step.</summary>
internal sealed unsafe class RangeSource<T>(T start, T step) : PositionSource
    where T : unmanaged, INumber<T>
{
    public override DType Type => DTypes.Of<T>();

    public override string Token => ArrayToken.Of("range", start, step, Type);

    public override void Fill(byte* output, ReadOnlySpan<long> position, int count)
    {
        var values = (T*)output;
        for (var i = 0; i < count; i++)
        {
            values[i] = start + (T.CreateTruncating(position[0] + i) * step);
        }
    }
}

/// <summary>From start to stop in so many steps; the last is stop itself, without rounding.</summary>
internal sealed unsafe class LinspaceSource(double start, double stop, long steps) : PositionSource
{
    public override DType Type => DType.Float64;

    public override string Token => ArrayToken.Of("linspace", start, stop, steps);

    public override void Fill(byte* output, ReadOnlySpan<long> position, int count)
    {
        var values = (double*)output;
        var step = steps > 0 ? (stop - start) / steps : 0;
        for (var i = 0; i < count; i++)
        {
            var k = position[0] + i;
            values[i] = k == steps && steps > 0 ? stop : start + (k * step);
        }
    }
}

/// <summary>The position along one axis.</summary>
internal sealed unsafe class AxisPositionSource(int axis) : PositionSource
{
    public override DType Type => DType.Int64;

    public override string Token => ArrayToken.Of("position", axis);

    public override void Fill(byte* output, ReadOnlySpan<long> position, int count)
    {
        var values = (long*)output;
        var step = axis == position.Length - 1 ? 1 : 0;
        for (var i = 0; i < count; i++)
        {
            values[i] = position[axis] + (i * step);
        }
    }
}

internal sealed unsafe class FunctionSource<T>(Func<long, T> function, string token) : PositionSource
    where T : unmanaged
{
    public override DType Type => DTypes.Of<T>();

    public override string Token => token;

    public override void Fill(byte* output, ReadOnlySpan<long> position, int count)
    {
        var values = (T*)output;
        for (var i = 0; i < count; i++)
        {
            values[i] = function(position[0] + i);
        }
    }
}

internal sealed unsafe class FunctionSource2<T>(Func<long, long, T> function, string token) : PositionSource
    where T : unmanaged
{
    public override DType Type => DTypes.Of<T>();

    public override string Token => token;

    public override void Fill(byte* output, ReadOnlySpan<long> position, int count)
    {
        var values = (T*)output;
        for (var i = 0; i < count; i++)
        {
            values[i] = function(position[0], position[1] + i);
        }
    }
}

internal sealed unsafe class FunctionSourceN<T>(Func<long[], T> function, string token) : PositionSource
    where T : unmanaged
{
    public override DType Type => DTypes.Of<T>();

    public override string Token => token;

    public override void Fill(byte* output, ReadOnlySpan<long> position, int count)
    {
        var values = (T*)output;
        var place = position.ToArray();
        for (var i = 0; i < count; i++)
        {
            values[i] = function(place);
            if (place.Length > 0)
            {
                place[^1]++;
            }
        }
    }
}
