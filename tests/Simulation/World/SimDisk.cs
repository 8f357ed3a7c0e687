using Orleans.Dask.Simulation.Faults;
using Orleans.Embedded;

namespace Orleans.Dask.Simulation.World;

/// <summary>The disk of a machine: it survives the crashes of its silo. It can be slow, and full.</summary>
internal sealed class SimDisk(SimWorld world) : IDisk
{
    private readonly SortedDictionary<string, byte[]> _files = new(StringComparer.Ordinal);

    public bool IsFull { get; set; }

    /// <summary>How much longer everything takes.</summary>
    public int Slowness { get; set; } = 1;

    public byte[]? Read(string path) => _files.TryGetValue(path, out var bytes) ? [.. bytes] : null;

    public void Write(string path, ReadOnlySpan<byte> bytes)
    {
        if (IsFull)
        {
            world.Strike(Strike.FullDisk);
            throw new IOException($"No space left on device : '{path}'");
        }

        _files[path] = bytes.ToArray();
    }

    public void Delete(string path) => _files.Remove(path);
}

/// <summary>Blocking work of the engine, which is disk work: it takes its time, and a crash may come before it or between it and its answer.</summary>
internal sealed class SimDiskQueue(SimProcess process, SimDisk disk) : IExecutor
{
    private readonly SeededRandom _random = SeededRandom.For(process.World.Seed, "disk of " + process.Name);

    public Task<T> RunAsync<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>();
        process.World.Strike(Strike.SlowDisk, disk.Slowness > 1 ? 1 : 0);
        var pause = _random.Span(TimeSpan.FromMilliseconds(0.1), TimeSpan.FromMilliseconds(10)) * disk.Slowness;
        process.After(pause, "disk", null, () =>
        {
            try
            {
                done.SetResult(work());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        return done.Task;
    }
}
