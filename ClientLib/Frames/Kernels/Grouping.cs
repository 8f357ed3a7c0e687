using System.Numerics;

namespace Orleans.Dask.Frames;

/// <summary>The distinct values of a column, numbered in order of appearance, and each row's number; -1 where the value is missing.</summary>
internal sealed class Grouping
{
    /// <summary>Keys within a range of this many values need no hash table.</summary>
    private const int DirectRange = 1 << 16;

    private Grouping(int[] groups, int[] firstRows)
    {
        Groups = groups;
        FirstRows = firstRows;
    }

    /// <summary>For each row its group.</summary>
    public int[] Groups { get; }

    /// <summary>For each group a row that has its key.</summary>
    public int[] FirstRows { get; }

    public static Grouping By(Column keys) => keys switch
    {
        StringColumn texts => ByText(texts),
        Float64Column doubles => ByNumber(doubles, Bits(doubles.Values)),
        _ => ByNumber(keys, Numbers.Integers(keys)),
    };

    private static Grouping ByNumber(Column column, ReadOnlySpan<long> keys)
    {
        var groups = new int[keys.Length];
        var first = new List<int>();
        if (keys.Length == 0)
        {
            return new Grouping(groups, []);
        }

        var (least, most) = Range(keys);
        var mayMiss = column.MissingCount > 0;
        if ((ulong)(most - least) < DirectRange)
        {
            var direct = new int[(int)(most - least) + 1];
            for (var row = 0; row < keys.Length; row++)
            {
                ref var slot = ref direct[keys[row] - least];
                if (mayMiss && column.IsMissing(row))
                {
                    groups[row] = -1;
                    continue;
                }

                if (slot == 0)
                {
                    first.Add(row);
                    slot = first.Count;
                }

                groups[row] = slot - 1;
            }

            return new Grouping(groups, [.. first]);
        }

        var table = new HashSlots();
        for (var row = 0; row < keys.Length; row++)
        {
            if (mayMiss && column.IsMissing(row))
            {
                groups[row] = -1;
                continue;
            }

            var key = keys[row];
            var hash = Mix((ulong)key);
            int group, slot = table.First(hash);
            while ((group = table[slot]) >= 0 && keys[first[group]] != key)
            {
                slot = table.Next(slot);
            }

            groups[row] = group >= 0 ? group : table.Add(slot, hash, first, row);
        }

        return new Grouping(groups, [.. first]);
    }

    private static Grouping ByText(StringColumn texts)
    {
        var groups = new int[texts.Length];
        var first = new List<int>();
        var table = new HashSlots();
        for (var row = 0; row < groups.Length; row++)
        {
            if (!Validity.IsSet(texts.Valid, row))
            {
                groups[row] = -1;
                continue;
            }

            var key = texts.Utf8(row);
            var hash = Hash(key);
            int group, slot = table.First(hash);
            while ((group = table[slot]) >= 0 && !(table.HashOf(group) == hash && texts.Utf8(first[group]).SequenceEqual(key)))
            {
                slot = table.Next(slot);
            }

            groups[row] = group >= 0 ? group : table.Add(slot, hash, first, row);
        }

        return new Grouping(groups, [.. first]);
    }

    private static (long Least, long Most) Range(ReadOnlySpan<long> keys) =>
        (System.Numerics.Tensors.TensorPrimitives.Min(keys), System.Numerics.Tensors.TensorPrimitives.Max(keys));

    /// <summary>Doubles by their bits; the two zeros are one key.</summary>
    private static long[] Bits(ReadOnlySpan<double> values)
    {
        var bits = new long[values.Length];
        for (var row = 0; row < bits.Length; row++)
        {
            bits[row] = BitConverter.DoubleToInt64Bits(values[row] == 0 ? 0 : values[row]);
        }

        return bits;
    }

    private static ulong Mix(ulong key)
    {
        key *= 0x9E3779B97F4A7C15;
        return key ^ (key >> 32);
    }

    private static ulong Hash(ReadOnlySpan<byte> text)
    {
        var hash = (ulong)text.Length;
        for (; text.Length >= 8; text = text[8..])
        {
            hash = Mix(hash ^ BitConverter.ToUInt64(text));
        }

        ulong rest = 0;
        foreach (var value in text)
        {
            rest = (rest << 8) | value;
        }

        return Mix(hash ^ rest);
    }

    /// <summary>Open addressing: a slot holds a group's number plus one. Hashes are kept per group, so that growing reads no keys.</summary>
    private sealed class HashSlots
    {
        private readonly List<ulong> _hashes = [];
        private int[] _slots = new int[64];

        public int this[int slot] => _slots[slot] - 1;

        public int First(ulong hash) => (int)(hash & (ulong)(_slots.Length - 1));

        public int Next(int slot) => (slot + 1) & (_slots.Length - 1);

        public ulong HashOf(int group) => _hashes[group];

        public int Add(int slot, ulong hash, List<int> first, int row)
        {
            _slots[slot] = first.Count + 1;
            first.Add(row);
            _hashes.Add(hash);
            if (first.Count * 2 > _slots.Length)
            {
                Grow();
            }

            return first.Count - 1;
        }

        private void Grow()
        {
            _slots = new int[BitOperations.RoundUpToPowerOf2((uint)_slots.Length + 1)];
            for (var group = 0; group < _hashes.Count; group++)
            {
                var slot = First(_hashes[group]);
                while (_slots[slot] != 0)
                {
                    slot = Next(slot);
                }

                _slots[slot] = group + 1;
            }
        }
    }
}
