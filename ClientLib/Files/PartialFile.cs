namespace Orleans.Dask.Files;

/// <summary>A file that is written beside its place and put there whole by <see cref="Commit"/>; otherwise it is gone at the end.</summary>
internal sealed class PartialFile : IDisposable
{
    private readonly string _target;

    public PartialFile(string target)
    {
        _target = System.IO.Path.GetFullPath(target);
        Path = $"{_target}.{Guid.NewGuid():N}.partial";
    }

    /// <summary>Where to write.</summary>
    public string Path { get; }

    /// <summary>A new file with these first bytes and a full length.</summary>
    public void Create(ReadOnlySpan<byte> header, long length)
    {
        using var file = File.OpenHandle(Path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite);
        RandomAccess.SetLength(file, length);
        RandomAccess.Write(file, header, 0);
    }

    public void Commit() => File.Move(Path, _target, overwrite: true);

    public void Dispose() => File.Delete(Path);
}
