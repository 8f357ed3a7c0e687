namespace Orleans.Dask.Frames;

/// <summary>Paths and globs to files, in the order of their names.</summary>
internal static class CsvFiles
{
    public static string[] Find(string pathOrGlob)
    {
        ArgumentException.ThrowIfNullOrEmpty(pathOrGlob);
        var full = Path.GetFullPath(pathOrGlob);
        if (File.Exists(full))
        {
            return [full];
        }

        var name = Path.GetFileName(full);
        var folder = Path.GetDirectoryName(full);
        if (name.AsSpan().IndexOfAny('*', '?') >= 0 && Directory.Exists(folder))
        {
            var found = Directory.GetFiles(folder, name);
            Array.Sort(found, string.CompareOrdinal);
            if (found.Length > 0)
            {
                return found;
            }
        }

        throw new FileNotFoundException($"No file at '{pathOrGlob}' (looked for '{full}'). Give a path, or a pattern with * or ? in the file's name.", full);
    }
}
