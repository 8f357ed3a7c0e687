using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Orleans.Dask.Files;

/// <summary>
/// Reads the description of an .npy stack, which dask pickles: a dictionary with chunks (a tuple of tuples of whole
/// numbers), dtype and axis. Just enough of the format to follow it; what would make an object is only noted, never made.
/// </summary>
internal ref struct StackInfo(ReadOnlySpan<byte> pickle, string file)
{
    private const int MostAxes = 64;

    /// <summary>In place of an object that the pickle would make.</summary>
    private static readonly object s_opaque = new();

    /// <summary>Where a group of items begins.</summary>
    private static readonly object s_mark = new();

    private readonly ReadOnlySpan<byte> _bytes = pickle;
    private readonly List<object?> _stack = [];
    private readonly Dictionary<long, object?> _memo = [];
    private int _at;

    /// <exception cref="ArrayFileException">Not such a description.</exception>
    public (long[][] Chunks, int Axis) Read()
    {
        while (Step(Byte()))
        {
        }

        if (_stack.Count != 1 || _stack[0] is not Dictionary<string, object?> info
            || info.GetValueOrDefault("chunks") is not List<object?> axes || info.GetValueOrDefault("axis") is not long axis)
        {
            throw Wrong("a dictionary of chunks, dtype and axis");
        }

        var chunks = new long[axes.Count][];
        for (var i = 0; i < chunks.Length; i++)
        {
            chunks[i] = axes[i] is List<object?> sizes && sizes.TrueForAll(s => s is long and >= 0 and <= int.MaxValue) && sizes.Count > 0 ? [.. sizes.Select(s => (long)s!)]
                : throw Wrong($"whole numbers as the chunks of axis {i}");
        }

        for (var i = 0; i < chunks.Length; i++)
        {
            if (i != axis && chunks[i].Length != 1)
            {
                throw Wrong($"one chunk on axis {i}, since the stack runs along axis {axis}");
            }
        }

        return chunks.Length <= MostAxes && axis >= 0 && axis < chunks.Length ? (chunks, (int)axis)
            : throw Wrong($"an axis of {chunks.Length} instead of {axis}");
    }

    private bool Step(byte code)
    {
        switch (code)
        {
            case 0x80: Take(1); break;                                                    // PROTO
            case 0x95: Take(8); break;                                                    // FRAME
            case (byte)'.': return false;
            case (byte)'(': Push(s_mark); break;
            case (byte)'N': Push(null); break;
            case 0x88: Push(1L); break;                                                   // NEWTRUE
            case 0x89: Push(0L); break;                                                   // NEWFALSE
            case (byte)'K': Push((long)Byte()); break;
            case (byte)'M': Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); break;
            case (byte)'J': Push((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4))); break;
            case (byte)'I' or (byte)'L': Push(Number(Line())); break;
            case 0x8a: Push(Long(Take(Byte()))); break;                                   // LONG1
            case (byte)'V': Push(Encoding.UTF8.GetString(Line())); break;
            case (byte)'S': Push(Encoding.UTF8.GetString(Line()).Trim('\'', '"')); break;
            case (byte)'U' or 0x8c: Push(Encoding.UTF8.GetString(Take(Byte()))); break;   // SHORT_BINSTRING, SHORT_BINUNICODE
            case (byte)'X': Push(Encoding.UTF8.GetString(Take(Count()))); break;
            case (byte)'C': Take(Byte()); Push(s_opaque); break;
            case (byte)'c': Line(); Line(); Push(s_opaque); break;
            case 0x93: Pop(); Pop(); Push(s_opaque); break;                               // STACK_GLOBAL
            case (byte)'R' or 0x81: Pop(); Pop(); Push(s_opaque); break;                  // REDUCE, NEWOBJ
            case (byte)'b': Pop(); break;                                                 // BUILD: the object stays
            case (byte)')' or (byte)']': Push(new List<object?>()); break;
            case 0x85: Push(Last(1)); break;                                              // TUPLE1 to TUPLE3
            case 0x86: Push(Last(2)); break;
            case 0x87: Push(Last(3)); break;
            case (byte)'t' or (byte)'l': Push(ToMark()); break;
            case (byte)'a': Append(Last(1)); break;
            case (byte)'e': Append(ToMark()); break;
            case (byte)'}': Push(new Dictionary<string, object?>()); break;
            case (byte)'d':
                var items = ToMark();
                Push(new Dictionary<string, object?>());
                Set(items);
                break;
            case (byte)'s': Set(Last(2)); break;
            case (byte)'u': Set(ToMark()); break;
            case 0x94: _memo[_memo.Count] = Top(); break;                                 // MEMOIZE
            case (byte)'q': _memo[Byte()] = Top(); break;
            case (byte)'r': _memo[Count()] = Top(); break;
            case (byte)'p': _memo[Number(Line())] = Top(); break;
            case (byte)'h': Recall(Byte()); break;
            case (byte)'j': Recall(Count()); break;
            case (byte)'g': Recall(Number(Line())); break;
            default:
                throw Wrong(string.Create(CultureInfo.InvariantCulture, $"something else than opcode 0x{code:x2}"));
        }

        return true;
    }

    private readonly void Push(object? value) => _stack.Add(value);

    private readonly object? Top() => _stack.Count > 0 ? _stack[^1] : throw Wrong("a value first");

    private readonly object? Pop()
    {
        var value = Top();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private readonly List<object?> Last(int count)
    {
        if (_stack.Count < count)
        {
            throw Wrong("more values first");
        }

        var values = _stack.GetRange(_stack.Count - count, count);
        _stack.RemoveRange(_stack.Count - count, count);
        return values;
    }

    private readonly List<object?> ToMark()
    {
        var mark = _stack.LastIndexOf(s_mark);
        if (mark < 0)
        {
            throw Wrong("the beginning of a group first");
        }

        var values = Last(_stack.Count - mark - 1);
        Pop();
        return values;
    }

    private readonly void Append(List<object?> values)
    {
        if (Top() is not List<object?> list)
        {
            throw Wrong("a list to append to");
        }

        list.AddRange(values);
    }

    private readonly void Set(List<object?> items)
    {
        if (Top() is not Dictionary<string, object?> dictionary || items.Count % 2 != 0)
        {
            throw Wrong("a dictionary, names and values");
        }

        for (var i = 0; i < items.Count; i += 2)
        {
            dictionary[items[i] as string ?? throw Wrong("a name")] = items[i + 1];
        }
    }

    private readonly void Recall(long index) => Push(_memo.TryGetValue(index, out var value) ? value : throw Wrong($"a value kept as {index}"));

    private byte Byte() => Take(1)[0];

    private int Count() => BinaryPrimitives.ReadInt32LittleEndian(Take(4)) is >= 0 and var count ? count : throw Wrong("a length");

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _bytes.Length - _at)
        {
            throw Wrong($"{count} bytes more");
        }

        _at += count;
        return _bytes.Slice(_at - count, count);
    }

    private ReadOnlySpan<byte> Line()
    {
        var end = _bytes[_at..].IndexOf((byte)'\n');
        return end < 0 ? throw Wrong("the end of a line") : Take(end + 1)[..^1];
    }

    private readonly long Number(ReadOnlySpan<byte> text) =>
        long.TryParse(text.TrimEnd((byte)'L'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw Wrong("a whole number");

    private readonly long Long(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > 8)
        {
            throw Wrong("a number of at most 8 bytes");
        }

        long value = bytes.Length > 0 && bytes[^1] > 127 ? -1 : 0;
        for (var i = bytes.Length - 1; i >= 0; i--)
        {
            value = (value << 8) | bytes[i];
        }

        return value;
    }

    private readonly ArrayFileException Wrong(string expected) =>
        new($"{file} is not the description of a stack: expected {expected}, at its byte {_at} of {_bytes.Length}.");
}
