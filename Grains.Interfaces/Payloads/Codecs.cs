using System.Reflection;
using System.Runtime.CompilerServices;

namespace Orleans.Dask.Grains.Interfaces.Payloads;

/// <summary>The codec of a type: exact where we have one, reflective for the user's own, refusing for the rest. Never throws: a refusal speaks when it is used.</summary>
internal static class Codecs
{
    // Weak in the type, so that a session's code can be unloaded.
    private static readonly ConditionalWeakTable<Type, Codec> Known = new();

    public static Codec For(Type type) => Known.TryGetValue(type, out var codec) ? codec : Known.GetValue(type, Create);

    private static Codec Create(Type type)
    {
        if (type.ContainsGenericParameters || type.IsPointer || type.IsFunctionPointer || type.IsByRef || type.IsByRefLike || type == typeof(void))
        {
            return new RefusedCodec(type, Refusals.Pointer);
        }

        if (Leaves.TryCreate(type) is { } leaf)
        {
            return leaf;
        }

        if (type.IsArray)
        {
            return Refusals.Find(type.GetElementType()!) is { } why ? new RefusedCodec(type, why) : ArrayCodecs.Create(type);
        }

        if (type.IsSubclassOf(typeof(MulticastDelegate)))
        {
            return Make(typeof(DelegateCodec<>), type);
        }

        if (type.GetCustomAttribute<PayloadCodecAttribute>(inherit: false) is { } own)
        {
            return OwnCodecs.Create(type, own.Codec);
        }

        return Collections.TryCreate(type)
            ?? Wellknown.TryCreate(type)
            ?? (type.IsAssignableTo(typeof(Exception)) && !type.IsAbstract ? Make(typeof(ExceptionCodec<>), type) : null)
            ?? (Refusals.Find(type) is { } reason ? Refuse(type, reason) : ObjectCodecs.Create(type));
    }

    public static Codec Refuse(Type type, string reason) =>
        type.IsValueType ? (Codec)Activator.CreateInstance(typeof(RefusedValueCodec<>).MakeGenericType(type), reason)! : new RefusedCodec(type, reason);

    public static Codec Make(Type definition, params Type[] arguments) =>
        (Codec)Activator.CreateInstance(definition.MakeGenericType(arguments), nonPublic: true)!;
}
