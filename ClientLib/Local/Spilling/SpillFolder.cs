namespace Orleans.Dask.Spilling;

/// <summary>A folder for one run's values that only this user can look into. It goes with the run; that of a process which crashed goes when the next one spills.</summary>
/// <remarks>
/// Whoever uses a folder holds a lock on the file in it, which ends with the process, however it ends. On Windows rights are those
/// of the folder it is made in: the temporary folder there is the user's own.
/// </remarks>
internal sealed class SpillFolder : IDisposable
{
    private const string Prefix = "orleans-dask-spill-";
    private const string FileName = "values";

    /// <summary>Between making folder and file, and having the lock, an owner may be held up for so long.</summary>
    private static readonly TimeSpan s_beginning = TimeSpan.FromMinutes(1);

    // Those of persisted values may live as long as the process.
    private static readonly HashSet<string> s_inUse = [];

    private readonly SpillDisk _disk;

    static SpillFolder() => AppDomain.CurrentDomain.ProcessExit += static (_, _) => RemoveInUse();

    /// <param name="root">Where folders are made; null: the system's temporary folder.</param>
    /// <param name="disk">On which.</param>
    public SpillFolder(string? root, SpillDisk disk)
    {
        _disk = disk;
        root = System.IO.Path.GetFullPath(root ?? System.IO.Path.GetTempPath());
        RemoveAbandoned(root);
        Path = Create(root);
        lock (s_inUse)
        {
            s_inUse.Add(Path);
        }

        File = System.IO.Path.Combine(Path, FileName);
    }

    public string Path { get; }

    /// <summary>The file that is to be opened, and held, in it.</summary>
    public string File { get; }

    public void Dispose()
    {
        lock (s_inUse)
        {
            s_inUse.Remove(Path);
        }

        if (Directory.Exists(Path))
        {
            _disk.Remove(Path);
        }
    }

    private static string Create(string root)
    {
        var path = System.IO.Path.Combine(root, Prefix + System.IO.Path.GetRandomFileName());
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(root);
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return path;
    }

    private static void RemoveInUse()
    {
        lock (s_inUse)
        {
            foreach (var path in s_inUse)
            {
                try
                {
                    Directory.Delete(path, recursive: true);
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    // A file that is open on Windows. The next process that spills finds the folder abandoned.
                    continue;
                }
            }
        }
    }

    private static void RemoveAbandoned(string root)
    {
        if (!Directory.Exists(root))
        {
            return;
        }

        foreach (var folder in new DirectoryInfo(root).EnumerateDirectories(Prefix + "*"))
        {
            try
            {
                if (IsAbandoned(folder))
                {
                    folder.Delete(recursive: true);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Somebody else's, in use, or being removed by another process this very moment.
                continue;
            }
        }
    }

    private static bool IsAbandoned(DirectoryInfo folder)
    {
        // Written to when its file was made, if it was.
        if (folder.LinkTarget is not null || folder.LastWriteTimeUtc > DateTime.UtcNow - s_beginning)
        {
            return false;
        }

        var file = System.IO.Path.Combine(folder.FullName, FileName);
        if (!System.IO.File.Exists(file))
        {
            return !folder.EnumerateFileSystemInfos().Any();
        }

        using var held = System.IO.File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        return true;
    }
}
