using System.Collections;
using System.Runtime.ExceptionServices;

namespace Orleans.Embedded.Serialization;

/// <summary>
/// Any exception: its type's name, message, remote stack, inner exceptions, HResult and the strings of its Data; of a
/// [GenerateSerializer] exception also its members. The reader makes the same type where it can, else
/// <see cref="Orleans.Serialization.UnavailableExceptionFallbackException"/>. Writing fails only for declared members that cannot cross.
/// </summary>
internal sealed class ExceptionBody<T> : WireBody<T>
    where T : Exception
{
    private const uint TypeId = 0;
    private const uint MessageId = 1;
    private const uint StackId = 2;
    private const uint HResultId = 3;
    private const uint InnerId = 4;
    private const uint DataId = 5;
    private const uint MembersId = 6;

    // What a person can still read; the rest of a message's limits are not for stack traces.
    private const int MaxText = 32_768;
    private const int MaxInner = 16;
    private const int MaxData = 64;

    public override WireKind Kind => WireKind.Group;

    // An exception is not changed by being passed on, and its stack is part of it.
    public override bool SharesCopies => true;

    public override bool HoldsDerivedTypes => true;

    public override void Write(ref WireWriter writer, T value)
    {
        WriteText(ref writer, TypeId, ExceptionTypes.NameOf(value));
        WriteText(ref writer, MessageId, MessageOf(value));
        WriteText(ref writer, StackId, value.StackTrace);
        writer.WriteMemberHeader(HResultId, WireKind.Varint);
        writer.WriteZigzag(value.HResult);
        WriteInner(ref writer, value);
        WriteData(ref writer, value.Data);
        if (ExceptionTypes.MembersOf(value.GetType()) is { } members)
        {
            writer.WriteMemberHeader(MembersId, WireKind.Group);
            members.Write(ref writer, value);
        }

        writer.WriteEnd();
    }

    public override T Read(ref WireReader reader, int start)
    {
        try
        {
            return ReadParts(ref reader, start);
        }
        catch (Exception cause) when (WireException.IsForeign(cause, typeof(T).ShortName()))
        {
            throw WireException.Wrap(cause, typeof(T).ShortName());
        }
    }

    public override T Copy(T value, CopyContext context) => value;

    private static T ReadParts(ref WireReader reader, int start)
    {
        var parts = default(ExceptionParts);
        Exception? exception = null;
        reader.Charge(1, 256);
        reader.Register(start, ReaderReferences.Unfinished.Instance);
        while (true)
        {
            var id = reader.ReadMemberHeader(out var kind);
            if (kind == WireKind.End)
            {
                break;
            }

            switch (id, kind)
            {
                case (TypeId, WireKind.Bytes):
                    parts.TypeName = reader.ReadString();
                    break;
                case (MessageId, WireKind.Bytes):
                    parts.Message = reader.ReadString();
                    break;
                case (StackId, WireKind.Bytes):
                    parts.Stack = reader.ReadString();
                    break;
                case (HResultId, WireKind.Varint):
                    parts.HResult = unchecked((int)reader.ReadZigzag());
                    break;
                case (InnerId, WireKind.Sequence):
                    parts.Inner = Elements<Exception>.ReadArray(ref reader);
                    break;
                case (DataId, WireKind.Object):
                    parts.Data = WireSerializer.Read<Dictionary<string, string>>(ref reader);
                    break;
                case (MembersId, WireKind.Group) when exception is null:
                    exception = ExceptionTypes.Create(parts);
                    if (ExceptionTypes.MembersOf(exception.GetType()) is { } members)
                    {
                        members.Read(ref reader, exception);
                    }
                    else
                    {
                        reader.SkipToEnd();
                    }

                    break;
                default:
                    reader.Skip(kind);
                    break;
            }
        }

        exception ??= ExceptionTypes.Create(parts);
        if (parts.Stack is { Length: > 0 } stack)
        {
            ExceptionDispatchInfo.SetRemoteStackTrace(exception, stack);
        }

        reader.Register(start, exception);
        return exception as T
            ?? throw new WireException($"A {parts.TypeName} stands where a {typeof(T).DisplayName()} is expected.", exception);
    }

    private static string MessageOf(Exception value)
    {
        try
        {
            return value.Message;
        }
        catch (Exception cause)
        {
            // Overridden by code that fails: the error that is being reported matters more than its wording.
            return $"(its message cannot be read: {cause.GetType().Name})";
        }
    }

    private static void WriteText(ref WireWriter writer, uint id, string? text)
    {
        if (text is not null)
        {
            writer.WriteMemberHeader(id, WireKind.Bytes);
            writer.WriteString(text.Length <= MaxText ? text : text[..MaxText] + "…");
        }
    }

    private static void WriteInner(ref WireWriter writer, Exception value)
    {
        Exception[] inner = value is AggregateException many ? [.. many.InnerExceptions]
            : value.InnerException is { } one ? [one]
            : [];
        // A very long chain is cut rather than refused: the first causes are the ones that are read.
        if (inner.Length == 0 || !writer.HasRoomBelow)
        {
            return;
        }

        var count = Math.Min(inner.Length, MaxInner);
        writer.WriteMemberHeader(InnerId, WireKind.Sequence);
        Elements<Exception>.WriteHeader(ref writer, count, WireCodec<Exception>.Instance, WireComparer.Default);
        for (var i = 0; i < count; i++)
        {
            WireCodec<Exception>.Instance.Write(ref writer, inner[i]);
        }
    }

    private static void WriteData(ref WireWriter writer, IDictionary data)
    {
        var texts = new Dictionary<string, string>();
        foreach (DictionaryEntry entry in data)
        {
            if (entry is { Key: string key, Value: string value } && texts.Count < MaxData)
            {
                texts[key] = value.Length <= MaxText ? value : value[..MaxText] + "…";
            }
        }

        if (texts.Count > 0)
        {
            WireMember.Write(ref writer, DataId, texts);
        }
    }
}
