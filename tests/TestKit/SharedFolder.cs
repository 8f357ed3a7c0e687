namespace Orleans.Dask.TestKit;

/// <summary>Files that may lie beside the repository (real data, recorded answers). Tests use them where they are and have data of their own besides.</summary>
public static class SharedFolder
{
    /// <summary>The full path, or null if there is no such file.</summary>
    public static string? Find(string relative)
    {
        var path = Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", relative));
        return File.Exists(path) ? path : null;
    }
}
