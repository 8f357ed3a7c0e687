using Orleans.Serialization;

namespace Orleans.Dask.Grains.Interfaces;

/// <summary>How a <see cref="Payload"/> crosses between processes: its finished bytes.</summary>
[GenerateSerializer, Immutable, Alias("dask.Payload")]
public struct PayloadSurrogate
{
    /// <summary>The encoded value.</summary>
    [Id(0)]
    public byte[] Bytes { get; set; }
}

/// <summary>Both engines find it by its attribute. Encodes only as a last resort: senders encode before.</summary>
[RegisterConverter]
public sealed class PayloadConverter : IConverter<Payload, PayloadSurrogate>
{
    /// <inheritdoc/>
    public Payload ConvertFromSurrogate(in PayloadSurrogate surrogate) => Payload.FromBytes(surrogate.Bytes ?? []);

    /// <inheritdoc/>
    public PayloadSurrogate ConvertToSurrogate(in Payload value) => new() { Bytes = value.Encode() };
}
