using System.Reflection;
using System.Runtime.CompilerServices;

namespace Orleans.Embedded.Serialization;

/// <summary>One member of a type on the wire.</summary>
/// <param name="Id">Its number among the members of the class that declares it.</param>
/// <param name="Field">Where it is stored; null when only <paramref name="Property"/> knows.</param>
/// <param name="IsImmutable">Marked <see cref="ImmutableAttribute"/>: copies share its value.</param>
internal sealed record PlanMember(uint Id, string Name, Type Type, FieldInfo? Field, PropertyInfo? Property, bool IsImmutable);

/// <summary>What crosses the wire of a type: per class from the root down, the members with an [Id].</summary>
/// <param name="Levels">Members of the base classes first; a class without members is left out unless it is a wire type itself.</param>
/// <param name="Constructor">Run on every new object; null: objects are created blank, and defaults need no bytes.</param>
internal sealed record TypePlan(Type Type, IReadOnlyList<IReadOnlyList<PlanMember>> Levels, ConstructorInfo? Constructor)
{
    private const BindingFlags Declared =
        BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    public IEnumerable<PlanMember> Members => Levels.SelectMany(level => level);

    /// <summary>The plan of a [GenerateSerializer] type.</summary>
    public static TypePlan Of(Type type)
    {
        var levels = new List<IReadOnlyList<PlanMember>>();
        for (var level = type; level is not null && level != typeof(object) && level != typeof(ValueType) && level != typeof(Exception); level = level.BaseType)
        {
            if (level.IsDefined(typeof(GenerateSerializerAttribute), inherit: false))
            {
                levels.Insert(0, MembersOf(level));
            }
        }

        var constructor = type.IsValueType ? null : type.GetConstructor(Declared, []);
        return new TypePlan(type, levels, constructor);
    }

    /// <summary>The plan of a system type whose fields are numbered in the order given: tuples and pairs.</summary>
    public static TypePlan OfFields(Type type, IEnumerable<string> fields) => new(
        type,
        [[.. fields.Select((name, i) =>
        {
            var field = type.GetField(name, Declared) ?? throw new MissingFieldException(type.FullName, name);
            return new PlanMember((uint)i, name, field.FieldType, field, null, IsImmutable: false);
        })]],
        Constructor: null);

    public static FieldInfo? BackingField(PropertyInfo property) =>
        property.DeclaringType!.GetField($"<{property.Name}>k__BackingField", Declared);

    private static List<PlanMember> MembersOf(Type level)
    {
        var members = new List<PlanMember>();
        foreach (var field in level.GetFields(Declared))
        {
            if (field.GetCustomAttribute<IdAttribute>() is { } id && !field.IsDefined(typeof(CompilerGeneratedAttribute)))
            {
                members.Add(new PlanMember(id.Id, field.Name, field.FieldType, field, null, field.IsDefined(typeof(ImmutableAttribute))));
            }
        }

        foreach (var property in level.GetProperties(Declared))
        {
            if (property.GetCustomAttribute<IdAttribute>() is not { } id)
            {
                continue;
            }

            var storage = BackingField(property);
            if (storage is null && (property.GetMethod is null || property.SetMethod is null || property.GetIndexParameters().Length > 0))
            {
                throw new WireException($"{level.DisplayName()}.{property.Name} has [Id({id.Id})] but cannot be both read and set. Give it a setter (private or init will do), or move the [Id] to the field behind it.");
            }

            members.Add(new PlanMember(id.Id, property.Name, property.PropertyType, storage, property, property.IsDefined(typeof(ImmutableAttribute))));
        }

        // [field: Id(n)] on an auto-property names the property's storage.
        foreach (var field in level.GetFields(Declared))
        {
            if (field.IsDefined(typeof(CompilerGeneratedAttribute)) && field.GetCustomAttribute<IdAttribute>() is { } id)
            {
                members.Add(new PlanMember(id.Id, field.Name, field.FieldType, field, null, field.IsDefined(typeof(ImmutableAttribute))));
            }
        }

        members.Sort((a, b) => a.Id.CompareTo(b.Id));
        for (var i = 1; i < members.Count; i++)
        {
            if (members[i].Id == members[i - 1].Id)
            {
                throw new WireException($"{level.DisplayName()}: {members[i - 1].Name} and {members[i].Name} both have [Id({members[i].Id})]. Give one of them another number.");
            }
        }

        return members;
    }
}
