using System.Collections.Concurrent;
using System.Reflection;

namespace Orleans.Embedded.Serialization;

/// <summary>
/// The strictness of the embedded engine: what a grain interface mentions must be declared for the wire, down to the last member.
/// Microsoft Orleans finds the same with analyzers and generated code; here it is looked up when a silo or client starts.
/// </summary>
internal static class WireContracts
{
    private static readonly ConcurrentDictionary<Type, bool> _checked = new();

    /// <summary>Throws unless all of <paramref name="grainInterface"/> can cross the wire, inherited interfaces included.</summary>
    public static void Check(Type grainInterface)
    {
        if (_checked.ContainsKey(grainInterface))
        {
            return;
        }

        var problems = new List<string>();
        foreach (var type in grainInterface.GetInterfaces().Where(type => type.IsAssignableTo(typeof(IAddressable))).Append(grainInterface))
        {
            CheckMethods(type, problems);
        }

        if (problems.Count > 0)
        {
            throw new GrainContractException(
                $"{grainInterface.DisplayName()} cannot be called across the wire:{Environment.NewLine}- {string.Join(Environment.NewLine + "- ", problems.Distinct())}");
        }

        _checked[grainInterface] = true;
    }

    private static void CheckMethods(Type type, List<string> problems)
    {
        if (!type.IsInterface || !type.IsAssignableTo(typeof(IAddressable)))
        {
            problems.Add($"{type.DisplayName()} is no grain interface: an interface that inherits IGrainWithStringKey (or another key), or IGrainObserver, is one.");
            return;
        }

        foreach (var property in type.GetProperties())
        {
            problems.Add($"{type.ShortName()}.{property.Name} is a property; a grain has methods only. Make it Task<{property.PropertyType.ShortName()}> Get{property.Name}Async().");
        }

        var methods = GrainInterfaces.MethodsOf(type);
        if (methods.Length > 0 && !type.IsDefined(typeof(AliasAttribute)))
        {
            problems.Add($"{type.DisplayName()} has no [Alias]. Add [Alias(\"{type.FullName}\")], so that renaming the interface does not break its callers.");
        }

        var names = new Dictionary<string, MethodInfo>(StringComparer.Ordinal);
        foreach (var method in methods)
        {
            if (method.IsSpecialName)
            {
                continue;
            }

            var name = GrainInterfaces.NameOf(method);
            if (!names.TryAdd(name, method))
            {
                problems.Add($"{type.ShortName()} has two methods called '{name}'. Give one of them [Alias(\"…\")] with another name, or rename it.");
            }

            CheckMethod(type, method, problems);
        }
    }

    private static void CheckMethod(Type type, MethodInfo method, List<string> problems)
    {
        var place = $"{type.ShortName()}.{method.Name}";
        if (method.IsGenericMethodDefinition)
        {
            problems.Add($"{place} is generic; a peer cannot know its type arguments. Make the interface generic instead.");
            return;
        }

        var walk = new ContractWalk(problems);
        if (ResultOf(method.ReturnType) is { IsAllowed: true } result)
        {
            if (result.Type is not null)
            {
                walk.Visit(result.Type, $"{place} returns {result.Type.ShortName()}");
            }
        }
        else
        {
            problems.Add($"{place} returns {method.ReturnType.ShortName()}. Return Task, Task<T>, ValueTask, ValueTask<T> or IAsyncEnumerable<T>.");
        }

        var parameters = method.GetParameters();
        for (var i = 0; i < parameters.Length; i++)
        {
            var parameter = parameters[i];
            var at = $"{place}({parameter.ParameterType.ShortName()} {parameter.Name})";
            if (parameter.ParameterType.IsByRef)
            {
                problems.Add($"{at} is passed by reference; a grain may be in another process. Return the value instead.");
            }
            else if (parameter.ParameterType == typeof(CancellationToken))
            {
                if (i < parameters.Length - 1)
                {
                    problems.Add($"{at} is not the last parameter. Put the CancellationToken last.");
                }
            }
            else
            {
                walk.Visit(parameter.ParameterType, at);
            }
        }
    }

    private static (bool IsAllowed, Type? Type) ResultOf(Type type)
    {
        if (type == typeof(Task) || type == typeof(ValueTask))
        {
            return (true, null);
        }

        var definition = type.IsGenericType ? type.GetGenericTypeDefinition() : null;
        return definition == typeof(Task<>) || definition == typeof(ValueTask<>) || definition == typeof(IAsyncEnumerable<>)
            ? (true, type.GetGenericArguments()[0])
            : (false, null);
    }
}
