using System.Runtime.Intrinsics;

namespace Orleans.Dask.Arrays.Kernels;

/// <summary>The second argument where the first is true, else the third. Elements are bits of one width here.</summary>
internal sealed unsafe class Where<TBits> : TileKernel
    where TBits : unmanaged
{
    public override void Run(byte** inputs, byte* output, int count)
    {
        var condition = inputs[0];
        var x = (TBits*)inputs[1];
        var y = (TBits*)inputs[2];
        var result = (TBits*)output;
        var i = 0;
        if (sizeof(TBits) == 8 && Vector512.IsHardwareAccelerated && System.Runtime.Intrinsics.X86.Avx512F.IsSupported)
        {
            for (; i + 16 <= count; i += 16)
            {
                var bytes = Vector128.Load(condition + i);
                var low = System.Runtime.Intrinsics.X86.Avx512F.ConvertToVector512Int64(bytes);
                var high = System.Runtime.Intrinsics.X86.Avx512F.ConvertToVector512Int64(Vector128.Create(bytes.GetUpper(), bytes.GetUpper()));
                Vector512.ConditionalSelect(Vector512.GreaterThan(low, Vector512<long>.Zero), Vector512.Load((long*)x + i), Vector512.Load((long*)y + i)).Store((long*)result + i);
                Vector512.ConditionalSelect(Vector512.GreaterThan(high, Vector512<long>.Zero), Vector512.Load((long*)x + i + 8), Vector512.Load((long*)y + i + 8)).Store((long*)result + i + 8);
            }
        }

        for (; i < count; i++)
        {
            result[i] = condition[i] != 0 ? x[i] : y[i];
        }
    }
}
