using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Orleans.Dask.Grains.Interfaces.Payloads;

/// <summary>Arrays of any rank; jagged ones are arrays of arrays.</summary>
internal static class ArrayCodecs
{
    public static Codec Create(Type type) => type.IsSZArray
        ? Codecs.Make(typeof(VectorCodec<>), type.GetElementType()!)
        : (Codec)Activator.CreateInstance(typeof(RankCodec<>).MakeGenericType(type.GetElementType()!), type)!;

    private sealed class VectorCodec<T> : FilledCodec<T[]>
    {
        public override void WriteBegin(PayloadWriter writer, object value) => writer.WriteVarUInt((uint)((T[])value).Length);

        public override T[] Allocate(ref PayloadReader reader) => Items<T>.Allocate(Items<T>.ReadCount(ref reader));

        public override void Write(PayloadWriter writer, T[] value) => Items<T>.Write(writer, value, value);

        public override void Fill(ref PayloadReader reader, T[] value) => Items<T>.Read(ref reader, new Span<T>(value));
    }

    private sealed class RankCodec<T>(Type type) : FilledCodec<Array>(type)
    {
        private readonly int _rank = type.GetArrayRank();

        public override void Check(object value)
        {
            var array = (Array)value;
            for (var axis = 0; axis < _rank; axis++)
            {
                if (array.GetLowerBound(axis) != 0)
                {
                    throw new PayloadException($"an array whose axis {axis} begins at {array.GetLowerBound(axis)} can't travel; only arrays that begin at 0 do.");
                }
            }
        }

        public override void WriteBegin(PayloadWriter writer, object value)
        {
            for (var axis = 0; axis < _rank; axis++)
            {
                writer.WriteVarUInt((uint)((Array)value).GetLength(axis));
            }
        }

        public override Array Allocate(ref PayloadReader reader)
        {
            var lengths = new int[_rank];
            var isEmpty = false;
            var count = 1L;
            for (var axis = 0; axis < _rank; axis++)
            {
                var length = reader.ReadVarUInt();
                isEmpty |= length == 0;
                if (length > (ulong)Array.MaxLength || (!isEmpty && (count *= (long)length) > reader.Remaining))
                {
                    PayloadReader.Fail($"axis {axis} announces {length:N0} items, but only {reader.Remaining:N0} bytes are left.");
                }

                lengths[axis] = (int)length;
            }

            reader.Charge(isEmpty ? 0 : count * Unsafe.SizeOf<T>());
            return Array.CreateInstanceFromArrayType(Type, lengths);
        }

        public override void Write(PayloadWriter writer, Array value) => Items<T>.Write(writer, All(value), value);

        public override void Fill(ref PayloadReader reader, Array value) => Items<T>.Read(ref reader, All(value));

        private static Span<T> All(Array array) =>
            MemoryMarshal.CreateSpan(ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(array)), array.Length);
    }
}
