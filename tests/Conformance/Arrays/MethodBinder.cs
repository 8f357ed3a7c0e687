using System.Reflection;
using System.Runtime.CompilerServices;

namespace Orleans.Dask.Conformance.Arrays;

/// <summary>
/// Finds the public method that C# would call for a name and arguments: extension methods and operators, and static
/// methods of <see cref="DaskArray"/>. So the vectors go through the typed API that users have.
/// </summary>
internal static class MethodBinder
{
    private static readonly ILookup<string, MethodInfo> s_methods = typeof(DaskArray).Assembly.GetExportedTypes()
        .Where(t => t.Namespace == "Orleans.Dask" && (t.IsAbstract || t == typeof(DaskArray)))
        .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
        .ToLookup(m => m.Name);

    public static bool Knows(string name) => s_methods.Contains(name);

    /// <summary>The answer of the first method that takes the arguments.</summary>
    /// <exception cref="MissingMethodException">None does.</exception>
    public static object? Call(string name, IReadOnlyList<object?> positional, IReadOnlyDictionary<string, object?> named)
    {
        foreach (var method in s_methods[name])
        {
            if (TryBind(method, positional, named, out var bound, out var arguments))
            {
                try
                {
                    return bound.Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null);
                }
                catch (ArgumentException wrong) when (wrong is not ArrayException && wrong.GetType() == typeof(ArgumentException) && wrong.Source == "System.Private.CoreLib")
                {
                    throw new InvalidOperationException($"{method} bound to the wrong types.", wrong);
                }
            }
        }

        throw new MissingMethodException($"{name}({string.Join(", ", positional.Select(Name))}{string.Concat(named.Select(n => $", {n.Key}: {Name(n.Value)}"))})");
    }

    private static string Name(object? value) => value switch
    {
        null => "null",
        DaskArray array => $"DaskArray<{array.DType}>",
        _ => $"{value.GetType().Name} {value}",
    };

    private static bool TryBind(MethodInfo method, IReadOnlyList<object?> positional, IReadOnlyDictionary<string, object?> named, out MethodInfo bound, out object?[] arguments)
    {
        bound = method;
        var parameters = method.GetParameters();
        arguments = new object?[parameters.Length];
        var values = new object?[parameters.Length];
        var given = new bool[parameters.Length];
        var variadic = parameters.Length > 0 && IsParams(parameters[^1]) && parameters[^1].ParameterType.IsArray
            && typeof(DaskArray).IsAssignableFrom(Open(parameters[^1].ParameterType.GetElementType()!));
        for (var i = 0; i < positional.Count; i++)
        {
            if (variadic && i >= parameters.Length - 1)
            {
                values[^1] = positional.Skip(i).ToArray();
                given[^1] = true;
                break;
            }

            if (i >= parameters.Length)
            {
                return false;
            }

            (values[i], given[i]) = (positional[i], true);
        }

        foreach (var (key, value) in named)
        {
            var place = Array.FindIndex(parameters, p => p.Name == key);
            if (place < 0 || given[place])
            {
                return false;
            }

            (values[place], given[place]) = (value, true);
        }

        if (method.IsGenericMethodDefinition)
        {
            var types = new Dictionary<Type, Type>();
            for (var i = 0; i < parameters.Length; i++)
            {
                if (given[i] && !Infer(parameters[i].ParameterType, values[i], types))
                {
                    return false;
                }
            }

            if (!Array.TrueForAll(method.GetGenericArguments(), types.ContainsKey))
            {
                return false;
            }

            try
            {
                bound = method.MakeGenericMethod([.. method.GetGenericArguments().Select(a => types[a])]);
            }
            catch (ArgumentException)
            {
                // A constraint does not hold: as for the compiler, the method is no candidate.
                return false;
            }
        }

        parameters = bound.GetParameters();
        for (var i = 0; i < parameters.Length; i++)
        {
            if (!given[i])
            {
                if (IsParams(parameters[i]) && parameters[i].ParameterType.IsArray)
                {
                    arguments[i] = Array.CreateInstance(parameters[i].ParameterType.GetElementType()!, 0);
                }
                else if (!parameters[i].HasDefaultValue)
                {
                    return false;
                }
                else
                {
                    arguments[i] = parameters[i].DefaultValue is null or DBNull && parameters[i].ParameterType.IsValueType
                        ? RuntimeHelpers.GetUninitializedObject(parameters[i].ParameterType) is var blank && Nullable.GetUnderlyingType(parameters[i].ParameterType) is null ? blank : null
                        : parameters[i].DefaultValue;
                }
            }
            else if (!Arguments.TryConvert(values[i], parameters[i].ParameterType, out arguments[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsParams(ParameterInfo parameter) => parameter.IsDefined(typeof(ParamArrayAttribute), false);

    private static Type Open(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition().BaseType is { } b && b != typeof(object) ? b : type : type;

    /// <summary>Learns type arguments from an argument; false where an earlier one says otherwise.</summary>
    private static bool Infer(Type parameter, object? value, Dictionary<Type, Type> types)
    {
        if (value is null || !parameter.ContainsGenericParameters)
        {
            return true;
        }

        if (parameter.IsGenericParameter)
        {
            return value is DaskArray or Weak or Array or IReadOnlyDictionary<int, object> || Set(parameter, value.GetType(), types);
        }

        if (value is object?[] list && ElementType(parameter) is { } element)
        {
            return list.All(v => Infer(element, v, types));
        }

        if (parameter.IsGenericType)
        {
            for (var type = value.GetType(); type is not null; type = type.BaseType)
            {
                if (type.IsGenericType && type.GetGenericTypeDefinition() == parameter.GetGenericTypeDefinition())
                {
                    var mine = parameter.GetGenericArguments();
                    var theirs = type.GetGenericArguments();
                    for (var i = 0; i < mine.Length; i++)
                    {
                        if (mine[i].IsGenericParameter && !Set(mine[i], theirs[i], types))
                        {
                            return false;
                        }
                    }

                    return true;
                }
            }
        }

        return parameter.GetGenericTypeDefinitionOrNull() == typeof(Nullable<>) || !typeof(DaskArray).IsAssignableFrom(Open(parameter));
    }

    internal static Type? ElementType(Type type) => type.IsArray ? type.GetElementType()
        : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;

    private static bool Set(Type parameter, Type type, Dictionary<Type, Type> types) =>
        types.TryAdd(parameter, type) || types[parameter] == type;

    private static Type? GetGenericTypeDefinitionOrNull(this Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : null;
}
