using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Orleans.Embedded;

/// <summary>The few things durable storage asks of a disk.</summary>
internal interface IDisk
{
    /// <returns>The file's bytes; null if there is no such file.</returns>
    byte[]? Read(string path);

    /// <summary>Replaces the file so that after a crash it holds the old bytes or the new ones, and after the return the new ones.</summary>
    void Write(string path, ReadOnlySpan<byte> bytes);

    void Delete(string path);

    /// <summary>Keeps all other writers, of this process and of others, out of a folder. A process that ends lets go, however it ends.</summary>
    /// <returns>Null: somebody else has it now. A disk of one thread needs no more than this default.</returns>
    IDisposable? TryHold(string folder) => FreeHold.Instance;
}

/// <summary>A hold that keeps nobody out.</summary>
internal sealed class FreeHold : IDisposable
{
    public static readonly FreeHold Instance = new();

    public void Dispose()
    {
        // Nothing is held.
    }
}

/// <summary>A file system: written beside, forced to the disk, renamed over, the folder forced too.</summary>
internal sealed partial class RealDisk : IDisk
{
    public static readonly RealDisk Instance = new();

    private const int LockedOnLinux = 11;
    private const int LockedOnMac = 35;
    private const int LockedOnWindows = unchecked((int)0x80070020);
    private const int CloseOnExec = 0x80000;
    private const int CloseOnExecOnMac = 0x1000000;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public byte[]? Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public void Write(string path, ReadOnlySpan<byte> bytes)
    {
        var folder = Path.GetDirectoryName(path)!;
        CreateFolder(folder);

        // One name a folder, whose writers take turns: a crash leaves at most one of these behind, for the next writer to use.
        var beside = Path.Combine(folder, ".new");
        try
        {
            using (var file = new FileStream(beside, OwnedBy(FileMode.Create, FileShare.Read)))
            {
                file.Write(bytes);
                file.Flush(flushToDisk: true);
            }

            File.Move(beside, path, overwrite: true);
        }
        catch
        {
            // Half a file is of no use and, on a full disk, in the way.
            File.Delete(beside);
            throw;
        }

        ForceFolder(folder);
    }

    public void Delete(string path)
    {
        if (File.Exists(path))
        {
            File.Delete(path);
            ForceFolder(Path.GetDirectoryName(path)!);
        }
    }

    public IDisposable? TryHold(string folder)
    {
        CreateFolder(folder);
        try
        {
            // On Unix the framework takes a lock of the kernel (flock) for this, which ends with the process.
            return new FileStream(Path.Combine(folder, ".lock"), OwnedBy(FileMode.OpenOrCreate, FileShare.None));
        }
        catch (IOException error) when (error.HResult is LockedOnLinux or LockedOnMac or LockedOnWindows)
        {
            return null;
        }
    }

    private static FileStreamOptions OwnedBy(FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return options;
    }

    private static void CreateFolder(string folder)
    {
        if (Directory.Exists(folder))
        {
            return;
        }

        if (Path.GetDirectoryName(folder) is { } parent)
        {
            CreateFolder(parent);
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
            ForceFolder(Path.GetDirectoryName(folder)!);
        }
    }

    // A rename lives in the folder: without this it may be forgotten by a power cut although the file's bytes are safe.
    private static void ForceFolder(string folder)
    {
        if (!OperatingSystem.IsWindows())
        {
            // The framework opens no folders.
            using var handle = new SafeFileHandle(Open(folder, OperatingSystem.IsMacOS() ? CloseOnExecOnMac : CloseOnExec), ownsHandle: true);
            if (handle.IsInvalid)
            {
                throw new IOException($"The folder {folder} cannot be opened: {Marshal.GetLastPInvokeErrorMessage()}");
            }

            RandomAccess.FlushToDisk(handle);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
