namespace Orleans.Dask.Grains.Interfaces;

/// <summary>Code that can't be brought, found or let in.</summary>
[GenerateSerializer, Alias("dask.CodeException")]
public sealed class CodeException : Exception
{
    /// <summary>Without words; for serialisers.</summary>
    public CodeException()
    {
    }

    /// <summary>What was found, what was expected, the way out.</summary>
    public CodeException(string message)
        : base(message)
    {
    }

    /// <summary>With its cause.</summary>
    public CodeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Code that is nowhere to be had, until the client brings it again.</summary>
    public CodeException(string message, IReadOnlyList<AssemblyIdentity> missing)
        : base(message)
    {
        ArgumentNullException.ThrowIfNull(missing);
        Missing = [.. missing];
    }

    /// <summary>What the client has to bring for another attempt to succeed; empty when no attempt will.</summary>
    [Id(0)]
    public AssemblyIdentity[] Missing { get; private set; } = [];
}
