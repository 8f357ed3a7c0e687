namespace Orleans.Dask;

/// <summary>An array operation that cannot be: thrown at the call wherever shapes and types are enough to know.</summary>
public class ArrayException : ArgumentException
{
    /// <summary>What was found, what was expected, the way out.</summary>
    public ArrayException(string message)
        : base(message)
    {
    }

    /// <summary>No message of its own.</summary>
    public ArrayException()
    {
    }

    /// <summary>With the error it came from.</summary>
    public ArrayException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>An axis that does not exist, is named twice, or a wrong number of axes.</summary>
public sealed class AxisException : ArrayException
{
    /// <inheritdoc cref="ArrayException(string)"/>
    public AxisException(string message)
        : base(message)
    {
    }

    /// <inheritdoc cref="ArrayException()"/>
    public AxisException()
    {
    }

    /// <inheritdoc cref="ArrayException(string, Exception)"/>
    public AxisException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>Shapes that do not go together.</summary>
public sealed class ShapeException : ArrayException
{
    /// <inheritdoc cref="ArrayException(string)"/>
    public ShapeException(string message)
        : base(message)
    {
    }

    /// <inheritdoc cref="ArrayException()"/>
    public ShapeException()
    {
    }

    /// <inheritdoc cref="ArrayException(string, Exception)"/>
    public ShapeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>Chunk sizes that do not fit the shape.</summary>
public sealed class ChunkException : ArrayException
{
    /// <inheritdoc cref="ArrayException(string)"/>
    public ChunkException(string message)
        : base(message)
    {
    }

    /// <inheritdoc cref="ArrayException()"/>
    public ChunkException()
    {
    }

    /// <inheritdoc cref="ArrayException(string, Exception)"/>
    public ChunkException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>A position outside the array, too many indices, or a mask of the wrong length.</summary>
public sealed class ArrayIndexException : ArrayException
{
    /// <inheritdoc cref="ArrayException(string)"/>
    public ArrayIndexException(string message)
        : base(message)
    {
    }

    /// <inheritdoc cref="ArrayException()"/>
    public ArrayIndexException()
    {
    }

    /// <inheritdoc cref="ArrayException(string, Exception)"/>
    public ArrayIndexException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>An operation on elements of a type that it is not defined for.</summary>
public sealed class DTypeException : ArrayException
{
    /// <inheritdoc cref="ArrayException(string)"/>
    public DTypeException(string message)
        : base(message)
    {
    }

    /// <inheritdoc cref="ArrayException()"/>
    public DTypeException()
    {
    }

    /// <inheritdoc cref="ArrayException(string, Exception)"/>
    public DTypeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
