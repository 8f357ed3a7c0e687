namespace Orleans.Dask.TestKit;

/// <summary>Where the sources are. Not where the compiler saw them: a CI build writes that down as <c>/_/</c>.</summary>
public static class Repository
{
    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Orleans.Dask.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No Orleans.Dask.sln in {AppContext.BaseDirectory} or above it: run the tests from within the repository.");
    }
}
