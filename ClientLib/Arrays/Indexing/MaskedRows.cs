using System.Runtime.InteropServices;

namespace Orleans.Dask.Arrays;

/// <summary>The rows of one block where a mask is true.</summary>
internal static unsafe class MaskedRows
{
    public static NDArray Of(NDArray block, NDArray<bool> mask)
    {
        var chosen = MemoryMarshal.AsBytes(mask.Span);
        var count = 0;
        foreach (var one in chosen)
        {
            count += one == 0 ? 0 : 1;
        }

        if (block.Rank > 1)
        {
            return Indexer.Take(block, Positions(chosen, count), 0);
        }

        var result = block.NewOfLength(count);
        using var from = block.Pin();
        using var to = result.Pin();
        var size = block.DType.Size();
        var source = (byte*)from.Pointer + ((long)block.Offset * size);
        var target = (byte*)to.Pointer + ((long)result.Offset * size);
        var step = block.Steps[0];
        switch (size)
        {
            case 1:
                Pack(source, step, chosen, target, count);
                break;
            case 2:
                Pack((ushort*)source, step, chosen, (ushort*)target, count);
                break;
            case 4:
                Pack((uint*)source, step, chosen, (uint*)target, count);
                break;
            case 8:
                Pack((ulong*)source, step, chosen, (ulong*)target, count);
                break;
            default:
                Pack((UInt128*)source, step, chosen, (UInt128*)target, count);
                break;
        }

        return result;
    }

    // Without a branch on the mask, which no processor could guess: what is not chosen is written over by the next.
    private static void Pack<T>(T* source, long step, ReadOnlySpan<byte> chosen, T* target, int count)
        where T : unmanaged
    {
        var at = 0;
        for (var i = 0; at < count; i++)
        {
            target[at] = source[i * step];
            at += chosen[i] == 0 ? 0 : 1;
        }
    }

    private static long[] Positions(ReadOnlySpan<byte> chosen, int count)
    {
        var positions = new long[count];
        var at = 0;
        for (var i = 0; at < count; i++)
        {
            positions[at] = i;
            at += chosen[i] == 0 ? 0 : 1;
        }

        return positions;
    }
}
