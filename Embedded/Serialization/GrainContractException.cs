namespace Orleans.Embedded.Serialization;

/// <summary>A grain interface breaks the rules that keep it callable on both engines. Every problem found is in the message.</summary>
public sealed class GrainContractException : Exception
{
    public GrainContractException()
    {
    }

    public GrainContractException(string message)
        : base(message)
    {
    }

    public GrainContractException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
