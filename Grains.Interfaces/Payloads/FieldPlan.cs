using System.Reflection;
using System.Runtime.CompilerServices;

namespace Orleans.Dask.Grains.Interfaces.Payloads;

/// <summary>Which fields of a type travel, in which order, and what they are called in a path.</summary>
internal sealed class FieldPlan
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    // Framework types with private fields that are nothing but their public content.
    private static readonly HashSet<Type> Transparent =
    [
        typeof(ValueTuple), typeof(ValueTuple<>), typeof(ValueTuple<,>), typeof(ValueTuple<,,>), typeof(ValueTuple<,,,>), typeof(ValueTuple<,,,,>),
        typeof(ValueTuple<,,,,,>), typeof(ValueTuple<,,,,,,>), typeof(ValueTuple<,,,,,,,>), typeof(Tuple<>), typeof(Tuple<,>), typeof(Tuple<,,>),
        typeof(Tuple<,,,>), typeof(Tuple<,,,,>), typeof(Tuple<,,,,,>), typeof(Tuple<,,,,,,>), typeof(Tuple<,,,,,,,>), typeof(KeyValuePair<,>),
        typeof(System.Collections.DictionaryEntry), typeof(StrongBox<>), typeof(System.Collections.ObjectModel.ReadOnlyCollection<>),
        typeof(System.Collections.ObjectModel.ReadOnlyDictionary<,>), typeof(System.Collections.ObjectModel.Collection<>), typeof(List<>),
        Comparer<int>.Create((a, b) => a.CompareTo(b)).GetType().GetGenericTypeDefinition(),
    ];

    private FieldPlan(FieldInfo[] fields, FieldInfo[] events)
    {
        Fields = fields;
        Events = events;
        Steps = Array.ConvertAll(fields, Step);
    }

    /// <summary>Base classes first, then as declared.</summary>
    public FieldInfo[] Fields { get; }

    /// <summary>Subscribers of events: they must be none.</summary>
    public FieldInfo[] Events { get; }

    /// <summary>What each field adds to a path.</summary>
    public string[] Steps { get; }

    /// <param name="type">The type whose objects travel.</param>
    /// <param name="root">Fields of this base class and above are somebody else's; null: all fields.</param>
    /// <param name="skipsRefused">Leave out fields that can never travel, instead of refusing the whole type.</param>
    /// <param name="plan">The fields, when the type can travel.</param>
    /// <returns>Null, or why it can't.</returns>
    public static string? TryMake(Type type, Type? root, bool skipsRefused, out FieldPlan? plan)
    {
        plan = null;
        var levels = new Stack<Type>();
        for (var level = type; level is not null && level != root && level != typeof(object) && level != typeof(ValueType); level = level.BaseType)
        {
            levels.Push(level);
        }

        var fields = new List<FieldInfo>();
        var events = new List<FieldInfo>();
        foreach (var level in levels)
        {
            // MetadataToken: the order in which the compiler wrote them, the same wherever the same build is loaded.
            var declared = level.GetFields(Declared).Where(field => !IsIgnored(field)).OrderBy(field => field.MetadataToken).ToList();
            if (declared.Count > 0 && !skipsRefused && Framework.Contains(level.Assembly) && !IsTransparent(level))
            {
                return Framework.Contains(type.Assembly)
                    ? FrameworkReason(type)
                    : $"it derives from {TypeText.Full(level)}, whose inner state belongs to .NET. Hold such an object in a field instead of deriving from it, "
                        + "or give the type a codec with [PayloadCodec].";
            }

            var own = level.GetEvents(Declared).Select(e => e.Name).ToHashSet(StringComparer.Ordinal);
            foreach (var field in declared)
            {
                if (own.Contains(field.Name) && field.FieldType.IsAssignableTo(typeof(Delegate)))
                {
                    events.Add(field);
                }
                else if (field.FieldType.IsPointer || field.FieldType.IsFunctionPointer || field.FieldType.IsByRefLike)
                {
                    return $"its field '{field.Name}' is a {TypeText.Of(field.FieldType)}: {Refusals.Pointer}";
                }
                else if (!skipsRefused || (Refusals.Find(field.FieldType) is null && Codecs.For(field.FieldType) is not RefusedCodec { IsAbstract: false }))
                {
                    fields.Add(field);
                }
            }
        }

        plan = new FieldPlan([.. fields], [.. events]);
        return null;
    }

    private static bool IsIgnored(FieldInfo field) => field.IsDefined(typeof(PayloadIgnoreAttribute)) || field.IsDefined(typeof(NonSerializedAttribute));

    private static bool IsTransparent(Type type) => Transparent.Contains(type.IsConstructedGenericType ? type.GetGenericTypeDefinition() : type);

    private static string FrameworkReason(Type type) => type.IsAssignableTo(typeof(System.Collections.IEnumerable))
        ? "it is a lazy sequence or a view, computed where it is read. Call ToArray(), ToList() or ToDictionary() first."
        : "its inner state belongs to .NET. Send what it is made from, and make it inside the task.";

    // Compilers hide the user's names: <Name>k__BackingField, <name>P, <name>5__2, <>4__this, CS$<>8__locals1.
    private static string Step(FieldInfo field)
    {
        var isClosure = IsClosure(field.DeclaringType!);
        var name = field.Name;
        if (name == "<>4__this")
        {
            return ".captured 'this'";
        }

        if (name.StartsWith("CS$<>", StringComparison.Ordinal))
        {
            return ".outer";
        }

        var close = name.StartsWith('<') ? name.IndexOf('>', StringComparison.Ordinal) : -1;
        var shown = close > 1 ? name[1..close] : name;
        return isClosure ? $".captured '{shown}'" : "." + shown;
    }

    public static bool IsClosure(Type type) => type.Name.StartsWith("<>c", StringComparison.Ordinal);
}
