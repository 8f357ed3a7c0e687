using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Orleans.Dask.Arrays;

/// <summary>Short names of content: equal parts give equal tokens, in every process.</summary>
internal static class ArrayToken
{
    public static string Of(params ReadOnlySpan<object?> parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            Append(text, part);
            text.Append('|');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 12));
    }

    /// <summary>Of the elements of an array, its shape and type.</summary>
    public static unsafe string OfData(NDArray array)
    {
        var rows = Strided.Contiguous(array);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var pin = rows.Pin();
        var size = rows.DType.Size();
        var start = (byte*)pin.Pointer + ((long)rows.Offset * size);
        const int Piece = 1 << 30;
        for (long done = 0; done < rows.NBytes; done += Piece)
        {
            hash.AppendData(new ReadOnlySpan<byte>(start + done, (int)Math.Min(Piece, rows.NBytes - done)));
        }

        return Of(Convert.ToHexStringLower(hash.GetHashAndReset()), rows.DType, rows.Dimensions);
    }

    /// <summary>For what has no content that can be named, such as a lambda: never the same twice.</summary>
    public static string Unique() => Guid.NewGuid().ToString("N")[..24];

    private static void Append(StringBuilder text, object? part)
    {
        switch (part)
        {
            case null:
                text.Append('-');
                break;
            case string s:
                text.Append(s.Length).Append(':').Append(s);
                break;
            case double d:
                text.Append(BitConverter.DoubleToInt64Bits(d).ToString("x", CultureInfo.InvariantCulture)).Append('d');
                break;
            case System.Collections.IEnumerable list:
                text.Append('[');
                foreach (var item in list)
                {
                    Append(text, item);
                    text.Append(',');
                }

                text.Append(']');
                break;
            case AxisIndex index:
                text.Append(CultureInfo.InvariantCulture, $"{index.Start},{index.Step},{index.Count}");
                Append(text, index.List);
                break;
            case IFormattable value:
                text.Append(value.ToString(null, CultureInfo.InvariantCulture)).Append(value.GetType().Name);
                break;
            default:
                text.Append(part);
                break;
        }
    }
}
