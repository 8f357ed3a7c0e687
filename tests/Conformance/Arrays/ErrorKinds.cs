using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Conformance.Arrays;

/// <summary>Which of our exceptions is which kind of the vectors.</summary>
internal static class ErrorKinds
{
    public static bool Matches(string kind, Exception thrown)
    {
        var cause = thrown is TaskFailedException { InnerException: { } inner } ? inner : thrown;
        return kind switch
        {
            "axis" => cause is AxisException,
            "shape" => cause is ShapeException,
            "index" => cause is ArrayIndexException,
            "type" => cause is DTypeException or MissingMethodException,
            "linalg" => cause is LinearAlgebraException,
            "chunks" => cause is ChunkException,
            _ => cause is ArrayException,
        };
    }
}
