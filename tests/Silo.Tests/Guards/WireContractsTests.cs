using System.Reflection;
using System.Text;
using Orleans.Dask.TestKit;

namespace Orleans.Dask.Silo.Tests.Guards;

/// <summary>
/// All that crosses the wire under its alias, with the ids of its members, as a text that is checked in. Silos and clients of two
/// builds understand each other by these: a change here is a decision, not an accident.
/// </summary>
public class WireContractsTests
{
    private const string Bless = "ORLEANS_DASK_BLESS";

    private static string File => Path.Combine(Repository.Root, "tests", "Silo.Tests", "Guards", "WireContracts.txt");

    [Fact]
    public void Aliases_and_ids_are_those_checked_in()
    {
        var now = Describe();
        if (Environment.GetEnvironmentVariable(Bless) is "1")
        {
            System.IO.File.WriteAllText(File, now);
        }

        var then = System.IO.File.ReadAllText(File);
        var (before, after) = (then.Split('\n'), now.Split('\n'));
        var changed = before.Except(after, StringComparer.Ordinal).Select(line => "- " + line).Concat(after.Except(before, StringComparer.Ordinal).Select(line => "+ " + line));
        Assert.True(then == now, $"What crosses the wire has changed:\n{string.Join('\n', changed)}\nAn id or alias that is in use never means something else: add new members under new ids. "
            + $"If the change is meant, run this test with {Bless}=1, look at the difference in {File}, and check it in.");
    }

    [Fact]
    public void No_id_stands_for_two_members_and_no_alias_for_two_types()
    {
        var types = WireTypes().ToArray();
        foreach (var type in types)
        {
            var ids = Members(type).Select(member => member.Id).ToArray();
            Assert.True(ids.Distinct().Count() == ids.Length, $"{type} uses an id twice.");
        }

        var aliases = types.Concat(GrainInterfaces()).Select(type => type.GetCustomAttribute<AliasAttribute>()?.Alias).ToArray();
        Assert.All(aliases, Assert.NotNull);
        Assert.Equal(aliases.Distinct(), aliases);
    }

    private static string Describe()
    {
        var text = new StringBuilder();
        foreach (var type in WireTypes().OrderBy(type => type.GetCustomAttribute<AliasAttribute>()!.Alias, StringComparer.Ordinal))
        {
            Line(text, $"{(type.IsEnum ? "enum" : "type")} {type.GetCustomAttribute<AliasAttribute>()!.Alias}");
            foreach (var (id, name, member) in Members(type).OrderBy(member => member.Id))
            {
                Line(text, $"  {id} {name}: {Name(member)}");
            }

            foreach (var value in type.IsEnum ? Enum.GetValuesAsUnderlyingType(type).Cast<object>() : [])
            {
                Line(text, $"  {value} {Enum.GetName(type, value)}");
            }
        }

        foreach (var type in GrainInterfaces().OrderBy(type => type.GetCustomAttribute<AliasAttribute>()!.Alias, StringComparer.Ordinal))
        {
            Line(text, $"grain {type.GetCustomAttribute<AliasAttribute>()!.Alias}");
            foreach (var method in type.GetMethods().Where(method => !method.IsStatic).OrderBy(method => method.Name, StringComparer.Ordinal))
            {
                Line(text, $"  {method.GetCustomAttribute<AliasAttribute>()?.Alias ?? "(no alias)"}({string.Join(", ", method.GetParameters().Select(parameter => Name(parameter.ParameterType)))}): {Name(method.ReturnType)}");
            }
        }

        return text.ToString();
    }

    private static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');

    private static IEnumerable<Type> Types() => new[] { "Orleans.Dask.Grains.Interfaces", "Orleans.Dask.Grains", "Orleans.Dask.ClientLib", "Orleans.Dask.Streams", "Orleans.Dask.Silo" }.SelectMany(name => Assembly.Load(name).GetTypes());

    private static IEnumerable<Type> WireTypes() => Types().Where(type => type.IsDefined(typeof(GenerateSerializerAttribute), false));

    private static IEnumerable<Type> GrainInterfaces() => Types().Where(type => type.IsInterface && type != typeof(IGrain) && typeof(IAddressable).IsAssignableFrom(type));

    private static IEnumerable<(uint Id, string Name, Type Type)> Members(Type type)
    {
        const BindingFlags All = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        return type.GetProperties(All).Select(member => (Attribute: member.GetCustomAttribute<IdAttribute>(), member.Name, Type: member.PropertyType))
            .Concat(type.GetFields(All).Select(member => (Attribute: member.GetCustomAttribute<IdAttribute>(), member.Name, Type: member.FieldType)))
            .Where(member => member.Attribute is not null).Select(member => ((uint)member.Attribute!.Id, member.Name, member.Type));
    }

    private static string Name(Type type) =>
        type.IsArray ? Name(type.GetElementType()!) + "[]"
        : Nullable.GetUnderlyingType(type) is { } value ? Name(value) + "?"
        : type.IsGenericType ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
        : type.GetCustomAttribute<AliasAttribute>()?.Alias ?? type.Name;
}
