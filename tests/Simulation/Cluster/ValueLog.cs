using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Grains.Storage;
using Orleans.Dask.Simulation.World;

namespace Orleans.Dask.Simulation.Cluster;

/// <summary>Invariant 2: within its session a key means one value. Every value that enters a store is noted; one made again has to be the same.</summary>
internal sealed class ValueLog
{
    private readonly Dictionary<(SessionId, TaskKey), (ulong Content, string Silo)> _values = [];

    public void Note(SimProcess silo, SessionId session, TaskKey key, StoredValue value)
    {
        // Not by way of the stored value, which would remember that it has been encoded.
        var bytes = value.IsObject ? Payload.Of(value.Object(PayloadDecoding.Default)).Encode() : value.Encoded!;
        var content = BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(bytes));
        silo.World.Note(silo, "value", string.Create(CultureInfo.InvariantCulture, $"{session}/{key}"), content.ToString("x16", CultureInfo.InvariantCulture));
        if (!_values.TryAdd((session, key), (content, silo.Name)) && _values[(session, key)] is var known && known.Content != content)
        {
            silo.World.Defect($"{key} of {session} means two values: {known.Content:x16} on {known.Silo}, {content:x16} on {silo.Name}.");
        }
    }
}
