using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using Orleans.Serialization;

namespace Orleans.Embedded.Serialization;

/// <summary>A grain interface breaks the rules that keep it callable on both engines. Every problem found is in the message.</summary>
public sealed class GrainContractException : Exception
{
    public GrainContractException()
    {
    }

    public GrainContractException(string message)
        : base(message)
    {
    }

    public GrainContractException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}

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

        var names = new Dictionary<string, MethodInfo>(StringComparer.Ordinal);
        foreach (var method in GrainInterfaces.MethodsOf(type))
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

/// <summary>Walks from a type through everything it can hold.</summary>
internal sealed class ContractWalk(List<string> problems)
{
    // FieldAttributes.NotSerialized, a name that is obsolete although its attribute is not.
    private const FieldAttributes NotSerialized = (FieldAttributes)0x80;

    private readonly HashSet<Type> _seen = [];

    /// <param name="place">How one gets there from the interface, for the message.</param>
    public void Visit(Type type, string place)
    {
        if (!_seen.Add(type))
        {
            return;
        }

        if (type.IsArray)
        {
            Visit(type.GetElementType()!, place);
            return;
        }

        if (type.IsGenericType)
        {
            foreach (var argument in type.GetGenericArguments())
            {
                Visit(argument, place);
            }
        }

        if (WireCodecs.IsBuiltIn(type) || type.IsAssignableTo(typeof(GrainReference)) || IsForeignException(type))
        {
            return;
        }

        if (!type.Assembly.IsDynamic)
        {
            WireTypes.Register(type.Assembly);
        }

        if (WireTypes.ConverterOf(type) is { } converter)
        {
            var surrogate = converter.GetInterfaces().First(contract =>
                contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(IConverter<,>)).GetGenericArguments()[1];
            Visit(surrogate, $"{place} → {surrogate.ShortName()}");
            return;
        }

        if (type.IsInterface)
        {
            if (!type.IsAssignableTo(typeof(IAddressable)))
            {
                VisitDerived(type, place);
            }

            return;
        }

        VisitDeclared(type, place);
    }

    private void VisitDeclared(Type type, string place)
    {
        var name = type.ShortName();
        if (!type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false))
        {
            problems.Add($"{place}: {type.DisplayName()} cannot cross the wire. Add [GenerateSerializer] and [Alias(\"…\")] to it and [Id(n)] to each of its members; for a type of somebody else write an IConverter<,> with [RegisterConverter].");
            return;
        }

        if (!type.IsDefined(typeof(AliasAttribute), inherit: false))
        {
            problems.Add($"{place}: {type.DisplayName()} has no [Alias]. Add [Alias(\"{type.FullName}\")], so that renaming the type does not break its peers.");
        }

        if (type.IsEnum)
        {
            return;
        }

        CheckBase(type, place);
        CheckIds(type, place);
        try
        {
            foreach (var member in TypePlan.Of(type).Members)
            {
                Visit(member.Type, $"{place} → {name}.{member.Name}");
            }
        }
        catch (WireException cause)
        {
            problems.Add($"{place}: {cause.Message}");
        }

        if (!type.IsSealed)
        {
            VisitDerived(type, place);
        }
    }

    private void VisitDerived(Type type, string place)
    {
        foreach (var derived in WireTypes.DerivedFrom(type))
        {
            Visit(derived, $"{place} ← {derived.ShortName()}");
        }
    }

    private void CheckBase(Type type, string place)
    {
        for (var level = type.BaseType; level is not null && level != typeof(object) && level != typeof(ValueType) && level != typeof(Exception); level = level.BaseType)
        {
            if (!level.IsDefined(typeof(GenerateSerializerAttribute), inherit: false) && Unnumbered(level, onlyVisible: false).Any())
            {
                problems.Add($"{place}: {type.ShortName()} inherits {level.DisplayName()}, whose members would be lost. Add [GenerateSerializer] and [Alias(\"…\")] to it and [Id(n)] to each of its members.");
            }
        }
    }

    private void CheckIds(Type type, string place)
    {
        foreach (var member in Unnumbered(type, onlyVisible: true))
        {
            problems.Add($"{place}: {type.ShortName()}.{member} has no [Id]. Add [Id(n)] (on a record's parameter: [property: Id(n)]), or [NonSerialized] to its field if it shall not cross.");
        }
    }

    /// <summary>Members that store something and have no number. Private fields may be caches; anything visible is a promise.</summary>
    private static IEnumerable<string> Unnumbered(Type type, bool onlyVisible)
    {
        const BindingFlags declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        foreach (var property in type.GetProperties(declared))
        {
            if (TypePlan.BackingField(property) is { } storage && !IsNotSerialized(storage) && !property.IsDefined(typeof(IdAttribute)) && !storage.IsDefined(typeof(IdAttribute)))
            {
                yield return property.Name;
            }
        }

        foreach (var field in type.GetFields(declared))
        {
            if (!IsNotSerialized(field) && !field.IsDefined(typeof(CompilerGeneratedAttribute)) && !field.IsDefined(typeof(IdAttribute)) && !(onlyVisible && field.IsPrivate))
            {
                yield return field.Name;
            }
        }
    }

    private static bool IsNotSerialized(FieldInfo field) => field.Attributes.HasFlag(NotSerialized);

    // Any exception crosses by its type's name, message and stack.
    private static bool IsForeignException(Type type) =>
        type.IsAssignableTo(typeof(Exception)) && !type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false);
}
