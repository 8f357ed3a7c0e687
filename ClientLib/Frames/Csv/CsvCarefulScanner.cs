namespace Orleans.Dask.Frames;

/// <summary>The rule in full, byte by byte: a quote opens only at the start of a field, and closes unless another follows; elsewhere it is text.</summary>
internal static class CsvCarefulScanner
{
    public static void Scan(ReadOnlySpan<byte> window, byte separator, byte quote, CsvRows rows)
    {
        var fieldStart = true;
        for (var i = 0; i < window.Length; i++)
        {
            var value = window[i];
            if (fieldStart && value == quote)
            {
                // To the closing quote; a doubled one stands for itself.
                for (i++; i < window.Length; i++)
                {
                    if (window[i] == quote)
                    {
                        if (i + 1 < window.Length && window[i + 1] == quote)
                        {
                            i++;
                            continue;
                        }

                        break;
                    }
                }

                fieldStart = false;
            }
            else if (value == separator)
            {
                rows.EndField(i);
                fieldStart = true;
            }
            else if (value == '\n')
            {
                if (!rows.EndRow(window, i))
                {
                    return;
                }

                fieldStart = true;
            }
            else
            {
                fieldStart = false;
            }
        }
    }
}
