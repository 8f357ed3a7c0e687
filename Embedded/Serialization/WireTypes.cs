using System.Collections.Concurrent;
using System.Reflection;
using System.Text;

namespace Orleans.Embedded.Serialization;

/// <summary>
/// Which types may cross the wire, and their names there. Only what is registered here is ever made from a peer's bytes; a name
/// that is not, is an error, never a search.
/// </summary>
internal static class WireTypes
{
    // A peer can nest generic arguments without end, and the runtime never forgets a constructed type.
    private const int MaxConstructedFromNames = 10_000;

    private static readonly Lock _lock = new();
    private static readonly ConcurrentDictionary<Assembly, bool> _assemblies = new();
    private static readonly ConcurrentDictionary<string, Type> _byName = new(BuiltInTypes.ByName);
    private static readonly ConcurrentDictionary<Type, string> _names = new(BuiltInTypes.ByName.Select(pair => KeyValuePair.Create(pair.Value, pair.Key)));
    private static readonly ConcurrentDictionary<Type, Type> _converters = new();
    private static readonly ConcurrentDictionary<byte[], WireBody> _bodies = new(Utf8Names.Instance);
    private static readonly ConcurrentDictionary<byte[], WireBody>.AlternateLookup<ReadOnlySpan<byte>> _bodiesBySpan =
        _bodies.GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <summary>Makes the [GenerateSerializer] types and [RegisterConverter] converters of an assembly known. Twice is once.</summary>
    /// <exception cref="WireException">Two types have the same name on the wire; then none of the assembly is registered.</exception>
    public static void Register(Assembly assembly)
    {
        if (_assemblies.ContainsKey(assembly))
        {
            return;
        }

        lock (_lock)
        {
            if (!_assemblies.ContainsKey(assembly))
            {
                if (MayDeclare(assembly))
                {
                    Register(TypesOf(assembly));
                }

                _assemblies[assembly] = true;
            }
        }
    }

    /// <summary>As <see cref="Register(Assembly)"/>, for these types alone.</summary>
    public static void Register(IEnumerable<Type> types)
    {
        lock (_lock)
        {
            var names = new Dictionary<string, Type>(StringComparer.Ordinal);
            var converters = new Dictionary<Type, Type>();
            foreach (var type in types)
            {
                if (IsNamed(type))
                {
                    var name = DeclaredName(type);
                    if ((names.TryGetValue(name, out var other) || _byName.TryGetValue(name, out other)) && other != type)
                    {
                        throw new WireException($"{other.AssemblyQualifiedName} and {type.AssemblyQualifiedName} are both called '{name}' on the wire. Give one of them another [Alias].");
                    }

                    names[name] = type;
                }

                if (type.IsDefined(typeof(RegisterConverterAttribute), inherit: false))
                {
                    AddConverter(type, converters);
                }
            }

            foreach (var (name, type) in names)
            {
                _byName[name] = type;
                _names[type] = name;
            }

            foreach (var (value, converter) in converters)
            {
                _converters[value] = converter;
            }
        }
    }

    /// <summary>All registered types from which one declared as <paramref name="declared"/> may come.</summary>
    public static IEnumerable<Type> DerivedFrom(Type declared) =>
        _byName.Values.Where(type => type != declared && !type.IsGenericTypeDefinition && type.IsAssignableTo(declared));

    /// <summary>The converter for a type, closed over its arguments; null when it has none.</summary>
    public static Type? ConverterOf(Type value)
    {
        if (_converters.TryGetValue(value, out var converter))
        {
            return converter;
        }

        return value.IsGenericType && _converters.TryGetValue(value.GetGenericTypeDefinition(), out var open)
            ? open.MakeGenericType(value.GetGenericArguments())
            : null;
    }

    /// <summary>The name of a type with its arguments, in UTF-8.</summary>
    public static byte[] NameOf(Type type) => Encoding.UTF8.GetBytes(FormatName(type));

    public static WireBody BodyOf(ReadOnlySpan<byte> name)
    {
        if (_bodiesBySpan.TryGetValue(name, out var body))
        {
            return body;
        }

        var type = WireTypeName.Parse(Encoding.UTF8.GetString(name), Find);
        body = WireCodecs.For(type).RuntimeBody;
        if (_bodies.Count >= MaxConstructedFromNames)
        {
            throw new WireException($"Peers have named more than {MaxConstructedFromNames} different types in the life of this process; '{type.DisplayName()}' is one too many.");
        }

        return _bodies.GetOrAdd(name.ToArray(), body);
    }

    /// <summary>The type of a name with its arguments, or null where one of them is not known.</summary>
    public static Type? FindType(string name)
    {
        try
        {
            return FindPlain(name) ?? WireTypeName.Parse(name, Find);
        }
        catch (WireException)
        {
            return null;
        }
    }

    /// <summary>The type registered under a plain name, or null.</summary>
    public static Type? FindPlain(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The alias, else the full name: what a type without its arguments is called.</summary>
    public static string DeclaredName(Type type)
    {
        var name = type.GetCustomAttribute<AliasAttribute>(inherit: false)?.Alias ?? type.FullName ?? type.Name;
        return WireTypeName.IsPlain(name)
            ? name
            : throw new WireException($"{type.DisplayName()} is called '{name}' on the wire; a name is not empty, has at most {WireTypeName.MaxLength} characters and none of < > [ ] and comma.");
    }

    private static Type Find(string name) => _byName.TryGetValue(name, out var type)
        ? type
        : throw new WireException($"No type is called '{name}' here. Register the assembly that defines it, and see that its type has [GenerateSerializer] and [Alias(\"{name}\")].");

    private static string FormatName(Type type)
    {
        if (type.IsArray)
        {
            return $"{FormatName(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        }

        if (type.IsGenericType)
        {
            return $"{PlainName(type.GetGenericTypeDefinition())}<{string.Join(',', type.GetGenericArguments().Select(FormatName))}>";
        }

        return PlainName(type);
    }

    private static string PlainName(Type type)
    {
        if (_names.TryGetValue(type, out var name))
        {
            return name;
        }

        if (!IsNamed(type) && ConverterOf(type) is null)
        {
            throw WireException.NotSerializable(type);
        }

        name = DeclaredName(type);
        if (_byName.GetOrAdd(name, type) is var first && first != type)
        {
            throw new WireException($"{first.AssemblyQualifiedName} and {type.AssemblyQualifiedName} are both called '{name}' on the wire. Give one of them another [Alias].");
        }

        return _names.GetOrAdd(type, name);
    }

    /// <summary>Only who knows the attributes can have used them; the system's assemblies need no search.</summary>
    private static bool MayDeclare(Assembly assembly) =>
        assembly == typeof(WireTypes).Assembly
        || assembly.GetReferencedAssemblies().Any(reference => reference.Name == typeof(WireTypes).Assembly.GetName().Name);

    private static IEnumerable<Type> TypesOf(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException partial)
        {
            // Types whose optional dependency is absent can be neither sent nor received; the others can.
            return partial.Types.OfType<Type>();
        }
    }

    private static bool IsNamed(Type type) =>
        type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false)
        || (type.IsInterface && type.IsAssignableTo(typeof(IAddressable)));

    private static void AddConverter(Type type, Dictionary<Type, Type> converters)
    {
        var found = false;
        foreach (var contract in type.GetInterfaces())
        {
            if (contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(Orleans.Serialization.IConverter<,>))
            {
                var value = contract.GetGenericArguments()[0];
                converters[type.IsGenericTypeDefinition && value.IsGenericType ? value.GetGenericTypeDefinition() : value] = type;
                found = true;
            }
        }

        if (!found)
        {
            throw new WireException($"{type.DisplayName()} has [RegisterConverter] but implements no IConverter<TValue, TSurrogate>.");
        }
    }
}
