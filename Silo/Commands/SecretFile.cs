namespace Orleans.Dask.Silo.Commands;

/// <summary>A cluster's secret at rest.</summary>
internal static class SecretFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <exception cref="InvalidDataException">Missing, open to others, or not hex.</exception>
    public static string Read(FileInfo file)
    {
        var text = ReadText(file, "Write 64 random hex digits to it");
        return text.Length >= 32 && text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit) ? text
            : throw new InvalidDataException($"The secret file {file.FullName} holds {text.Length} characters, expected an even number of hex digits, at least 32.");
    }

    /// <summary>The text of a file that nobody else may read.</summary>
    /// <param name="file">Which.</param>
    /// <param name="advice">What to do where there is none.</param>
    /// <exception cref="InvalidDataException">Missing or open to others.</exception>
    public static string ReadText(FileInfo file, string advice)
    {
        if (!file.Exists)
        {
            throw new InvalidDataException($"The secret file {file.FullName} does not exist. {advice} and make it readable by its owner alone (chmod 600).");
        }

        if (!OperatingSystem.IsWindows() && (file.UnixFileMode & ~OwnerOnly) is not UnixFileMode.None and var open)
        {
            throw new InvalidDataException($"The secret file {file.FullName} is open to others ({open}). Run: chmod 600 {file.FullName}");
        }

        return File.ReadAllText(file.FullName).Trim();
    }
}
