using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Orleans.Embedded.Serialization;

namespace Orleans.Embedded;

/// <summary>The answer to a call: a result or an exception.</summary>
internal abstract class Response
{
    private const byte Succeeded = 0;
    private const byte Threw = 1;

    /// <summary>Of every method without a result that ended well. Shared: never set its members.</summary>
    public static Response Completed { get; } = new VoidResponse();

    /// <summary>A finished task with <see cref="Completed"/>.</summary>
    public static ValueTask<Response> CompletedTask => new(Completed);

    public Exception? Exception { get; set; }

    /// <summary>The result boxed, for the rare caller that does not know its type.</summary>
    public abstract object? BoxedResult { get; }

    /// <summary>For filters that answer in the method's place.</summary>
    public virtual void SetBoxedResult(object? result)
    {
    }

    public static Response FromException(Exception exception) => new VoidResponse { Exception = exception };

    public static Response FromResult<T>(T result) => new Response<T> { Result = result };

    /// <summary>The result copied unless immutable, for a caller in the same process.</summary>
    public abstract Response CopyForLocalCall();

    public void Write(ref WireWriter writer)
    {
        if (Exception is null)
        {
            writer.WriteByte(Succeeded);
            WriteResult(ref writer);
        }
        else
        {
            writer.WriteByte(Threw);
            WireSerializer.Write(ref writer, Exception);
        }
    }

    public void Read(ref WireReader reader)
    {
        switch (reader.ReadByte())
        {
            case Succeeded:
                ReadResult(ref reader);
                break;
            case Threw:
                Exception = WireSerializer.Read<Exception>(ref reader)
                    ?? throw new WireException("An answer says that the call failed, but not how.");
                break;
            case var other:
                throw new WireException($"An answer begins with {other}, expected {Succeeded} (result) or {Threw} (exception).");
        }
    }

    [StackTraceHidden]
    public void ThrowIfFailed()
    {
        if (Exception is not null)
        {
            ExceptionDispatchInfo.Throw(Exception);
        }
    }

    /// <summary>The result of a method that returns a <typeparamref name="T"/>; throws what the method threw.</summary>
    [StackTraceHidden]
    public T GetResult<T>()
    {
        ThrowIfFailed();
        return ((Response<T>)this).Result;
    }

    protected abstract void WriteResult(ref WireWriter writer);

    protected abstract void ReadResult(ref WireReader reader);
}

/// <summary>Of a method without a result, or of any that failed.</summary>
internal sealed class VoidResponse : Response
{
    public override object? BoxedResult => null;

    public override Response CopyForLocalCall() => this;

    protected override void WriteResult(ref WireWriter writer)
    {
    }

    protected override void ReadResult(ref WireReader reader)
    {
    }
}

/// <summary>Of a method that returns a <typeparamref name="T"/>.</summary>
internal sealed class Response<T> : Response
{
    public T Result { get; set; } = default!;

    public override object? BoxedResult => Result;

    public override void SetBoxedResult(object? result) => Result = (T)result!;

    public override Response CopyForLocalCall() =>
        Exception is not null || WireSerializer.SharesCopies<T>() ? this : new Response<T> { Result = WireSerializer.Copy(Result) };

    protected override void WriteResult(ref WireWriter writer) => WireSerializer.Write(ref writer, Result);

    protected override void ReadResult(ref WireReader reader) => Result = WireSerializer.Read<T>(ref reader);
}
