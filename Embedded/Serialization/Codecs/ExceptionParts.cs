using System.Runtime.CompilerServices;

namespace Orleans.Embedded.Serialization;

/// <summary>What is read of an exception before it exists.</summary>
internal struct ExceptionParts
{
    public string? TypeName;
    public string? Message;
    public string? Stack;
    public int HResult;
    public Exception[]? Inner;
    public Dictionary<string, string>? Data;
}

/// <summary>Fields of <see cref="Exception"/> that have no setter.</summary>
internal static class ExceptionFields
{
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_message")]
    public static extern ref string? Message(Exception exception);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_innerException")]
    public static extern ref Exception? Inner(Exception exception);
}
