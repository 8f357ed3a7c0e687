using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Orleans.Dask.RandomNumbers;

/// <summary>
/// Philox4x32-10: 128 random bits as a pure function of a counter and a key. No state is carried from one number to the
/// next, so any element of any array can be drawn alone, by anybody, in any order, and is the same.
/// </summary>
/// <remarks>Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3 (SC 2011).</remarks>
internal static class Philox
{
    private const uint MultiplierA = 0xD2511F53;
    private const uint MultiplierB = 0xCD9E8D57;
    private const uint WeylA = 0x9E3779B9;
    private const uint WeylB = 0xBB67AE85;
    private const int Rounds = 10;

    /// <summary>One block: counter (low, high) and key to two 64-bit words.</summary>
    public static (ulong Low, ulong High) Block(ulong counterLow, ulong counterHigh, ulong key)
    {
        uint c0 = (uint)counterLow, c1 = (uint)(counterLow >> 32), c2 = (uint)counterHigh, c3 = (uint)(counterHigh >> 32);
        uint k0 = (uint)key, k1 = (uint)(key >> 32);
        for (var round = 0; round < Rounds; round++)
        {
            var a = (ulong)MultiplierA * c0;
            var b = (ulong)MultiplierB * c2;
            (c0, c1, c2, c3) = ((uint)(b >> 32) ^ c1 ^ k0, (uint)b, (uint)(a >> 32) ^ c3 ^ k1, (uint)a);
            k0 += WeylA;
            k1 += WeylB;
        }

        return (c0 | ((ulong)c1 << 32), c2 | ((ulong)c3 << 32));
    }

    /// <summary>
    /// Blocks of consecutive counters (first, 0), (first + 1, 0) …: two words each, into <paramref name="words"/>,
    /// whose length is even. Eight blocks at a time in vectors of 64-bit lanes that hold 32-bit halves.
    /// </summary>
    public static void Blocks(ulong first, ulong key, Span<ulong> words)
    {
        var done = 0;
        ref var target = ref MemoryMarshal.GetReference(words);
        var low = Vector512.Create(0xFFFF_FFFFUL);
        for (; done + 16 <= words.Length; done += 16)
        {
            var counter = Vector512.Create(first + (ulong)(done / 2)) + Vector512.Create(0UL, 1, 2, 3, 4, 5, 6, 7);
            Vector512<ulong> c0 = counter & low, c1 = counter >>> 32, c2 = default, c3 = default;
            uint k0 = (uint)key, k1 = (uint)(key >> 32);
            for (var round = 0; round < Rounds; round++)
            {
                var a = MultiplyHalves(c0, MultiplierA);
                var b = MultiplyHalves(c2, MultiplierB);
                c0 = (b >>> 32) ^ c1 ^ Vector512.Create((ulong)k0);
                c1 = b & low;
                c2 = (a >>> 32) ^ c3 ^ Vector512.Create((ulong)k1);
                c3 = a & low;
                k0 += WeylA;
                k1 += WeylB;
            }

            var lows = c0 | (c1 << 32);
            var highs = c2 | (c3 << 32);
            for (var lane = 0; lane < 8; lane++)
            {
                Unsafe.Add(ref target, done + (2 * lane)) = lows[lane];
                Unsafe.Add(ref target, done + (2 * lane) + 1) = highs[lane];
            }
        }

        for (; done < words.Length; done += 2)
        {
            (words[done], words[done + 1]) = Block(first + (ulong)(done / 2), 0, key);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> MultiplyHalves(Vector512<ulong> halves, uint multiplier) =>
        System.Runtime.Intrinsics.X86.Avx512F.IsSupported
            ? System.Runtime.Intrinsics.X86.Avx512F.Multiply(halves.AsUInt32(), Vector512.Create((ulong)multiplier).AsUInt32())
        : System.Runtime.Intrinsics.X86.Avx2.IsSupported
            ? Vector512.Create(
                System.Runtime.Intrinsics.X86.Avx2.Multiply(halves.GetLower().AsUInt32(), Vector256.Create((ulong)multiplier).AsUInt32()),
                System.Runtime.Intrinsics.X86.Avx2.Multiply(halves.GetUpper().AsUInt32(), Vector256.Create((ulong)multiplier).AsUInt32()))
            : halves * Vector512.Create((ulong)multiplier);
}
