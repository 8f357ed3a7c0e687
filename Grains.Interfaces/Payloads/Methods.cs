using System.Reflection;

namespace Orleans.Dask.Grains.Interfaces.Payloads;

/// <summary>Methods by declaring type, name, type arguments and, where the name is taken twice, parameter types.</summary>
internal static class Methods
{
    private const BindingFlags All = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    public static void Write(PayloadWriter writer, MethodInfo method)
    {
        if (method.DeclaringType is not { } type)
        {
            throw new PayloadException("a method made at run time (a compiled expression or DynamicMethod) can't travel: its code exists in this process only. "
                + "Write it as a lambda or method of a compiled project.");
        }

        writer.WriteType(type);
        writer.WriteString(method.Name);
        var arguments = method.IsGenericMethod ? method.GetGenericArguments() : [];
        writer.WriteVarUInt((uint)arguments.Length);
        foreach (var argument in arguments)
        {
            writer.WriteType(argument);
        }

        var isOverloaded = Named(type, method.Name, arguments.Length).Count > 1;
        writer.WriteBoolean(isOverloaded);
        if (isOverloaded)
        {
            var parameters = method.GetParameters();
            writer.WriteVarUInt((uint)parameters.Length);
            foreach (var parameter in parameters)
            {
                // A reference is told apart by a mark: it can be no type of its own on the wire.
                writer.WriteBoolean(parameter.ParameterType.IsByRef);
                writer.WriteType(parameter.ParameterType.IsByRef ? parameter.ParameterType.GetElementType()! : parameter.ParameterType);
            }
        }
    }

    public static MethodInfo Read(ref PayloadReader reader)
    {
        var type = reader.ReadType();
        var name = reader.ReadString() ?? "";
        var arguments = new Type[reader.ReadLength()];
        for (var i = 0; i < arguments.Length; i++)
        {
            arguments[i] = reader.ReadType();
        }

        Type[]? parameters = null;
        if (reader.ReadBoolean())
        {
            parameters = new Type[reader.ReadLength(2)];
            for (var i = 0; i < parameters.Length; i++)
            {
                var isReference = reader.ReadBoolean();
                parameters[i] = reader.ReadType();
                if (isReference && !parameters[i].IsByRef && parameters[i] != typeof(void))
                {
                    parameters[i] = parameters[i].MakeByRefType();
                }
            }
        }

        var method = Find(type, name, arguments, parameters);
        reader.CheckPolicy(method);
        return method;
    }

    public static string Text(MethodInfo method) => $"{TypeText.Of(method.DeclaringType!)}.{method.Name}";

    private static MethodInfo Find(Type type, string name, Type[] arguments, Type[]? parameters)
    {
        if (type.ContainsGenericParameters)
        {
            throw new PayloadException($"found a method of the open type {TypeText.Full(type)}.");
        }

        foreach (var candidate in Named(type, name, arguments.Length))
        {
            if (Close(candidate, arguments) is { } method
                && (parameters is null || method.GetParameters().Select(p => p.ParameterType).SequenceEqual(parameters)))
            {
                return method;
            }
        }

        var shown = string.Concat(name.Take(80).Select(c => char.IsControl(c) ? '?' : c));
        throw new PayloadException($"{TypeText.Full(type)} has no method '{shown}' with {arguments.Length} type arguments"
            + $"{(parameters is null ? "" : $" and the parameters ({string.Join(", ", parameters.Select(TypeText.Of))})")}: another build, or forged.");
    }

    private static MethodInfo? Close(MethodInfo method, Type[] arguments)
    {
        if (arguments.Length == 0)
        {
            return method;
        }

        try
        {
            return method.MakeGenericMethod(arguments);
        }
        catch (ArgumentException)
        {
            return null;   // the constraints say: not this overload
        }
    }

    private static List<MethodInfo> Named(Type type, string name, int arity)
    {
        var found = new List<MethodInfo>(1);
        foreach (var member in type.GetMember(name, MemberTypes.Method, All))
        {
            // GetMember takes a trailing star as a wildcard.
            if (member is MethodInfo method && method.Name == name && (method.IsGenericMethodDefinition ? method.GetGenericArguments().Length : 0) == arity)
            {
                found.Add(method);
            }
        }

        return found;
    }
}
