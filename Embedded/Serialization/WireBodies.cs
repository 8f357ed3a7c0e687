using System.Collections.Concurrent;
using System.Net;

namespace Orleans.Embedded.Serialization;

/// <summary>Bodies by runtime type, for writing, and by name, for reading.</summary>
internal static class WireBodies
{
    private static readonly ConcurrentDictionary<Type, WireBody> _byType = new();

    public static WireBody For(object value) =>
        _byType.TryGetValue(value.GetType(), out var body) ? body : Add(value.GetType());

    /// <summary>The type of that name, if it may stand where <paramref name="declared"/> is declared.</summary>
    public static WireBody ForName(ReadOnlySpan<byte> name, Type declared)
    {
        var body = WireTypes.BodyOf(name);
        if (!body.Type.IsAssignableTo(declared) && !(body.HoldsDerivedTypes && declared.IsAssignableTo(body.Type)))
        {
            throw new WireException($"A {body.Type.DisplayName()} stands where a {declared.DisplayName()} is expected.");
        }

        return body;
    }

    private static WireBody Add(Type type)
    {
        // Types whose private subclasses are an implementation detail travel under the name of the base.
        var named = type.IsAssignableTo(typeof(Exception)) ? typeof(Exception)
            : type.IsAssignableTo(typeof(GrainReference)) ? typeof(GrainReference)
            : type.IsAssignableTo(typeof(IPAddress)) ? typeof(IPAddress)
            : type;
        var body = WireCodecs.For(named).RuntimeBody;

        // Code that can be unloaded must not be held by having thrown once.
        return type.IsCollectible ? body : _byType.GetOrAdd(type, body);
    }
}
