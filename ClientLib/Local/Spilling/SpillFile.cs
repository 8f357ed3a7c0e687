using System.Diagnostics;
using Microsoft.Win32.SafeHandles;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Spilling;

/// <summary>One file for the values that a run had no room for; made with the first of them. Room of values that are done with is used again.</summary>
/// <param name="root">Folder under which its own is made; null: the system's temporary folder.</param>
/// <param name="disk">On which.</param>
internal sealed class SpillFile(string? root, SpillDisk disk) : IDisposable
{
    private const int OneCall = 1 << 30;

    private readonly Lock _gate = new();
    private readonly Dictionary<long, Stack<long>> _free = [];
    private SpillFolder? _folder;
    private SafeFileHandle? _handle;
    private long _end;
    private long _written;

    /// <summary>Bytes written since it was made.</summary>
    public long Written => Volatile.Read(ref _written);

    /// <summary>Where it is; null before the first value.</summary>
    public string? Folder => _folder?.Path;

    /// <summary>Writes a value's bytes.</summary>
    /// <exception cref="IOException">They can't be written; the disk may be full.</exception>
    public Extent Write(long length, Action<Action<ReadOnlySpan<byte>>> bytes)
    {
        var extent = Take(length);
        try
        {
            var at = extent.Start;
            bytes(piece =>
            {
                for (var done = 0; done < piece.Length; done += OneCall)
                {
                    RandomAccess.Write(_handle!, piece[done..Math.Min(piece.Length, done + OneCall)], at + done);
                }

                at += piece.Length;
            });
            Interlocked.Add(ref _written, length);
            return extent;
        }
        catch
        {
            extent.Dispose();
            throw;
        }
    }

    // Persisted values have one that nobody need dispose.
    ~SpillFile()
    {
        try
        {
            Close();
        }
        catch (Exception thrown) when (thrown is IOException or UnauthorizedAccessException)
        {
            Trace.TraceWarning($"The folder of spilled values {Folder} could not be removed: {thrown.Message}");
        }
    }

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        Close();
    }

    private void Close()
    {
        lock (_gate)
        {
            if (OperatingSystem.IsWindows())
            {
                // There an open file can't go. Whoever takes the folder for abandoned in between removes it for us.
                _handle?.Dispose();
            }

            try
            {
                _folder?.Dispose();
            }
            finally
            {
                // What could not be removed is abandoned now.
                _handle?.Dispose();
            }
        }
    }

    private Extent Take(long length)
    {
        var room = Room(length);
        lock (_gate)
        {
            if (_handle is null)
            {
                _folder ??= new SpillFolder(root, disk);
                _handle = disk.Open(_folder.File);
            }

            if (!_free.TryGetValue(room, out var stack) || !stack.TryPop(out var start))
            {
                (start, _end) = (_end, _end + room);
            }

            return new Extent(this, start, length);
        }
    }

    // Values of nearly one length take the same room, so that one fits where another was: at most a sixteenth is lost.
    private static long Room(long length)
    {
        var step = Math.Max(512, (long)System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)length) / 32);
        return (length + step - 1) / step * step;
    }

    /// <summary>Where one value's bytes lie.</summary>
    internal sealed class Extent(SpillFile file, long start, long length) : IRawBytes, IDisposable
    {
        public long Start => start;

        public long Length => length;

        public void Read(Span<byte> target, long offset)
        {
            if (offset < 0 || offset + target.Length > length)
            {
                throw new IOException($"{target.Length} bytes from {offset} on are wanted of a spilled value that has {length}.");
            }

            while (target.Length > 0)
            {
                var read = RandomAccess.Read(file._handle!, target[..Math.Min(target.Length, OneCall)], start + offset);
                if (read == 0)
                {
                    throw new IOException($"{file._folder?.File} ends within a spilled value. Something else has changed it.");
                }

                target = target[read..];
                offset += read;
            }
        }

        public void Dispose()
        {
            lock (file._gate)
            {
                var room = Room(length);
                if (!file._free.TryGetValue(room, out var stack))
                {
                    file._free[room] = stack = new();
                }

                stack.Push(start);
            }
        }
    }
}
