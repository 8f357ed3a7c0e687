using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using Orleans.Dask.Arrays;

namespace Orleans.Dask.Files;

/// <summary>Elements between the form a file holds them in and arrays in memory.</summary>
internal static unsafe class StoredElements
{
    /// <summary>Per axis, how many elements apart neighbours lie in a file of that shape.</summary>
    public static long[] Steps(ReadOnlySpan<long> shape, bool fortranOrder)
    {
        var steps = new long[shape.Length];
        long step = 1;
        for (var i = 0; i < steps.Length; i++)
        {
            var axis = fortranOrder ? i : steps.Length - 1 - i;
            steps[axis] = step;
            step = checked(step * Math.Max(1, shape[axis]));
        }

        return steps;
    }

    /// <summary>The first element of a row-major array that is pinned; its buffer may begin before.</summary>
    public static byte* First(NDArray array, in MemoryHandle pin) => (byte*)pin.Pointer + ((long)array.Offset * array.DType.Size());

    /// <summary>An array of elements that lie in memory as they lie in the file.</summary>
    /// <param name="type">Of the stored elements.</param>
    /// <param name="first">The first one.</param>
    /// <param name="steps">Per axis, how many elements apart neighbours lie.</param>
    /// <param name="shape">What to take.</param>
    public static NDArray Read(NumpyType type, byte* first, long[] steps, int[] shape)
    {
        var result = NDArray.Allocate(type.DType, shape);
        if (result.Size > 0)
        {
            Into(result, type, first, steps, shape);
        }

        return result;
    }

    /// <summary>Fills an array (or a view of one) with stored elements.</summary>
    public static void Into(NDArray target, NumpyType type, byte* first, long[] steps, int[] shape)
    {
        if (target.Size == 0)
        {
            return;
        }

        var turned = !type.IsAsInMemory || type.IsBigEndian == BitConverter.IsLittleEndian || type.DType == DType.Bool;
        if (turned && !(type.IsAsInMemory && target.IsContiguous))
        {
            var packed = new byte[checked((long)target.Size * type.Size)];
            fixed (byte* bytes = packed)
            {
                Copy(first, steps, bytes, Array.ConvertAll(Strided.RowMajor(shape), s => (long)s), shape, type.Size);
            }

            type.ToNative(packed);
            Strided.CopyTo(Widen(type, packed, shape), target);
            return;
        }

        using var pin = target.Pin();
        var size = target.DType.Size();
        var start = First(target, pin);
        Copy(first, steps, start, Array.ConvertAll(target.Steps, s => (long)s), shape, size);
        if (turned)
        {
            type.ToNative(new Span<byte>(start, checked(target.Size * size)));
        }
    }

    /// <summary>Copies between walks whose steps may be longer than an array in memory is.</summary>
    public static void Copy(byte* from, long[] fromSteps, byte* to, long[] toSteps, int[] shape, int size)
    {
        for (var axis = 0; axis < shape.Length; axis++)
        {
            if (shape[axis] != 1 && (fromSteps[axis] > int.MaxValue || toSteps[axis] > int.MaxValue))
            {
                var one = (int[])shape.Clone();
                one[axis] = 1;
                for (var i = 0; i < shape[axis]; i++)
                {
                    Copy(from + (i * fromSteps[axis] * size), fromSteps, to + (i * toSteps[axis] * size), toSteps, one, size);
                }

                return;
            }
        }

        // Steps of axes of length 1 are never walked.
        StridedCopy.Run(from, Array.ConvertAll(fromSteps, s => (int)Math.Min(s, int.MaxValue)), to, Array.ConvertAll(toSteps, s => (int)Math.Min(s, int.MaxValue)), shape, size);
    }

    /// <summary>Packed elements, turned already, as an array.</summary>
    private static NDArray Widen(NumpyType type, byte[] packed, int[] shape)
    {
        var array = NDArray.Allocate(type.DType, shape);
        switch (type.Kind)
        {
            case "c8":
                var parts = MemoryMarshal.Cast<byte, float>(packed);
                var numbers = ((NDArray<Complex>)array).Data;
                for (var i = 0; i < numbers.Length; i++)
                {
                    numbers[i] = new Complex(parts[2 * i], parts[(2 * i) + 1]);
                }

                break;
            default:
                using (var pin = array.Pin())
                {
                    packed.CopyTo(new Span<byte>(First(array, pin), packed.Length));
                }

                break;
        }

        return array;
    }
}
