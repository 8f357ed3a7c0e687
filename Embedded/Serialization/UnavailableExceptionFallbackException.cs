namespace Orleans.Serialization;

/// <summary>
/// Stands for an exception of another process whose type is not loaded here, or cannot be made here. Message, remote stack, inner
/// exceptions and Data are those of the original.
/// </summary>
public sealed class UnavailableExceptionFallbackException : Exception
{
    public UnavailableExceptionFallbackException()
        : this("", "", null)
    {
    }

    public UnavailableExceptionFallbackException(string message)
        : this("", message, null)
    {
    }

    public UnavailableExceptionFallbackException(string message, Exception? innerException)
        : this("", message, innerException)
    {
    }

    public UnavailableExceptionFallbackException(string exceptionType, string message, Exception? innerException)
        : base(message, innerException) => ExceptionType = exceptionType;

    /// <summary>The full name, or alias, of the original's type.</summary>
    public string ExceptionType { get; }

    public override string ToString() => $"{base.ToString()}{Environment.NewLine}(originally a {ExceptionType})";
}
