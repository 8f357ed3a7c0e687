using Orleans.Dask.Arrays;

namespace Orleans.Dask;

/// <summary>Generalised functions: of the last axes, or by index letters.</summary>
public abstract partial class DaskArray
{
    /// <summary>A function of the last (core) axes of an array; leading axes stay chunked, core axes come into one chunk.</summary>
    /// <param name="function">Takes a block (loop axes…, core axes…), gives (loop axes…, output core axes…).</param>
    /// <param name="signature">Core axes by name, such as <c>"(i)->()"</c> or <c>"(i,j)->(j,i)"</c>.</param>
    /// <param name="array">The array.</param>
    /// <param name="outputSizes">Lengths of output axes that no input has.</param>
    public static DaskArray<TResult> ApplyGufunc<T, TResult>(Func<NDArray<T>, NDArray<TResult>> function, string signature, DaskArray<T> array, IReadOnlyDictionary<string, long>? outputSizes = null)
        where T : unmanaged
        where TResult : unmanaged
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(array);
        return new(Gufunc.Lower(signature, [array.Recipe], DTypes.Of<TResult>(), outputSizes, blocks => function((NDArray<T>)blocks[0])));
    }

    /// <summary>A function with two answers of the last (core) axes of an array, such as <c>"(i)->(),()"</c>; it runs once a block for both.</summary>
    /// <param name="function">Takes a block (loop axes…, core axes…), gives two.</param>
    /// <param name="signature">Core axes by name.</param>
    /// <param name="array">The array.</param>
    /// <param name="outputSizes">Lengths of output axes that no input has.</param>
    public static (DaskArray<TFirst> First, DaskArray<TSecond> Second) ApplyGufunc<T, TFirst, TSecond>(Func<NDArray<T>, (NDArray<TFirst> First, NDArray<TSecond> Second)> function, string signature, DaskArray<T> array, IReadOnlyDictionary<string, long>? outputSizes = null)
        where T : unmanaged
        where TFirst : unmanaged
        where TSecond : unmanaged
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(array);
        var parts = Gufunc.Lower(signature, [array.Recipe], [DTypes.Of<TFirst>(), DTypes.Of<TSecond>()], outputSizes, blocks => function((NDArray<T>)blocks[0]) is var (first, second) ? [first, second] : []);
        return (new(parts[0]), new(parts[1]));
    }

    /// <summary>A function of the last (core) axes of two arrays; leading axes broadcast.</summary>
    /// <param name="function">Takes blocks whose loop axes agree.</param>
    /// <param name="signature">Such as <c>"(i),(i)->()"</c>.</param>
    /// <param name="left">The first array.</param>
    /// <param name="right">The second array.</param>
    /// <param name="outputSizes">Lengths of output axes that no input has.</param>
    public static DaskArray<TResult> ApplyGufunc<T1, T2, TResult>(Func<NDArray<T1>, NDArray<T2>, NDArray<TResult>> function, string signature, DaskArray<T1> left, DaskArray<T2> right, IReadOnlyDictionary<string, long>? outputSizes = null)
        where T1 : unmanaged
        where T2 : unmanaged
        where TResult : unmanaged
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        ArgumentNullException.ThrowIfNull(function);
        return new(Gufunc.Lower(signature, [left.Recipe, right.Recipe], DTypes.Of<TResult>(), outputSizes, blocks => function((NDArray<T1>)blocks[0], (NDArray<T2>)blocks[1])));
    }

    /// <summary>A function of aligned blocks in index notation: axes with the same letter go together; a letter that an array lacks repeats it.</summary>
    /// <param name="function">Takes a block.</param>
    /// <param name="output">Letters of the answer, such as <c>"ji"</c>.</param>
    /// <param name="array">The array.</param>
    /// <param name="letters">Its letters.</param>
    public static DaskArray<TResult> Blockwise<T, TResult>(Func<NDArray<T>, NDArray<TResult>> function, string output, DaskArray<T> array, string letters)
        where T : unmanaged
        where TResult : unmanaged
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(letters);
        ArgumentNullException.ThrowIfNull(array);
        return new DaskArray<T>(Gufunc.Aligned(array.Recipe, letters, output)).MapBlocks(function);
    }

    /// <summary>A function of aligned blocks of two arrays in index notation.</summary>
    /// <param name="function">Takes blocks that broadcast together.</param>
    /// <param name="output">Letters of the answer, such as <c>"ij"</c>.</param>
    /// <param name="left">The first array.</param>
    /// <param name="leftLetters">Its letters.</param>
    /// <param name="right">The second array.</param>
    /// <param name="rightLetters">Its letters.</param>
    public static DaskArray<TResult> Blockwise<T1, T2, TResult>(Func<NDArray<T1>, NDArray<T2>, NDArray<TResult>> function, string output, DaskArray<T1> left, string leftLetters, DaskArray<T2> right, string rightLetters)
        where T1 : unmanaged
        where T2 : unmanaged
        where TResult : unmanaged
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(leftLetters);
        ArgumentNullException.ThrowIfNull(rightLetters);
        return new DaskArray<T1>(Gufunc.Aligned(left.Recipe, leftLetters, output)).MapBlocks(new DaskArray<T2>(Gufunc.Aligned(right.Recipe, rightLetters, output)), function);
    }
}
