namespace Orleans.Dask;

/// <summary>What a column holds. Any value may be missing.</summary>
public enum ColumnType
{
    /// <summary>64-bit integers; <c>int64</c>.</summary>
    Int64,

    /// <summary>Doubles; a missing one is NaN, as in pandas; <c>float64</c>.</summary>
    Float64,

    /// <summary>Text in UTF-8; an empty one is not missing; <c>string</c>.</summary>
    String,

    /// <summary>Nanoseconds since 1970-01-01, without a zone; <c>datetime64[ns]</c>.</summary>
    Timestamp,

    /// <summary>True or false; <c>bool</c>.</summary>
    Boolean,
}

internal static class ColumnTypes
{
    /// <summary>As pandas prints it.</summary>
    public static string PandasName(this ColumnType type) => type switch
    {
        ColumnType.Int64 => "int64",
        ColumnType.Float64 => "float64",
        ColumnType.String => "string",
        ColumnType.Timestamp => "datetime64[ns]",
        _ => "bool",
    };

    public static bool IsNumber(this ColumnType type) => type is ColumnType.Int64 or ColumnType.Float64 or ColumnType.Boolean;
}
