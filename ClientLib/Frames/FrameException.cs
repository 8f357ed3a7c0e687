namespace Orleans.Dask;

/// <summary>A frame was asked for something it does not have or cannot do: an unknown column, types that do not go together, rows that do not match.</summary>
[GenerateSerializer, Alias("dask.FrameException")]
public class FrameException : Exception
{
    /// <summary>With what was found, what was expected, and the way out.</summary>
    public FrameException(string message)
        : base(message)
    {
    }

    /// <summary>With its cause.</summary>
    public FrameException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Without words; for serialisers.</summary>
    public FrameException()
    {
    }

    internal static FrameException UnknownColumn(string name, IEnumerable<string> columns)
    {
        var known = columns.ToArray();
        var near = known.FirstOrDefault(column => string.Equals(column, name, StringComparison.OrdinalIgnoreCase));
        return new FrameException($"No column '{name}'. There are: {string.Join(", ", known.Select(column => $"'{column}'"))}."
            + (near is null ? "" : $" Did you mean '{near}'?"));
    }
}
