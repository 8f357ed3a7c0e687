using System.Diagnostics.CodeAnalysis;

namespace Orleans.Dask.Grains.Interfaces;

/// <summary>
/// The only way a user's object travels: the object itself inside a process, finished bytes between processes.
/// Encode on an executor's or the caller's thread before it is sent, never on a grain's turn.
/// </summary>
/// <remarks>
/// What is in a payload is frozen: it may be handed to many readers at once, so nobody changes it. The first encoding is kept.
/// </remarks>
[Immutable]
public sealed class Payload
{
    private readonly object? _value;
    private byte[]? _bytes;

    private Payload(object? value, byte[]? bytes)
    {
        _value = value;
        _bytes = bytes;
        HasValue = bytes is null;
    }

    /// <summary>The bytes are there.</summary>
    [MemberNotNullWhen(true, nameof(_bytes))]
    public bool IsEncoded => Volatile.Read(ref _bytes) is not null;

    /// <summary>It holds the object itself (which may be null): reading costs nothing.</summary>
    public bool HasValue { get; }

    /// <summary>Encoded length in bytes; encodes if it must.</summary>
    public long Length => Encode().Length;

    /// <summary>Builds that must be loadable before it is decoded; the framework's are not among them. Encodes if it must, else reads only the table.</summary>
    public IReadOnlyList<AssemblyIdentity> Assemblies => AssembliesOf(Encode());

    /// <summary>Holds the object; nothing is encoded yet. Don't change it from now on.</summary>
    public static Payload Of(object? value) => new(value, null);

    /// <summary>Bytes as received. Nothing is looked at before it is decoded.</summary>
    public static Payload FromBytes(byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        return new Payload(null, bytes);
    }

    /// <summary>Encodes a value at once, without boxing it and without holding on to it.</summary>
    public static byte[] Encode<T>(T value, PayloadOptions? options = null) => PayloadWriter.Encode(value, (options ?? PayloadOptions.Default).Limits);

    /// <summary>Decodes bytes where they lie, without boxing a value type.</summary>
    /// <exception cref="PayloadException">Not a payload, damaged, beyond a limit, not a <typeparamref name="T"/>, or of code that isn't there.</exception>
    public static T Decode<T>(ReadOnlySpan<byte> bytes, PayloadDecoding? decoding = null)
    {
        try
        {
            return new PayloadReader(bytes, decoding ?? PayloadDecoding.Default).ReadRoot<T>();
        }
        catch (Exception error) when (IsOfTheBytes(error))
        {
            throw Damaged(error);
        }
    }

    /// <inheritdoc cref="Decode{T}(ReadOnlySpan{byte}, PayloadDecoding?)"/>
    public static object? Decode(ReadOnlySpan<byte> bytes, Type expected, PayloadDecoding? decoding = null)
    {
        ArgumentNullException.ThrowIfNull(expected);
        try
        {
            return new PayloadReader(bytes, decoding ?? PayloadDecoding.Default).ReadRoot(expected);
        }
        catch (Exception error) when (IsOfTheBytes(error))
        {
            throw Damaged(error);
        }
    }

    /// <summary>Builds that must be loadable before the bytes are decoded; reads only the table at their end.</summary>
    public static IReadOnlyList<AssemblyIdentity> AssembliesOf(ReadOnlySpan<byte> bytes)
    {
        Payloads.PayloadHeader.Split(bytes, out _, out var table);
        return Payloads.PayloadHeader.ReadTable(table);
    }

    /// <summary>The bytes. The first call makes them, on the thread that calls; later ones return the same array: don't change it.</summary>
    /// <exception cref="PayloadException">Something in it can't travel; the message begins with the path to it.</exception>
    public byte[] Encode(PayloadOptions? options = null)
    {
        if (IsEncoded)
        {
            return _bytes;
        }

        var bytes = PayloadWriter.Encode(_value, (options ?? PayloadOptions.Default).Limits);
        return Interlocked.CompareExchange(ref _bytes, bytes, null) ?? bytes;
    }

    /// <summary>The object: the one it holds, else a new one made from the bytes, each time.</summary>
    /// <param name="expected">The type the caller can use; anything else is an error before anything is made of it.</param>
    /// <param name="decoding">Limits, code and policy.</param>
    /// <exception cref="PayloadException">Not a payload, damaged, beyond a limit, not of the expected type, or of code that isn't there.</exception>
    public object? Decode(Type expected, PayloadDecoding decoding)
    {
        ArgumentNullException.ThrowIfNull(expected);
        if (!HasValue)
        {
            return Decode(_bytes, expected, decoding);
        }

        if (_value is null ? !expected.IsValueType || Nullable.GetUnderlyingType(expected) is not null : expected.IsInstanceOfType(_value))
        {
            return _value;
        }

        throw new PayloadException($"the payload holds {(_value is null ? "null" : "a " + Payloads.TypeText.Full(_value.GetType()))}, expected a {Payloads.TypeText.Full(expected)}.");
    }

    /// <summary><see cref="Decode(Type, PayloadDecoding)"/> for a type known at compile time.</summary>
    public T Read<T>(PayloadDecoding? decoding = null) =>
        HasValue ? (T)Decode(typeof(T), decoding ?? PayloadDecoding.Default)! : Decode<T>(_bytes, decoding);

    /// <inheritdoc/>
    public override string ToString() =>
        HasValue ? $"Payload of {(_value is null ? "null" : Payloads.TypeText.Of(_value.GetType()))}" : $"Payload of {_bytes!.Length:N0} bytes";

    // A codec of a user's type, or the runtime making a type, may throw its own; all of that is the fault of the bytes.
    private static bool IsOfTheBytes(Exception error) => error is not PayloadException and not OutOfMemoryException and not ArgumentNullException { ParamName: "expected" };

    private static PayloadException Damaged(Exception error) => new($"the payload can't be decoded: {error.Message}", error);
}
