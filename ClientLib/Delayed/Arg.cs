namespace Orleans.Dask;

/// <summary>An argument of a delayed call: a value, or a delayed one. Both convert to it by themselves.</summary>
/// <typeparam name="T">Type of the function's parameter.</typeparam>
public readonly struct Arg<T>
{
    private Arg(object? value) => Value = value;

    /// <summary>The value, or the <see cref="Delayed{T}"/>.</summary>
    internal object? Value { get; }

    /// <summary>A constant.</summary>
    public static implicit operator Arg<T>(T value) => new(value);

    /// <summary>A value to be computed first.</summary>
    public static implicit operator Arg<T>(Delayed<T> value) => new(value);
}
