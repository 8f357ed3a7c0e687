using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Dask.TestKit;
using Orleans.Embedded;
using Orleans.Storage;

namespace Orleans.Dask.Embedded.Tests;

/// <summary>The file store when processes die in the middle, when they get into each other's way, and when the disk is full.</summary>
public sealed class FileCrashTests : IDisposable
{
    private static readonly GrainId s_id = GrainId.Create("test", "x");
    private readonly string _folder = Directory.CreateTempSubdirectory("engine-storage-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public Task A_writer_killed_in_the_middle_leaves_the_old_state_or_the_new_one() => KillWritersAsync(12, 20261121);

    [Fact, Trait("Category", "Soak")]
    public Task A_writer_killed_two_hundred_times_leaves_the_old_state_or_the_new_one() => KillWritersAsync(200, 20261122);

    [Fact]
    public async Task Processes_that_count_in_one_file_lose_no_count()
    {
        const int Times = 60;
        var processes = Enumerable.Range(0, 3).Select(_ => Start("count", _folder, Times.ToString(CultureInfo.InvariantCulture))).ToArray();
        foreach (var process in processes)
        {
            Assert.Equal("ready", await process.StandardOutput.ReadLineAsync());
        }

        foreach (var process in processes)
        {
            await process.StandardInput.WriteLineAsync();
        }

        foreach (var process in processes)
        {
            await process.WaitForExitAsync();
            Assert.Equal(0, process.ExitCode);
            process.Dispose();
        }

        await using var cluster = await StartAsync();
        Assert.Equal(processes.Length * Times, (await ReadAsync<int>(cluster, "count")).State);
    }

    [Fact]
    public async Task A_stopped_writer_keeps_others_waiting_for_a_while_and_then_they_hear_who()
    {
        var time = new ManualTime();
        await using var cluster = await StartAsync(time);
        var store = Store(cluster);
        var state = new GrainState<int>(1);
        await store.WriteStateAsync("s", s_id, state);
        var folder = Path.GetDirectoryName(Assert.Single(Directory.GetFiles(_folder, "*.state", SearchOption.AllDirectories)))!;
        using (RealDisk.Instance.TryHold(folder))
        {
            Assert.Null(RealDisk.Instance.TryHold(folder));
            var writing = store.WriteStateAsync("s", s_id, state);
            while (!writing.IsCompleted)
            {
                time.Advance(TimeSpan.FromMilliseconds(10));
                await Task.Yield();
            }

            Assert.Contains(folder, (await Assert.ThrowsAsync<TimeoutException>(() => writing)).Message, StringComparison.Ordinal);
        }

        await store.WriteStateAsync("s", s_id, state);
    }

    [Fact]
    public async Task A_full_disk_is_named_the_old_state_stays_and_room_helps()
    {
        await using var cluster = await StartAsync();
        var store = Store(cluster);
        var state = new GrainState<int>(1);
        await store.WriteStateAsync("s", s_id, state);
        var before = state.ETag;

        // What is to be written beside the record goes to the device that is always full.
        var path = Assert.Single(Directory.GetFiles(_folder, "*.state", SearchOption.AllDirectories));
        File.CreateSymbolicLink(Path.Combine(Path.GetDirectoryName(path)!, ".new"), "/dev/full");
        state.State = 2;
        var error = await Assert.ThrowsAsync<IOException>(() => store.WriteStateAsync("s", s_id, state));
        Assert.Contains($"the disk of {path} is full", error.Message, StringComparison.Ordinal);
        Assert.Contains("'s' of test/x", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, state.ETag);
        Assert.Equal(1, (await ReadAsync<int>(cluster, "s")).State);
        await store.WriteStateAsync("s", s_id, state);
        Assert.Equal(2, (await ReadAsync<int>(cluster, "s")).State);
    }

    [Fact]
    public async Task A_file_of_another_format_another_record_or_with_any_bit_changed_is_an_error_that_names_it()
    {
        await using var cluster = await StartAsync();
        var store = Store(cluster);
        await store.WriteStateAsync("s", s_id, new GrainState<int>(1));
        var path = Assert.Single(Directory.GetFiles(_folder, "*.state", SearchOption.AllDirectories));
        var whole = await File.ReadAllBytesAsync(path);
        for (var i = 0; i < whole.Length; i++)
        {
            var changed = (byte[])whole.Clone();
            changed[i] ^= 4;
            await File.WriteAllBytesAsync(path, changed);
            var error = await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync<int>(cluster, "s"));
            Assert.Contains(path, error.Message, StringComparison.Ordinal);
            Assert.Contains("'s' of test/x", error.Message, StringComparison.Ordinal);
            Assert.Contains(i == 8 ? "has the format 5, expected 1" : "checksum", error.Message, StringComparison.Ordinal);
        }

        File.Delete(path);
        await store.WriteStateAsync("other", s_id, new GrainState<int>(1));
        var other = Assert.Single(Directory.GetFiles(_folder, "*.state", SearchOption.AllDirectories));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Move(other, path);
        Assert.Contains("holds the record 'other'", (await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync<int>(cluster, "s"))).Message, StringComparison.Ordinal);
    }

    [Fact, SupportedOSPlatform("linux")]
    public async Task Files_and_folders_are_their_owners_alone()
    {
        var root = Path.Combine(_folder, "a", "b");
        await using var cluster = await InProcessCluster.StartAsync(1, configure: b => b.AddFileGrainStorage("files", root));
        await Store(cluster).WriteStateAsync("s", s_id, new GrainState<int>(1));
        foreach (var path in Directory.GetFileSystemEntries(_folder, "*", SearchOption.AllDirectories))
        {
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(path) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
        }
    }

    private async Task KillWritersAsync(int times, int seed)
    {
        var random = new Random(seed);
        var safe = 0;
        await using var cluster = await StartAsync();
        for (var i = 0; i < times; i++)
        {
            using var process = Start("write", _folder);
            var first = int.Parse((await process.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
            Assert.InRange(first, safe + 1, safe + 2);
            var until = first + random.Next(12);
            for (safe = first; safe < until; safe++)
            {
                Assert.Equal(safe + 1, int.Parse((await process.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture));
            }

            // The next write has begun: somewhere within it.
            for (var spin = random.Next(200_000); spin > 0; spin--)
            {
                Thread.SpinWait(10);
            }

            process.Kill();
            foreach (var line in (await process.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                safe = int.Parse(line, CultureInfo.InvariantCulture);
            }

            await process.WaitForExitAsync();
            var state = await ReadAsync<int[]>(cluster, "numbers");
            Assert.True(state.State[0] == safe || state.State[0] == safe + 1, $"Seed {seed}, kill {i}: {safe} was safe, found {state.State[0]}.");
            Assert.All(state.State, number => Assert.Equal(state.State[0], number));
        }

        // At most the record, the lock and one half-written file.
        Assert.InRange(Directory.GetFiles(_folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }).Length, 2, 3);
    }

    private static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [SiloProcess.Program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardInput = true };
        start.Environment["ORLEANS_CLUSTER_SECRET"] = Convert.ToHexString(InProcessCluster.Secret);
        return Process.Start(start)!;
    }

    private Task<InProcessCluster> StartAsync(TimeProvider? time = null) => InProcessCluster.StartAsync(
        1,
        configure: b => b.AddFileGrainStorage("files", _folder).Services.AddSingleton(time ?? TimeProvider.System));

    private static IGrainStorage Store(InProcessCluster cluster) => cluster.First.Services.GetRequiredKeyedService<IGrainStorage>("files");

    private static async Task<GrainState<T>> ReadAsync<T>(InProcessCluster cluster, string name)
    {
        var state = new GrainState<T>();
        await Store(cluster).ReadStateAsync(name, s_id, state);
        return state;
    }
}
