using System.Reflection;
using System.Runtime.CompilerServices;
using Orleans.Serialization;

namespace Orleans.Embedded.Serialization;

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
