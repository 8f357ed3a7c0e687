namespace Orleans.Dask;

/// <summary>What the elements of an array are. The order is that of growing width within a kind.</summary>
public enum DType
{
    /// <summary><see cref="bool"/>, one byte.</summary>
    Bool,

    /// <summary><see cref="sbyte"/>.</summary>
    Int8,

    /// <summary><see cref="byte"/>.</summary>
    UInt8,

    /// <summary><see cref="short"/>.</summary>
    Int16,

    /// <summary><see cref="ushort"/>.</summary>
    UInt16,

    /// <summary><see cref="int"/>.</summary>
    Int32,

    /// <summary><see cref="uint"/>.</summary>
    UInt32,

    /// <summary><see cref="long"/>.</summary>
    Int64,

    /// <summary><see cref="ulong"/>.</summary>
    UInt64,

    /// <summary><see cref="Half"/>.</summary>
    Float16,

    /// <summary><see cref="float"/>.</summary>
    Float32,

    /// <summary><see cref="double"/>.</summary>
    Float64,

    /// <summary><see cref="System.Numerics.Complex"/>: two doubles.</summary>
    Complex128,
}
