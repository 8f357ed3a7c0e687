using System.Text.Json;
using Orleans.Dask.TestKit;

namespace Orleans.Dask.Conformance;

/// <summary>The recorded answers, where they lie: <c>CONFORMANCE_DIR</c>, else beside the repository.</summary>
public static class ConformanceFiles
{
    /// <summary>One element per line; none where the file isn't there.</summary>
    public static IEnumerable<JsonElement> Lines(string file)
    {
        var folder = Environment.GetEnvironmentVariable("CONFORMANCE_DIR");
        var path = folder is null ? SharedFolder.Find(Path.Combine("conformance", file)) : Path.Combine(folder, file);
        return path is null ? [] : File.ReadLines(path).Select(line => JsonDocument.Parse(line).RootElement);
    }

    /// <summary>Whether there are any: a test over all lines says so, instead of passing on nothing.</summary>
    public static bool Exist(string file) => Lines(file).Any();
}
