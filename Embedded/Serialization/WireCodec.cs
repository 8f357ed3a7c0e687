namespace Orleans.Embedded.Serialization;

/// <summary>Writes, reads and copies the values of one declared type.</summary>
internal abstract class WireCodec
{
    public abstract Type Type { get; }

    public abstract WireKind Kind { get; }

    /// <summary>A copy is the value itself: it cannot change, or promises not to.</summary>
    public abstract bool SharesCopies { get; }

    /// <summary>For values found where another type was declared (object, an interface, a base class).</summary>
    public abstract WireBody RuntimeBody { get; }
}

/// <summary>As <see cref="WireCodec"/>, without boxing. One instance per type and process.</summary>
internal abstract class WireCodec<T> : WireCodec
{
    private static WireCodec<T>? _instance;
    private WireBody? _runtimeBody;

    public static WireCodec<T> Instance => _instance ??= (WireCodec<T>)WireCodecs.For(typeof(T));

    public sealed override Type Type => typeof(T);

    public override WireBody RuntimeBody => _runtimeBody ??= new ValueBody<T>(this);

    public abstract void Write(ref WireWriter writer, T value);

    public abstract T Read(ref WireReader reader);

    public abstract T Copy(T value, CopyContext context);

    /// <summary>The value is what a new object holds anyway, so it need not be written.</summary>
    public virtual bool IsDefault(T value) => false;
}

/// <summary>A codec of a type whose values cannot change.</summary>
internal abstract class SharedCodec<T> : WireCodec<T>
{
    public sealed override bool SharesCopies => true;

    public sealed override T Copy(T value, CopyContext context) => value;
}
