using System.Numerics;

namespace Orleans.Dask.Arrays;

/// <summary>Single values of an element type known at run time.</summary>
internal static class Constants
{
    public static unsafe void Fill(DType type, object value, byte* target, int count)
    {
        switch (type)
        {
            case DType.Bool: new Span<bool>(target, count).Fill((bool)value); break;
            case DType.Int8: new Span<sbyte>(target, count).Fill((sbyte)value); break;
            case DType.UInt8: new Span<byte>(target, count).Fill((byte)value); break;
            case DType.Int16: new Span<short>(target, count).Fill((short)value); break;
            case DType.UInt16: new Span<ushort>(target, count).Fill((ushort)value); break;
            case DType.Int32: new Span<int>(target, count).Fill((int)value); break;
            case DType.UInt32: new Span<uint>(target, count).Fill((uint)value); break;
            case DType.Int64: new Span<long>(target, count).Fill((long)value); break;
            case DType.UInt64: new Span<ulong>(target, count).Fill((ulong)value); break;
            case DType.Float16: new Span<Half>(target, count).Fill((Half)value); break;
            case DType.Float32: new Span<float>(target, count).Fill((float)value); break;
            case DType.Float64: new Span<double>(target, count).Fill((double)value); break;
            default: new Span<Complex>(target, count).Fill((Complex)value); break;
        }
    }

    /// <summary>A number as an element of another type.</summary>
    public static object Convert(double value, DType type) => type switch
    {
        DType.Bool => value != 0,
        DType.Int8 => (sbyte)value,
        DType.UInt8 => (byte)value,
        DType.Int16 => (short)value,
        DType.UInt16 => (ushort)value,
        DType.Int32 => (int)value,
        DType.UInt32 => (uint)value,
        DType.Int64 => (long)value,
        DType.UInt64 => (ulong)value,
        DType.Float16 => (Half)value,
        DType.Float32 => (float)value,
        DType.Float64 => value,
        _ => new Complex(value, 0),
    };

    public static object Of<T>(T value)
        where T : unmanaged => value;
}
