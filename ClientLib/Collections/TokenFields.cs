using System.Collections.Concurrent;
using System.Reflection;

namespace Orleans.Dask;

/// <summary>What a <see cref="TokenWriter"/> knows of types.</summary>
internal static class TokenFields
{
    private static readonly ConcurrentDictionary<Type, FieldInfo[]> s_fields = new();
    private static readonly ConcurrentDictionary<Type, string> s_names = new();

    /// <summary>The fields of a type and its bases, in an order that reflection does not decide.</summary>
    public static FieldInfo[] Of(Type type) => s_fields.GetOrAdd(type, static type =>
    {
        var fields = new List<FieldInfo>();
        for (var at = type; at is not null && at != typeof(object); at = at.BaseType)
        {
            var own = at.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly);
            fields.AddRange(own.OrderBy(field => field.Name, StringComparer.Ordinal));
        }

        return [.. fields];
    });

    /// <summary>A type's name without the version of its assembly: a number is a number in the next runtime too.</summary>
    public static string NameOf(Type type) => s_names.GetOrAdd(type, static type =>
        type.IsArray ? $"{NameOf(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]"
        : type.IsConstructedGenericType ? $"{NameOf(type.GetGenericTypeDefinition())}<{string.Join(',', type.GetGenericArguments().Select(NameOf))}>"
        : $"{type.FullName ?? type.Name}, {type.Assembly.GetName().Name}");
}
