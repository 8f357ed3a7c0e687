namespace Orleans.Dask.Arrays;

/// <summary>One elementwise operation on packed runs of elements, typed inside, addressed by pointers outside.</summary>
internal abstract unsafe class TileKernel
{
    /// <param name="inputs">One run per argument.</param>
    /// <param name="output">May be one of the inputs, exactly.</param>
    /// <param name="count">Elements per run.</param>
    public abstract void Run(byte** inputs, byte* output, int count);
}

/// <summary>An operation that handles whole runs.</summary>
internal interface IUnary<TIn, TOut>
{
    static abstract void Run(ReadOnlySpan<TIn> x, Span<TOut> result);
}

/// <summary>An operation given for one element; the loop around it is the kernel's.</summary>
internal interface IUnaryScalar<TIn, TOut>
{
    static abstract TOut At(TIn x);
}

/// <inheritdoc cref="IUnary{TIn, TOut}"/>
internal interface IBinary<TIn, TOut>
{
    static abstract void Run(ReadOnlySpan<TIn> x, ReadOnlySpan<TIn> y, Span<TOut> result);
}

/// <inheritdoc cref="IUnaryScalar{TIn, TOut}"/>
internal interface IBinaryScalar<TIn, TOut>
{
    static abstract TOut At(TIn x, TIn y);
}

internal sealed unsafe class UnaryKernel<TOp, TIn, TOut> : TileKernel
    where TOp : IUnary<TIn, TOut>
    where TIn : unmanaged
    where TOut : unmanaged
{
    public override void Run(byte** inputs, byte* output, int count) =>
        TOp.Run(new ReadOnlySpan<TIn>(inputs[0], count), new Span<TOut>(output, count));
}

internal sealed unsafe class UnaryScalarKernel<TOp, TIn, TOut> : TileKernel
    where TOp : IUnaryScalar<TIn, TOut>
    where TIn : unmanaged
    where TOut : unmanaged
{
    public override void Run(byte** inputs, byte* output, int count)
    {
        var x = (TIn*)inputs[0];
        var result = (TOut*)output;
        for (var i = 0; i < count; i++)
        {
            result[i] = TOp.At(x[i]);
        }
    }
}

internal sealed unsafe class BinaryKernel<TOp, TIn, TOut> : TileKernel
    where TOp : IBinary<TIn, TOut>
    where TIn : unmanaged
    where TOut : unmanaged
{
    public override void Run(byte** inputs, byte* output, int count) =>
        TOp.Run(new ReadOnlySpan<TIn>(inputs[0], count), new ReadOnlySpan<TIn>(inputs[1], count), new Span<TOut>(output, count));
}

internal sealed unsafe class BinaryScalarKernel<TOp, TIn, TOut> : TileKernel
    where TOp : IBinaryScalar<TIn, TOut>
    where TIn : unmanaged
    where TOut : unmanaged
{
    public override void Run(byte** inputs, byte* output, int count)
    {
        var x = (TIn*)inputs[0];
        var y = (TIn*)inputs[1];
        var result = (TOut*)output;
        for (var i = 0; i < count; i++)
        {
            result[i] = TOp.At(x[i], y[i]);
        }
    }
}

/// <summary>A kernel that a program carries along, instead of naming it: it says what it reads and writes.</summary>
internal abstract class CustomKernel : TileKernel
{
    /// <summary>Element types of the arguments.</summary>
    public abstract DType[] Inputs { get; }

    /// <summary>Element type of the result.</summary>
    public abstract DType Output { get; }
}

/// <summary>A user's function of one element.</summary>
internal sealed unsafe class MapKernel<TIn, TOut>(Func<TIn, TOut> function) : CustomKernel
    where TIn : unmanaged
    where TOut : unmanaged
{
    public override DType[] Inputs => [DTypes.Of<TIn>()];

    public override DType Output => DTypes.Of<TOut>();

    public override void Run(byte** inputs, byte* output, int count)
    {
        var x = (TIn*)inputs[0];
        var result = (TOut*)output;
        for (var i = 0; i < count; i++)
        {
            result[i] = function(x[i]);
        }
    }
}

/// <summary>A user's function of two elements.</summary>
internal sealed unsafe class MapKernel<TLeft, TRight, TOut>(Func<TLeft, TRight, TOut> function) : CustomKernel
    where TLeft : unmanaged
    where TRight : unmanaged
    where TOut : unmanaged
{
    public override DType[] Inputs => [DTypes.Of<TLeft>(), DTypes.Of<TRight>()];

    public override DType Output => DTypes.Of<TOut>();

    public override void Run(byte** inputs, byte* output, int count)
    {
        var x = (TLeft*)inputs[0];
        var y = (TRight*)inputs[1];
        var result = (TOut*)output;
        for (var i = 0; i < count; i++)
        {
            result[i] = function(x[i], y[i]);
        }
    }
}
