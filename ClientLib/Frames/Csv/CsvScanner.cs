using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Orleans.Dask.Frames;

/// <summary>
/// Finds separators and newlines outside quotes, 64 bytes at a time: comparisons give bit masks, a running XOR of the
/// quotes' mask gives "inside quotes", and the bits that remain are walked.
/// <code>
///   bytes    a,"b,c",d⏎          quotes   0010000100   inside   0011111000   separators left   0100000010 + ⏎
/// </code>
/// Quotes within unquoted text (5" pipe) break that rule. They are noticed (an opening quote must follow a separator, a
/// closing one must precede one), and the window is scanned again by <see cref="CsvCarefulScanner"/>, byte by byte.
/// </summary>
internal static class CsvScanner
{
    /// <summary>Fills <paramref name="rows"/> with the complete rows of a window that begins with a row.</summary>
    /// <returns>Does any quote occur.</returns>
    public static bool Scan(ReadOnlySpan<byte> window, byte separator, byte quote, CsvRows rows)
    {
        rows.Reset();
        switch (TryScan(window, separator, quote, rows))
        {
            case Found.NoQuotes:
                return false;
            case Found.Quotes:
                return true;
            default:
                rows.Reset();
                CsvCarefulScanner.Scan(window, separator, quote, rows);
                return true;
        }
    }

    private enum Found
    {
        NoQuotes,
        Quotes,
        StrayQuotes,
    }

    private static Found TryScan(ReadOnlySpan<byte> window, byte separator, byte quote, CsvRows rows)
    {
        var separators = Vector512.Create(separator);
        var quotes = Vector512.Create(quote);
        var newlines = Vector512.Create((byte)'\n');
        var returns = Vector512.Create((byte)'\r');
        ulong insideBefore = 0, structuralBefore = 1, closedBefore = 0;
        var found = Found.NoQuotes;
        Span<byte> tail = stackalloc byte[64];
        for (var start = 0; start < window.Length; start += 64)
        {
            var length = window.Length - start;
            var valid = ulong.MaxValue;
            Vector512<byte> bytes;
            if (length >= 64)
            {
                bytes = Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(window), (nuint)start);
            }
            else
            {
                tail.Clear();
                window[start..].CopyTo(tail);
                bytes = Vector512.Create<byte>(tail);
                valid = (1UL << length) - 1;
            }

            var newline = Vector512.Equals(bytes, newlines).ExtractMostSignificantBits() & valid;
            var structural = (Vector512.Equals(bytes, separators).ExtractMostSignificantBits() & valid) | newline;
            var quoted = Vector512.Equals(bytes, quotes).ExtractMostSignificantBits() & valid;
            if ((quoted | insideBefore | closedBefore) != 0)
            {
                found = Found.Quotes;
                var inside = PrefixXor(quoted) ^ insideBefore;
                structural &= ~inside;
                newline &= ~inside;
                var closing = quoted & ~inside;
                var afterStructural = (structural << 1) | structuralBefore;
                var afterClosing = (closing << 1) | closedBefore;
                var carriageReturn = Vector512.Equals(bytes, returns).ExtractMostSignificantBits();
                var stray = (quoted & inside & ~(afterStructural | afterClosing))
                    | (afterClosing & valid & ~(structural | quoted | carriageReturn));
                if (stray != 0)
                {
                    return Found.StrayQuotes;
                }

                insideBefore = (ulong)((long)inside >> 63);
                closedBefore = closing >> 63;
            }

            structuralBefore = structural >> 63;
            while (structural != 0)
            {
                var bit = BitOperations.TrailingZeroCount(structural);
                structural &= structural - 1;
                if ((newline >> bit & 1) == 0)
                {
                    rows.EndField(start + bit);
                }
                else if (!rows.EndRow(window, start + bit))
                {
                    return found;
                }
            }
        }

        return found;
    }

    /// <summary>Bit i of the result is the parity of bits 0 to i.</summary>
    private static ulong PrefixXor(ulong bits)
    {
        bits ^= bits << 1;
        bits ^= bits << 2;
        bits ^= bits << 4;
        bits ^= bits << 8;
        bits ^= bits << 16;
        return bits ^ (bits << 32);
    }
}
