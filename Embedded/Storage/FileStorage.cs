using Orleans.Embedded.Serialization;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Embedded;

/// <summary>
/// Durable storage: a file per record, replaced whole, in one of 256 folders. Several silos may share them: who compares a version
/// and writes the next one has the folder for itself meanwhile, so that of two writers one hears that it is stale.
/// </summary>
internal sealed class FileStorage(string root, SiloEnvironment environment, IGrainRuntime runtime) : IGrainStorage
{
    private const int DiskFullOnUnix = 28;
    private const int DiskFullOnWindows = unchecked((int)0x80070070);

    // A write takes milliseconds. A process that was stopped in the middle of one may keep a folder for as long as it is.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMilliseconds(20);

    private IDisk Disk => environment.Disk;

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var name = new RecordName(stateName, grainId);
        var path = PathOf(name);
        grainState.Take(await environment.Executor.RunAsync(() => Load(name, path)), name, path, runtime);
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var (name, bytes) = (new RecordName(stateName, grainId), WireSerializer.ToBytes(grainState.State));
        grainState.Written(await ChangeAsync(name, grainState.ETag, (path, present) =>
        {
            var next = RecordVersion.After(present, environment.Randomness);
            Disk.Write(path, StateFile.Encode(name, next, bytes));
            return next.ToString();
        }));
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await ChangeAsync(new RecordName(stateName, grainId), grainState.ETag, (path, _) =>
        {
            Disk.Delete(path);
            return "";
        });
        grainState.Forget();
    }

    /// <summary>Runs <paramref name="change"/> on the record if it has still the expected version.</summary>
    private async Task<string> ChangeAsync(RecordName name, string? expected, Func<string, string?, string> change)
    {
        var path = PathOf(name);
        var folder = Path.GetDirectoryName(path)!;
        var began = environment.Time.GetTimestamp();
        if (Planted.WritesAreAcknowledgedEarly && Load(name, path).Version == expected)
        {
            var next = RecordVersion.After(expected, environment.Randomness).ToString();
            _ = environment.Executor.RunAsync(() => TryChange(name, path, folder, expected, change));
            return next;
        }

        for (var pause = TimeSpan.FromMilliseconds(1); ; pause = pause < s_longestPause ? 2 * pause : s_longestPause)
        {
            if (await environment.Executor.RunAsync(() => TryChange(name, path, folder, expected, change)) is { } result)
            {
                return result;
            }

            if (environment.Time.GetElapsedTime(began) > s_patience)
            {
                throw new TimeoutException(
                    $"The record {name} was not changed: another process has held {folder} for {s_patience.TotalSeconds:0} s. Is a silo that writes there stopped? End it (kill -9) or let it go on (kill -CONT).");
            }

            await Task.Delay(pause, environment.Time);
        }
    }

    /// <returns>Null: somebody else has the folder.</returns>
    private string? TryChange(RecordName name, string path, string folder, string? expected, Func<string, string?, string> change)
    {
        try
        {
            using var hold = Disk.TryHold(folder);
            if (hold is null)
            {
                return null;
            }

            var present = Load(name, path).Version;
            return present == expected ? change(path, present) : throw RecordVersion.Conflict(name, path, present, expected);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw error.HResult is DiskFullOnUnix or DiskFullOnWindows
                ? new IOException($"The record {name} was not written: the disk of {path} is full. Its last state is kept. Free space and write again.", error)
                : new IOException($"Changing the record {name} in {path} failed: {error.Message} Read it again before you write again.", error);
        }
    }

    private StoredRecord Load(RecordName name, string path) => Disk.Read(path) is { } file ? StateFile.Decode(file, name, path) : default;

    private string PathOf(RecordName name)
    {
        var hash = Convert.ToHexStringLower(name.Hash().AsSpan(0, 16));
        return Path.Combine(root, hash[..2], hash + ".state");
    }
}
