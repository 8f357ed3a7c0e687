using Microsoft.Win32.SafeHandles;

namespace Orleans.Dask.Spilling;

/// <summary>What spilling asks of the file system; tests give one that is full, or that lets go of nothing.</summary>
/// <param name="Open">Makes the file of that path, for nobody else.</param>
/// <param name="Remove">Removes the folder of that path with what is in it.</param>
internal sealed record SpillDisk(Func<string, SafeFileHandle> Open, Action<string> Remove)
{
    public static SpillDisk Default { get; } = new(Create, static path => Directory.Delete(path, recursive: true));

    private static SafeFileHandle Create(string path) => File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
}
