namespace Orleans.Dask.TestKit;

/// <summary>Files that may lie beside the repository (real data, recorded answers). Tests use them where they are and have data of their own besides.</summary>
public static class SharedFolder
{
    /// <summary>The full path, or null if there is no such file.</summary>
    public static string? Find(string relative)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Orleans.Dask.sln")))
            {
                var path = Path.GetFullPath(Path.Combine(folder.FullName, "..", "shared", relative));
                return File.Exists(path) ? path : null;
            }
        }

        return null;
    }
}
