using Microsoft.Win32.SafeHandles;

namespace Orleans.Dask.Frames;

/// <summary>
/// A block of a file may begin within a quoted field that spans lines. Whether it does is told by the number of quotes before it:
/// each block counts its own, and the counts before a block decide. One more pass over the bytes, at the speed of memory.
/// </summary>
internal static class CsvQuotes
{
    /// <summary>Is the number of quotes in [start, end) odd.</summary>
    public static bool IsOdd(SafeFileHandle file, long start, long end, byte quote, CancellationToken cancellationToken)
    {
        var buffer = new byte[1 << 18];
        long count = 0;
        while (start < end)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var read = RandomAccess.Read(file, buffer.AsSpan(0, (int)Math.Min(buffer.Length, end - start)), start);
            if (read == 0)
            {
                break;
            }

            count += buffer.AsSpan(0, read).Count(quote);
            start += read;
        }

        return (count & 1) != 0;
    }

    /// <summary>The first byte after a newline outside quotes, at or after <paramref name="position"/>; the file's end if there is none.</summary>
    /// <param name="file">The file.</param>
    /// <param name="position">Where the look-out begins: the byte before a block.</param>
    /// <param name="inside">Is this position within quotes.</param>
    /// <param name="quote">The quote.</param>
    public static long NextRecord(SafeFileHandle file, long position, bool inside, byte quote)
    {
        var buffer = new byte[1 << 14];
        for (; ; )
        {
            var read = RandomAccess.Read(file, buffer, position);
            if (read == 0)
            {
                return position;
            }

            for (var i = 0; i < read; i++)
            {
                if (buffer[i] == quote)
                {
                    inside = !inside;
                }
                else if (buffer[i] == '\n' && !inside)
                {
                    return position + i + 1;
                }
            }

            position += read;
        }
    }
}
