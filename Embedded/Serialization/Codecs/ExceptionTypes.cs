using System.Buffers;
using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using Orleans.Serialization;

namespace Orleans.Embedded.Serialization;

/// <summary>
/// From an exception's type name to an exception. Names are looked up among the assemblies that are loaded already, never resolved:
/// a peer cannot make this process load anything.
/// </summary>
internal static class ExceptionTypes
{
    // A peer may send any number of made-up names.
    private const int MaxRemembered = 4_096;

    private static readonly SearchValues<char> _plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.+-");

    // Weak: exceptions of a session's code must not keep it loaded.
    private static readonly ConditionalWeakTable<Type, StrongBox<ExceptionMembers?>> _members = [];
    private static readonly ConcurrentDictionary<string, Type> _byName = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<Type, Func<string, Exception?, Exception>?> _constructors = new();

    /// <summary>The alias of a wire type, else the full name; of an exception that was foreign already, its original name.</summary>
    public static string NameOf(Exception exception) =>
        exception is UnavailableExceptionFallbackException foreign ? foreign.ExceptionType
        : exception.GetType().IsDefined(typeof(GenerateSerializerAttribute), inherit: false) ? WireTypes.DeclaredName(exception.GetType())
        : exception.GetType().FullName ?? exception.GetType().Name;

    /// <summary>Of [GenerateSerializer] exceptions their members; null of others.</summary>
    public static ExceptionMembers? MembersOf(Type type) => _members.GetValue(type, static type => new(
        type.IsDefined(typeof(GenerateSerializerAttribute), inherit: true)
            ? (ExceptionMembers)Activator.CreateInstance(typeof(ExceptionMembers<>).MakeGenericType(type))!
            : null)).Value;

    /// <summary>The same type where that is possible, otherwise the fallback.</summary>
    public static Exception Create(in ExceptionParts parts)
    {
        var name = parts.TypeName ?? "";
        var message = parts.Message ?? "";
        var inner = parts.Inner is { Length: > 0 } all ? all[0] : null;
        var exception = Find(name) is { } type ? Construct(type, message, inner, parts.Inner) : null;
        exception ??= new UnavailableExceptionFallbackException(name, message, inner);
        ExceptionFields.Message(exception) = message;
        exception.HResult = parts.HResult;
        foreach (var (key, value) in parts.Data ?? [])
        {
            exception.Data[key] = value;
        }

        return exception;
    }

    private static Exception? Construct(Type type, string message, Exception? inner, Exception[]? all)
    {
        if (type == typeof(AggregateException))
        {
            return new AggregateException(message, all?.Where(one => one is not null) ?? []);
        }

        if (type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false))
        {
            var plan = type.GetConstructor(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, []);
            var made = plan is null ? (Exception)RuntimeHelpers.GetUninitializedObject(type) : (Exception)plan.Invoke(null);
            ExceptionFields.Inner(made) = inner;
            return made;
        }

        try
        {
            return _constructors.GetOrAdd(type, FindConstructor)?.Invoke(message, inner);
        }
        catch (Exception cause) when (cause is TargetInvocationException or ArgumentException)
        {
            // Its constructor does not want this message: the fallback carries everything.
            return null;
        }
    }

    private static Func<string, Exception?, Exception>? FindConstructor(Type type)
    {
        if (Constructor(type, typeof(string), typeof(Exception)) is { } full)
        {
            return (message, inner) => (Exception)full.Invoke([message, inner]);
        }

        if ((Constructor(type, typeof(string)) is { } one && one.GetParameters()[0].Name!.Contains("message", StringComparison.OrdinalIgnoreCase) ? one : Constructor(type)) is not { } simple)
        {
            return null;
        }

        var takesMessage = simple.GetParameters().Length == 1;
        return (message, inner) =>
        {
            var exception = (Exception)simple.Invoke(takesMessage ? [message] : []);
            ExceptionFields.Inner(exception) = inner;
            return exception;
        };
    }

    private static ConstructorInfo? Constructor(Type type, params Type[] parameters) =>
        type.GetConstructor(BindingFlags.Instance | BindingFlags.Public, parameters);

    private static Type? Find(string name)
    {
        if (_byName.TryGetValue(name, out var known))
        {
            return known;
        }

        // Brackets, commas and backslashes would make it more than a name.
        if (name.Length is 0 or > WireTypeName.MaxLength || name.AsSpan().ContainsAnyExcept(_plain))
        {
            return null;
        }

        var type = WireTypes.FindPlain(name) ?? Loaded(name);
        if (type is null || !type.IsSubclassOf(typeof(Exception)) && type != typeof(Exception) || type.IsAbstract || type.ContainsGenericParameters)
        {
            return null;
        }

        if (_byName.Count < MaxRemembered)
        {
            _byName[name] = type;
        }

        return type;
    }

    private static Type? Loaded(string name)
    {
        foreach (var assembly in AppDomain.CurrentDomain.GetAssemblies())
        {
            // Code of one session is nothing that another one's exceptions may turn into.
            if (!assembly.IsDynamic && !assembly.IsCollectible && assembly.GetType(name, throwOnError: false) is { } type && type.IsAssignableTo(typeof(Exception)))
            {
                return type;
            }
        }

        return null;
    }
}
