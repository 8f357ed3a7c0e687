using Orleans.Dask.Arrays;

namespace Orleans.Dask;

/// <summary>An array in memory some of whose elements are hidden.</summary>
/// <typeparam name="T">As of <see cref="NDArray{T}"/>.</typeparam>
public sealed class MaskedArray<T>
    where T : unmanaged
{
    /// <summary>Values, and true where one is hidden.</summary>
    /// <param name="data">The values.</param>
    /// <param name="mask">Of the same shape.</param>
    /// <param name="fillValue">In place of what is hidden; left out: numpy.ma's default of the type.</param>
    /// <exception cref="ShapeException">The mask is of another shape.</exception>
    public MaskedArray(NDArray<T> data, NDArray<bool> mask, T? fillValue = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(mask);
        Data = data;
        Mask = mask.Dimensions.AsSpan().SequenceEqual(data.Dimensions) ? mask
            : throw new ShapeException($"A mask of shape {Strided.Text(mask.Dimensions)} for data of shape {Strided.Text(data.Dimensions)}. Pass one truth value per element.");
        FillValue = fillValue ?? (T)Masks.DefaultFill(data.DType);
    }

    /// <summary>The values, hidden ones as they are.</summary>
    public NDArray<T> Data { get; }

    /// <summary>True where an element is hidden.</summary>
    public NDArray<bool> Mask { get; }

    /// <summary>What <see cref="Filled"/> puts in place of what is hidden.</summary>
    public T FillValue { get; }

    /// <summary>Length of each axis.</summary>
    public ReadOnlySpan<int> Shape => Data.Shape;

    /// <summary>How many elements are not hidden.</summary>
    public int Count => Mask.Size - Mask.Span.Count(true);

    /// <summary>The element at a position, or null where it is hidden.</summary>
    /// <exception cref="ArrayIndexException">No such position, or not one number per axis.</exception>
    public T? this[params ReadOnlySpan<int> position] => Mask[position] ? null : Data[position];

    /// <summary>The only element, or null where it is hidden.</summary>
    /// <exception cref="ShapeException">There is not exactly one.</exception>
    public T? ToScalar() => Mask.ToScalar() ? null : Data.ToScalar();

    /// <summary>The values, with one in place of the hidden ones.</summary>
    public NDArray<T> Filled(T? value = null) => (NDArray<T>)Elementwise.Where(Mask, (NDArray<T>)(value ?? FillValue), Data);

    /// <summary>The elements that are not hidden, in row-major order.</summary>
    public T[] Compressed()
    {
        var values = Data.Span;
        var hidden = Mask.Span;
        var kept = new List<T>();
        for (var i = 0; i < values.Length; i++)
        {
            if (!hidden[i])
            {
                kept.Add(values[i]);
            }
        }

        return [.. kept];
    }

    /// <summary>As numpy.ma prints it: <c>--</c> where an element is hidden.</summary>
    public override string ToString() => ArrayText.Write(Data, Mask, new PrintOptions());
}
