namespace Orleans.Embedded.Serialization;

/// <summary>Names of types as people write them, for messages.</summary>
internal static class TypeDisplay
{
    public static string DisplayName(this Type type)
    {
        if (type.IsArray)
        {
            return $"{type.GetElementType()!.DisplayName()}[{new string(',', type.GetArrayRank() - 1)}]";
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return underlying.DisplayName() + "?";
        }

        if (!type.IsGenericType)
        {
            return type.FullName ?? type.Name;
        }

        var name = type.GetGenericTypeDefinition().FullName ?? type.Name;
        var tick = name.IndexOf('`', StringComparison.Ordinal);
        return $"{(tick < 0 ? name : name[..tick])}<{string.Join(", ", type.GetGenericArguments().Select(DisplayName))}>";
    }

    /// <summary>Without the namespace.</summary>
    public static string ShortName(this Type type)
    {
        if (type.IsArray)
        {
            return type.GetElementType()!.ShortName() + "[]";
        }

        if (!type.IsGenericType)
        {
            return type.Name;
        }

        var tick = type.Name.IndexOf('`', StringComparison.Ordinal);
        return $"{(tick < 0 ? type.Name : type.Name[..tick])}<{string.Join(", ", type.GetGenericArguments().Select(ShortName))}>";
    }
}
