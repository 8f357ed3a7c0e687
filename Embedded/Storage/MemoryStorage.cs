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

    /// <returns>The new version; null when <paramref name="version"/> is not the present one.</returns>
    [Alias("Write")]
    ValueTask<string?> WriteAsync(string key, [Immutable] byte[] bytes, string? version);

    [Alias("Clear")]
    ValueTask<bool> ClearAsync(string key, string? version);
}

/// <param name="Bytes">Null: no record.</param>
[GenerateSerializer, Immutable, Alias("sys.StoredRecord")]
internal readonly record struct StoredRecord([property: Id(0)] byte[]? Bytes, [property: Id(1)] string? Version);

/// <inheritdoc cref="IMemoryStorageGrain"/>
[Alias("sys_memorystorage")]
internal sealed class MemoryStorageGrain : Grain, IMemoryStorageGrain
{
    private readonly Dictionary<string, StoredRecord> _records = new(StringComparer.Ordinal);
    private long _lastVersion;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // Collecting it would be forgetting.
        DelayDeactivation(TimeSpan.MaxValue);
        return Task.CompletedTask;
    }

    public ValueTask<StoredRecord> ReadAsync(string key) => new(_records.GetValueOrDefault(key));

    public ValueTask<string?> WriteAsync(string key, byte[] bytes, string? version)
    {
        // As in Orleans a record that is gone can be written with any version: memory may have been lost meanwhile.
        if (_records.TryGetValue(key, out var present) && present.Version != version)
        {
            return new((string?)null);
        }

        var next = (++_lastVersion).ToString(CultureInfo.InvariantCulture);
        _records[key] = new StoredRecord(bytes, next);
        return new(next);
    }

    public ValueTask<bool> ClearAsync(string key, string? version)
    {
        if (_records.TryGetValue(key, out var present) && present.Version != version)
        {
            return new(false);
        }

        _records.Remove(key);
        return new(true);
    }
}

/// <summary>Memory storage: spread over a few grains by the hash of the record's name.</summary>
internal sealed class MemoryStorage(string name, IGrainFactory grains) : IGrainStorage
{
    private const int Parts = 10;

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var key = KeyOf(stateName, grainId);
        var record = await PartOf(key).ReadAsync(key);
        grainState.RecordExists = record.Bytes is not null;
        grainState.ETag = record.Version!;
        if (record.Bytes is not null)
        {
            grainState.State = WireSerializer.FromBytes<T>(record.Bytes, (IGrainRuntime)grains);
        }
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var key = KeyOf(stateName, grainId);
        grainState.ETag = await PartOf(key).WriteAsync(key, WireSerializer.ToBytes(grainState.State), grainState.ETag)
            ?? throw new InconsistentStateException($"'{stateName}' of {grainId} was written by another activation.", null, grainState.ETag);
        grainState.RecordExists = true;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var key = KeyOf(stateName, grainId);
        if (!await PartOf(key).ClearAsync(key, grainState.ETag))
        {
            throw new InconsistentStateException($"'{stateName}' of {grainId} was written by another activation.", null, grainState.ETag);
        }

        grainState.ETag = null!;
        grainState.RecordExists = false;
    }

    private static string KeyOf(string stateName, GrainId grainId) => $"{stateName}|{grainId}";

    private IMemoryStorageGrain PartOf(string key) =>
        grains.GetGrain<IMemoryStorageGrain>(string.Create(CultureInfo.InvariantCulture, $"{name}/{StableHash.Of(key) % Parts}"));
}
