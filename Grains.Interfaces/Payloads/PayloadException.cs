namespace Orleans.Dask.Grains.Interfaces;

/// <summary>A value that can't travel, or bytes that don't hold what they should. Its message begins with the path to the member.</summary>
[GenerateSerializer, Alias("dask.PayloadException")]
public sealed class PayloadException : Exception
{
    // Deep graphs have paths nobody reads to the end.
    private const int LongestPath = 400;

    [Id(0)]
    private string _path = "";

    /// <summary>An error without details.</summary>
    public PayloadException()
    {
    }

    /// <summary>An error at the place that is being written or read.</summary>
    /// <param name="message">What was found, what was expected, the way out; without the path.</param>
    public PayloadException(string message)
        : base(message)
    {
    }

    /// <summary>An error with its cause.</summary>
    /// <param name="message">What was found, what was expected, the way out; without the path.</param>
    /// <param name="innerException">What the runtime said.</param>
    public PayloadException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The way from the value to the member, such as <c>closure.captured 'rows'[3].Name</c>; empty at the value itself.</summary>
    public string Path => _path.StartsWith('.') ? _path[1..] : _path;

    /// <inheritdoc/>
    public override string Message => _path.Length == 0 ? base.Message : $"{Path}: {base.Message}";

    /// <summary>
    /// Adds an outer step to the path. Always false: called from exception filters, so that the path is gathered
    /// while the exception looks for its handler, without a catch and a rethrow at every level.
    /// </summary>
    internal bool Under(string step)
    {
        if (_path.Length < LongestPath)
        {
            _path = step + _path;
        }
        else if (!_path.StartsWith('…'))
        {
            _path = "…" + _path;
        }

        return false;
    }
}
