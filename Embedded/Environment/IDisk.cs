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
}

/// <summary>A file system: written beside, forced to the disk, renamed over, the folder forced too.</summary>
internal sealed partial class RealDisk : IDisk
{
    public static readonly RealDisk Instance = new();

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
        var beside = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using (var file = new FileStream(beside, options))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        File.Move(beside, path, overwrite: true);
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

    private static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        }
    }

    // A rename lives in the folder: without this it may be forgotten by a power cut although the file's bytes are safe.
    private static void ForceFolder(string folder)
    {
        if (!OperatingSystem.IsWindows())
        {
            // The framework opens no folders.
            using var handle = new SafeFileHandle(Open(folder, 0), ownsHandle: true);
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
