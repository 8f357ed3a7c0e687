namespace Orleans.Dask.Grains.Interfaces;

/// <summary>
/// An exact codec for <typeparamref name="T"/>, named by <see cref="PayloadCodecAttribute"/> on the type itself.
/// It needs a constructor without parameters, is made once, and is used by many threads at a time.
/// </summary>
/// <typeparam name="T">The type it is for, not a base of it.</typeparam>
public abstract class PayloadCodec<T>
{
    /// <summary>Writes all of the value. Null and repeated references are already dealt with.</summary>
    public abstract void Write(PayloadWriter writer, T value);

    /// <summary>
    /// Reads what <see cref="Write"/> wrote. The bytes may be hostile: take lengths from <see cref="PayloadReader.ReadLength(int)"/>,
    /// check what must hold, and throw <see cref="PayloadException"/>.
    /// </summary>
    public abstract T Read(ref PayloadReader reader);
}

/// <summary>Names the exact codec of a type. For a generic type give the open codec, <c>typeof(BoxCodec&lt;&gt;)</c>; it takes the type's own arguments.</summary>
/// <param name="codec">A class derived from <see cref="PayloadCodec{T}"/> of the type that bears this.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
public sealed class PayloadCodecAttribute(Type codec) : Attribute
{
    /// <summary>The codec's class.</summary>
    public Type Codec { get; } = codec;
}

/// <summary>The field stays behind: it is not written, and null or zero where the object arrives. For caches and the like.</summary>
[AttributeUsage(AttributeTargets.Field, Inherited = false)]
public sealed class PayloadIgnoreAttribute : Attribute;
