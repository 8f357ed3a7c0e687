using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Session;

/// <summary>Values on their way to and from a cluster: objects where all of it is this process, finished bytes elsewhere.</summary>
internal sealed class ValueCoding
{
    private volatile bool _isOneProcess;

    /// <summary>Whether client and all silos are one process. Payloads made before a silo elsewhere joins are encoded where they are sent.</summary>
    public bool IsOneProcess
    {
        get => _isOneProcess;
        set => _isOneProcess = value;
    }

    /// <summary>Told of each assembly that encoded values name, so that it can be sent where it is missing.</summary>
    public Action<AssemblyIdentity>? OnAssembly { get; set; }

    /// <summary>Encodes on the caller's thread: what it does with the object afterwards changes nothing.</summary>
    /// <exception cref="PayloadException">Something in it can't travel; the message begins with the path to it.</exception>
    public Payload Encode(object? value)
    {
        if (_isOneProcess)
        {
            return Payload.Of(value);
        }

        var bytes = Payload.Encode(value);
        if (OnAssembly is { } tell)
        {
            foreach (var assembly in Payload.AssembliesOf(bytes))
            {
                tell(assembly);
            }
        }

        return Payload.FromBytes(bytes);
    }

    /// <summary>A result, against the type its future declares.</summary>
    public static object? Decode(Payload payload, Type expected) => payload.Decode(expected, PayloadDecoding.Default);

    /// <summary>Bytes it adds to a message; what stays an object adds none.</summary>
    public static long SizeOf(Payload payload) => payload.IsEncoded ? payload.Length : 0;
}
