using Orleans.Dask.Arrays;

namespace Orleans.Dask;

/// <summary>
/// How an array is cut, in any of Dask's forms: one length for all axes (<c>1000</c>), one per axis (<c>(1000, 500)</c>, -1 for a
/// whole axis), explicit sizes (<c>long[][]</c>), some axes only (a dictionary), or <c>"auto"</c> and byte sizes such as <c>"16 MiB"</c>.
/// </summary>
public readonly struct ChunkSpec
{
    /// <summary>What automatic chunks aim at: large enough that a task's cost disappears, small enough that two fit the caches' last level.</summary>
    internal const long AutoBytes = 16 << 20;

    private readonly object? _form;

    private ChunkSpec(object form) => _form = form;

    /// <summary>True when nothing was said.</summary>
    internal bool IsDefault => _form is null;

    /// <summary>The explicit sizes.</summary>
    internal static ChunkSpec Explicit(long[][] chunks) => new(chunks);

    /// <summary>One length for all axes; -1 for whole axes.</summary>
    public static implicit operator ChunkSpec(int length) => new((long)length);

    /// <inheritdoc cref="op_Implicit(int)"/>
    public static implicit operator ChunkSpec(long length) => new(length);

    /// <summary>One length per axis.</summary>
    public static implicit operator ChunkSpec((long, long) lengths) => new(new[] { lengths.Item1, lengths.Item2 });

    /// <summary>One length per axis.</summary>
    public static implicit operator ChunkSpec((long, long, long) lengths) => new(new[] { lengths.Item1, lengths.Item2, lengths.Item3 });

    /// <summary>One length per axis; -1 for a whole axis.</summary>
    public static implicit operator ChunkSpec(int[] lengths) => new(Array.ConvertAll(lengths, l => (long)l));

    /// <inheritdoc cref="op_Implicit(int[])"/>
    public static implicit operator ChunkSpec(long[] lengths) => new(lengths);

    /// <summary>Every chunk's size, per axis. A list of one number is that length over and over.</summary>
    public static implicit operator ChunkSpec(long[][] sizes) => new(sizes);

    /// <inheritdoc cref="op_Implicit(long[][])"/>
    public static implicit operator ChunkSpec(int[][] sizes) => new(Array.ConvertAll(sizes, s => Array.ConvertAll(s, l => (long)l)));

    /// <summary>Only these axes; the others keep their chunks, or stay whole in a new array.</summary>
    public static implicit operator ChunkSpec(Dictionary<int, long> lengths) => new(lengths.ToDictionary(p => p.Key, p => new[] { p.Value }));

    /// <inheritdoc cref="op_Implicit(Dictionary{int, long})"/>
    public static implicit operator ChunkSpec(Dictionary<int, long[]> sizes) => new(sizes);

    /// <summary><c>"auto"</c>, or about so many bytes a chunk: <c>"128 MiB"</c>.</summary>
    public static implicit operator ChunkSpec(string text) => new(text);

    /// <summary>The explicit sizes for a shape.</summary>
    /// <param name="shape">Length of each axis.</param>
    /// <param name="type">For sizes in bytes.</param>
    /// <param name="before">Chunks that axes keep when the form doesn't name them.</param>
    /// <exception cref="ChunkException">They do not fit.</exception>
    internal long[][] Resolve(long[] shape, DType type, long[][]? before = null) => _form switch
    {
        null => Auto(shape, type, AutoBytes),
        long length => [.. shape.Select((l, axis) => Cut(axis, l, [length]))],
        long[] lengths => lengths.Length == shape.Length ? [.. shape.Select((l, axis) => Cut(axis, l, [lengths[axis]]))] : throw WrongCount(lengths.Length, shape),
        long[][] sizes => sizes.Length == shape.Length ? [.. shape.Select((l, axis) => Cut(axis, l, sizes[axis]))] : throw WrongCount(sizes.Length, shape),
        Dictionary<int, long[]> some => Some(some, shape, before),
        string text => Auto(shape, type, Bytes(text)),
        _ => throw new ChunkException($"{_form} is no chunk form."),
    };

    /// <summary>The sizes of blocks that a function gives, where block counts are known already.</summary>
    internal long[][] ResolveBlocks(long[][] blocks, DType type)
    {
        if (_form is not long[][] sizes || sizes.Length != blocks.Length)
        {
            return Resolve(Array.ConvertAll(blocks, b => b.Sum()), type, blocks);
        }

        for (var axis = 0; axis < sizes.Length; axis++)
        {
            if (sizes[axis].Length != blocks[axis].Length)
            {
                throw new ChunkException($"Axis {axis} has {blocks[axis].Length} blocks, but {sizes[axis].Length} sizes were given. Pass one per block.");
            }
        }

        return sizes;
    }

    private static ChunkException WrongCount(int found, long[] shape) =>
        new($"Chunks for {found} axes, but shape {Strided.Text(shape)} has {shape.Length}. Pass one length or one list of sizes per axis, or a single length for all.");

    private static long[][] Some(Dictionary<int, long[]> some, long[] shape, long[][]? before)
    {
        var result = before is null ? [.. shape.Select(l => new[] { l })] : (long[][])before.Clone();
        foreach (var (axis, sizes) in some)
        {
            var place = Strided.Axis(axis, shape.Length);
            result[place] = Cut(place, shape[place], sizes);
        }

        return result;
    }

    private static long[] Cut(int axis, long length, long[] sizes)
    {
        if (sizes.Length == 1 && (sizes[0] == -1 || sizes[0] >= length))
        {
            return sizes[0] == -1 || sizes[0] > 0 || length == 0 ? [length] : [0];
        }

        var sum = sizes.Sum();
        if (sum == length && Array.TrueForAll(sizes, s => s >= 0))
        {
            return sizes;
        }

        if (sizes.Length != 1 || sizes[0] <= 0)
        {
            throw new ChunkException($"Axis {axis} has length {length}, but its chunks {Strided.Text(sizes)} add up to {sum}. "
                + $"Pass sizes that add up to {length}, or a single size such as {Math.Max(1, (length + 3) / 4)}.");
        }

        var chunks = new long[(length + sizes[0] - 1) / sizes[0]];
        Array.Fill(chunks, sizes[0]);
        chunks[^1] = length - (sizes[0] * (chunks.Length - 1));
        return chunks;
    }

    /// <summary>Nearly equal lengths on all axes, so that chunks are as square as the shape lets them.</summary>
    private static long[][] Auto(long[] shape, DType type, long bytes)
    {
        var elements = Math.Max(1, bytes / type.Size());
        var lengths = (long[])shape.Clone();
        var open = Enumerable.Range(0, shape.Length).ToList();
        while (open.Count > 0)
        {
            var side = Math.Max(1, (long)Math.Pow(elements, 1.0 / open.Count));
            if (open.FirstOrDefault(a => shape[a] <= side, -1) is >= 0 and var small)
            {
                elements /= Math.Max(1, shape[small]);
                open.Remove(small);
                continue;
            }

            foreach (var axis in open)
            {
                lengths[axis] = side;
            }

            break;
        }

        return [.. shape.Select((l, axis) => Cut(axis, l, [Math.Max(1, lengths[axis])]))];
    }

    private static long Bytes(string text)
    {
        var trimmed = text.Trim();
        if (trimmed.Equals("auto", StringComparison.OrdinalIgnoreCase))
        {
            return AutoBytes;
        }

        var digits = trimmed.TakeWhile(c => char.IsAsciiDigit(c) || c == '.').Count();
        double unit = trimmed[digits..].Trim().ToUpperInvariant() switch
        {
            "" or "B" => 1,
            "KB" => 1e3,
            "MB" => 1e6,
            "GB" => 1e9,
            "KIB" => 1 << 10,
            "MIB" => 1 << 20,
            "GIB" => 1 << 30,
            _ => 0,
        };
        return unit > 0 && double.TryParse(trimmed[..digits], System.Globalization.CultureInfo.InvariantCulture, out var number) && number * unit >= 1
            ? (long)(number * unit)
            : throw new ChunkException($"'{text}' is no chunk size. Pass \"auto\", or a number of bytes such as \"128 MiB\" or \"100 MB\".");
    }
}
