using System.Diagnostics.CodeAnalysis;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Grains.Storage;

/// <summary>
/// A value as a store holds it: the object, or, where it came from outside, its bytes until it is first used here.
/// Bytes made for readers elsewhere are kept only while it is being read, so that a value does not take its room twice.
/// </summary>
internal sealed class StoredValue
{
    private readonly Lock _gate = new();
    private object? _value;
    private byte[]? _bytes;
    private bool _isObject;

    private StoredValue(object? value, byte[]? bytes, long size)
    {
        _value = value;
        _bytes = bytes;
        _isObject = bytes is null;
        Size = size;
    }

    /// <summary>A client wrote it here; no task made it.</summary>
    public bool IsWritten { get; init; }

    /// <summary>Bytes it is counted with.</summary>
    public long Size { get; }

    /// <summary>Its bytes, where they need not be made first.</summary>
    public byte[]? Encoded => Volatile.Read(ref _bytes);

    /// <summary>It need not be decoded for use in this process.</summary>
    public bool IsObject => Volatile.Read(ref _isObject);

    public static StoredValue OfObject(object? value, long size, bool isWritten = false) => new(value, null, size) { IsWritten = isWritten };

    public static StoredValue OfBytes(byte[] bytes, bool isWritten = false) => new(null, bytes, bytes.Length) { IsWritten = isWritten };

    /// <summary>What must be loadable before <see cref="Object"/> is called: nothing, where it is an object already.</summary>
    public bool NeedsCode([NotNullWhen(true)] out Payload? payload)
    {
        var bytes = Volatile.Read(ref _bytes);
        payload = IsObject || bytes is null ? null : Payload.FromBytes(bytes);
        return payload is not null;
    }

    /// <summary>The object; decodes it the first time. Never on a grain's turn unless <see cref="IsObject"/>.</summary>
    public object? Object(PayloadDecoding decoding)
    {
        if (IsObject)
        {
            return _value;
        }

        lock (_gate)
        {
            if (!_isObject)
            {
                _value = Payload.FromBytes(_bytes!).Read<object?>(decoding);
                _bytes = null;
                Volatile.Write(ref _isObject, true);
            }

            return _value;
        }
    }

    /// <summary>The object, where there is one.</summary>
    public Payload Share() => Payload.Of(_value);

    /// <summary>Its bytes; makes them if it must. Never on a grain's turn .</summary>
    public byte[] Encode()
    {
        if (Volatile.Read(ref _bytes) is { } bytes)
        {
            return bytes;
        }

        lock (_gate)
        {
            return _bytes ??= Payload.Of(_value).Encode();
        }
    }

    /// <summary>A reader has got the last piece.</summary>
    public void ForgetEncoding()
    {
        lock (_gate)
        {
            if (_isObject)
            {
                _bytes = null;
            }
        }
    }
}
