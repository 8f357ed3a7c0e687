using Orleans.Dask.Session;

namespace Orleans.Dask;

/// <summary>One argument of a submitted call: a constant, a future, or a list of futures.</summary>
internal readonly struct Arg
{
    private Arg(object? value, FutureState? future, FutureState[]? list)
    {
        Value = value;
        Future = future;
        List = list;
    }

    public object? Value { get; }

    public FutureState? Future { get; }

    public FutureState[]? List { get; }

    public static Arg Of(FutureState state) => new(null, state, null);

    public static Arg Of<T>(T value) => new(value, null, null);

    public static Arg Of<T>(Future<T> future)
    {
        ArgumentNullException.ThrowIfNull(future);
        return new(null, future.State, null);
    }

    public static Arg Of<T>(IEnumerable<Future<T>> futures)
    {
        ArgumentNullException.ThrowIfNull(futures);
        return new(null, null, [.. futures.Select(future => future.State)]);
    }
}
