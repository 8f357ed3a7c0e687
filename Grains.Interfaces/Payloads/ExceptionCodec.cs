using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Orleans.Dask.Grains.Interfaces.Payloads;

/// <summary>
/// Errors: message, inner error, and the stack of the place they were thrown at. Fields of derived types travel when their type
/// can; the others (tokens, tasks) stay behind, because an error that can't be reported helps nobody. So does <see cref="Exception.Data"/>.
/// </summary>
internal sealed class ExceptionCodec<T> : FilledCodec<T>
    where T : Exception
{
    private readonly Fields<T>? _fields;

    public ExceptionCodec() =>
        _fields = FieldPlan.TryMake(typeof(T), typeof(Exception), skipsRefused: true, out var plan) is null && plan!.Fields.Length > 0 ? new Fields<T>(plan) : null;

    public override T Allocate(ref PayloadReader reader)
    {
        reader.Charge(256);
        return (T)RuntimeHelpers.GetUninitializedObject(typeof(T));
    }

    public override void Write(PayloadWriter writer, T value)
    {
        writer.WriteString(MessageOf(value));
        writer.WriteString(value.StackTrace);
        writer.WriteString(value.Source);
        writer.WriteInt32(value.HResult);
        try
        {
            Slot<Exception?>.Write(writer, value.InnerException);
        }
        catch (PayloadException error) when (error.Under(".InnerException"))
        {
            throw;
        }

        _fields?.Write(writer, ref value);
    }

    public override void Fill(ref PayloadReader reader, T value)
    {
        MessageOf(value) = reader.ReadString();
        var stack = reader.ReadString();
        value.Source = reader.ReadString();
        value.HResult = reader.ReadInt32();
        try
        {
            InnerOf(value) = Slot<Exception?>.Read(ref reader);
        }
        catch (PayloadException error) when (error.Under(".InnerException"))
        {
            throw;
        }

        _fields?.Read(ref reader, ref value);
        if (!string.IsNullOrEmpty(stack))
        {
            ExceptionDispatchInfo.SetRemoteStackTrace(value, stack);
        }
    }

    // The property may add to it (a parameter's name), which would then be added twice.
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_message")]
    private static extern ref string? MessageOf(Exception error);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_innerException")]
    private static extern ref Exception? InnerOf(Exception error);
}
