namespace Orleans.Embedded.Serialization;

/// <summary>Tuples and pairs have no attributes; their items are numbered by position.</summary>
internal static class TuplePlan
{
    private static readonly string[] _names = ["Item1", "Item2", "Item3", "Item4", "Item5", "Item6", "Item7", "Rest"];

    public static TypePlan? Of(Type type)
    {
        if (type == typeof(ValueTuple))
        {
            return TypePlan.OfFields(type, []);
        }

        if (!type.IsGenericType || type.Assembly != typeof(object).Assembly)
        {
            return null;
        }

        var count = type.GetGenericArguments().Length;
        return type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>) ? TypePlan.OfFields(type, ["key", "value"])
            : type.FullName!.StartsWith("System.ValueTuple`", StringComparison.Ordinal) ? TypePlan.OfFields(type, _names.Take(count))
            : type.FullName!.StartsWith("System.Tuple`", StringComparison.Ordinal) ? TypePlan.OfFields(type, _names.Take(count).Select(name => $"m_{name}"))
            : null;
    }
}
