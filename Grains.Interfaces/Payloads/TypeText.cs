namespace Orleans.Dask.Grains.Interfaces.Payloads;

/// <summary>Types as a C# programmer would write them, for messages.</summary>
internal static class TypeText
{
    public static string Of(Type type)
    {
        if (type.IsArray)
        {
            return $"{Of(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        }

        if (type.IsPointer)
        {
            return Of(type.GetElementType()!) + "*";
        }

        var name = type.Name.Split('`')[0];
        return type.IsConstructedGenericType ? $"{name}<{string.Join(", ", type.GetGenericArguments().Select(Of))}>" : name;
    }

    /// <summary>With namespace: for the type an error is about.</summary>
    public static string Full(Type type) => type.Namespace is { Length: > 0 } space ? $"{space}.{Of(type)}" : Of(type);
}
