using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Orleans.Embedded.Serialization;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Embedded;

/// <summary>
/// Durable storage: a file per record, replaced whole. A file begins with a checksum over its version, its name and its bytes, so
/// that a torn or foreign one is an error that names it and never a state.
/// </summary>
internal sealed class FileStorage(string folder, SiloEnvironment environment, IGrainRuntime runtime) : IGrainStorage
{
    private static ReadOnlySpan<byte> Magic => "OrlState"u8;

    // Writers of one record on this silo take turns; between silos the version decides.
    private readonly Lock[] _locks = [.. Enumerable.Range(0, 64).Select(_ => new Lock())];

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var name = NameOf(stateName, grainId);
        var record = await environment.Executor.RunAsync(() => Load(name));
        grainState.RecordExists = record.Bytes is not null;
        grainState.ETag = record.Version!;
        if (record.Bytes is not null)
        {
            grainState.State = WireSerializer.FromBytes<T>(record.Bytes, runtime);
        }
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var name = NameOf(stateName, grainId);
        var bytes = WireSerializer.ToBytes(grainState.State);
        var expected = grainState.ETag;
        grainState.ETag = await environment.Executor.RunAsync(() =>
        {
            lock (LockOf(name))
            {
                var next = Expect(name, expected) + 1;
                environment.Disk.Write(PathOf(name), Encode(name, next, bytes));
                return next.ToString(CultureInfo.InvariantCulture);
            }
        });
        grainState.RecordExists = true;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var name = NameOf(stateName, grainId);
        var expected = grainState.ETag;
        await environment.Executor.RunAsync(() =>
        {
            lock (LockOf(name))
            {
                Expect(name, expected);
                environment.Disk.Delete(PathOf(name));
                return true;
            }
        });
        grainState.ETag = null!;
        grainState.RecordExists = false;
    }

    private static string NameOf(string stateName, GrainId grainId) => $"{stateName}|{grainId}";

    private static byte[] Encode(string name, long version, byte[] bytes)
    {
        var text = Encoding.UTF8.GetBytes(name);
        var content = new byte[sizeof(long) + sizeof(int) + text.Length + bytes.Length];
        BinaryPrimitives.WriteInt64LittleEndian(content, version);
        BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(sizeof(long)), text.Length);
        text.CopyTo(content.AsSpan(sizeof(long) + sizeof(int)));
        bytes.CopyTo(content.AsSpan(sizeof(long) + sizeof(int) + text.Length));
        return [.. Magic, .. SHA256.HashData(content), .. content];
    }

    private string PathOf(string name)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16));
        return Path.Combine(folder, hash[..2], hash + ".state");
    }

    private Lock LockOf(string name) => _locks[StableHash.Of(name) % (ulong)_locks.Length];

    /// <returns>The present version; 0 when there is no record.</returns>
    private long Expect(string name, string? expected)
    {
        var present = Load(name).Version;
        return present == expected
            ? present is null ? 0 : long.Parse(present, CultureInfo.InvariantCulture)
            : throw new InconsistentStateException($"The record {name} in {PathOf(name)} was written by another activation.", present, expected);
    }

    private StoredRecord Load(string name)
    {
        var path = PathOf(name);
        if (environment.Disk.Read(path) is not { } file)
        {
            return default;
        }

        var start = Magic.Length + SHA256.HashSizeInBytes;
        if (file.Length < start + sizeof(long) + sizeof(int) || !file.AsSpan(0, Magic.Length).SequenceEqual(Magic)
            || !SHA256.HashData(file.AsSpan(start)).AsSpan().SequenceEqual(file.AsSpan(Magic.Length, SHA256.HashSizeInBytes)))
        {
            throw new InvalidDataException($"{path}, the record {name}, is torn or was changed: its checksum is wrong ({file.Length} bytes). Restore it from a backup, or delete it to begin anew.");
        }

        var content = file.AsSpan(start);
        var version = BinaryPrimitives.ReadInt64LittleEndian(content);
        var text = content.Slice(sizeof(long) + sizeof(int), BinaryPrimitives.ReadInt32LittleEndian(content[sizeof(long)..]));
        return Encoding.UTF8.GetString(text) == name
            ? new StoredRecord(content[(sizeof(long) + sizeof(int) + text.Length)..].ToArray(), version.ToString(CultureInfo.InvariantCulture))
            : throw new InvalidDataException($"{path} holds the record {Encoding.UTF8.GetString(text)}, expected {name}. Was it renamed?");
    }
}
