namespace Orleans.Dask;

/// <summary>A matrix on which the operation has no answer: singular, not positive definite, or an iteration that does not converge.</summary>
/// <remarks>As numpy.linalg.LinAlgError.</remarks>
public sealed class LinearAlgebraException : Exception
{
    /// <summary>Without words; for serialisers.</summary>
    public LinearAlgebraException()
    {
    }

    /// <summary>With what was found.</summary>
    public LinearAlgebraException(string message)
        : base(message)
    {
    }

    /// <summary>With its cause.</summary>
    public LinearAlgebraException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
