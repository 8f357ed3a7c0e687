using System.Runtime.InteropServices;

namespace Orleans.Dask.Grains.Interfaces.Payloads;

internal sealed class ListCodec<T> : FilledCodec<List<T>>
{
    public override void WriteBegin(PayloadWriter writer, object value) => writer.WriteVarUInt((uint)((List<T>)value).Count);

    public override List<T> Allocate(ref PayloadReader reader)
    {
        var count = Items<T>.ReadCount(ref reader);
        var list = new List<T>(count);
        CollectionsMarshal.SetCount(list, count);
        return list;
    }

    public override void Write(PayloadWriter writer, List<T> value) => Items<T>.Write(writer, CollectionsMarshal.AsSpan(value), null);

    public override void Fill(ref PayloadReader reader, List<T> value) => Items<T>.Read(ref reader, CollectionsMarshal.AsSpan(value));
}
