using System.Runtime.ExceptionServices;
using Orleans.Embedded.Serialization;

namespace Orleans.Embedded;

/// <summary>The answer to a call: a result or an exception.</summary>
internal abstract class Response
{
    public Exception? Exception { get; set; }

    /// <summary>The result boxed, for the rare caller that does not know its type.</summary>
    public abstract object? BoxedResult { get; }

    /// <summary>The result copied unless immutable, for a caller in the same process.</summary>
    public abstract Response CopyForLocalCall();

    public abstract void Write(ref WireWriter writer);

    public abstract void Read(ref WireReader reader);

    public void ThrowIfFailed()
    {
        if (Exception is not null)
        {
            ExceptionDispatchInfo.Throw(Exception);
        }
    }
}
