using System.Numerics;

namespace Orleans.Dask.Frames;

/// <summary>One bit a row, set where a value is present. No bitmap at all (null) where none is missing: the usual case costs nothing.</summary>
internal static class Validity
{
    public static ulong[] AllPresent(int length)
    {
        var bits = new ulong[Words(length)];
        Array.Fill(bits, ulong.MaxValue);
        return bits;
    }

    public static int Words(int length) => (length + 63) >> 6;

    public static bool IsSet(ulong[]? bits, int row) => bits is null || (bits[row >> 6] >> (row & 63) & 1) != 0;

    public static void Clear(ulong[] bits, int row) => bits[row >> 6] &= ~(1UL << (row & 63));

    /// <summary>How many of the first <paramref name="length"/> are missing.</summary>
    public static int MissingCount(ulong[]? bits, int length)
    {
        if (bits is null)
        {
            return 0;
        }

        var present = 0;
        for (var word = 0; word < length >> 6; word++)
        {
            present += BitOperations.PopCount(bits[word]);
        }

        if ((length & 63) != 0)
        {
            present += BitOperations.PopCount(bits[length >> 6] & ((1UL << (length & 63)) - 1));
        }

        return length - present;
    }

    /// <summary>Present where both are.</summary>
    public static ulong[]? And(ulong[]? left, ulong[]? right)
    {
        if (left is null || right is null)
        {
            return left ?? right;
        }

        var both = new ulong[left.Length];
        for (var word = 0; word < both.Length; word++)
        {
            both[word] = left[word] & right[word];
        }

        return both;
    }

    public static ulong[]? Take(ulong[]? bits, ReadOnlySpan<int> rows)
    {
        if (bits is null)
        {
            return null;
        }

        var taken = AllPresent(rows.Length);
        for (var i = 0; i < rows.Length; i++)
        {
            if (!IsSet(bits, rows[i]))
            {
                Clear(taken, i);
            }
        }

        return taken;
    }

    public static ulong[]? Concat(ReadOnlySpan<Column> parts, int length)
    {
        ulong[]? all = null;
        var start = 0;
        foreach (var part in parts)
        {
            if (part.Valid is { } bits)
            {
                all ??= AllPresent(length);
                for (var row = 0; row < part.Length; row++)
                {
                    if (!IsSet(bits, row))
                    {
                        Clear(all, start + row);
                    }
                }
            }

            start += part.Length;
        }

        return all;
    }
}
