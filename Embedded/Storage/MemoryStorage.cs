using System.Globalization;
using Orleans.Embedded.Serialization;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Embedded;

/// <summary>One part of memory storage: records as bytes, in a grain. What its silo loses is lost.</summary>
[Alias("sys.IMemoryStorageGrain")]
internal interface IMemoryStorageGrain : IGrainWithStringKey
{
    [Alias("Read")]
    ValueTask<StoredRecord> ReadAsync(string key);

    /// <returns>The version there was: when it is neither null nor <paramref name="expected"/>, nothing was written.</returns>
    [Alias("Write")]
    ValueTask<string?> WriteAsync(string key, [Immutable] byte[] bytes, string? expected, string next);

    /// <inheritdoc cref="WriteAsync"/>
    [Alias("Clear")]
    ValueTask<string?> ClearAsync(string key, string? expected);
}

/// <inheritdoc cref="IMemoryStorageGrain"/>
[Alias("sys_memorystorage")]
internal sealed class MemoryStorageGrain : Grain, IMemoryStorageGrain
{
    private readonly Dictionary<string, StoredRecord> _records = new(StringComparer.Ordinal);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // Collecting it would be forgetting.
        DelayDeactivation(TimeSpan.MaxValue);
        return Task.CompletedTask;
    }

    public ValueTask<StoredRecord> ReadAsync(string key) => new(_records.GetValueOrDefault(key));

    public ValueTask<string?> WriteAsync(string key, byte[] bytes, string? expected, string next)
    {
        // As in Orleans a record that is gone can be written with any version: memory may have been lost meanwhile.
        var present = _records.GetValueOrDefault(key).Version;
        if (present is null || present == expected)
        {
            _records[key] = new StoredRecord(bytes, next);
        }

        return new(present);
    }

    public ValueTask<string?> ClearAsync(string key, string? expected)
    {
        var present = _records.GetValueOrDefault(key).Version;
        if (present == expected)
        {
            _records.Remove(key);
        }

        return new(present);
    }
}

/// <summary>Memory storage: spread over a few grains by the hash of the record's name.</summary>
internal sealed class MemoryStorage(string store, EmbeddedSilo silo) : IGrainStorage
{
    private const int Parts = 10;

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var name = new RecordName(stateName, grainId);
        grainState.Take(await PartOf(name, out var key).ReadAsync(key), name, Place, silo.Runtime);
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var name = new RecordName(stateName, grainId);
        var (expected, next) = (grainState.ETag, RecordVersion.After(grainState.ETag, silo.Environment.Randomness).ToString());
        Check(name, await PartOf(name, out var key).WriteAsync(key, WireSerializer.ToBytes(grainState.State), expected, next), expected);
        grainState.Written(next);
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var name = new RecordName(stateName, grainId);
        Check(name, await PartOf(name, out var key).ClearAsync(key, grainState.ETag), grainState.ETag);
        grainState.Forget();
    }

    private string Place => $"memory ('{store}')";

    private void Check(RecordName name, string? present, string? expected)
    {
        if (present is not null && present != expected)
        {
            throw RecordVersion.Conflict(name, Place, present, expected);
        }
    }

    private IMemoryStorageGrain PartOf(RecordName name, out string key)
    {
        key = Convert.ToHexString(name.Hash());
        return silo.GrainFactory.GetGrain<IMemoryStorageGrain>(string.Create(CultureInfo.InvariantCulture, $"{store}/{StableHash.Of(key) % Parts}"));
    }
}
