using System.Reflection;
using System.Runtime.CompilerServices;

namespace Orleans.Dask.Grains.Interfaces.Payloads;

/// <summary>
/// Keys are hashed and compared by code that follows their parts (tuples, records) and knows no limits: a key that contains
/// itself, a very deep one, or one whose parts are shared over and over would end the process or never end. So before keys that
/// arrived are hashed, they must prove to be small trees.
/// </summary>
internal static class Trees
{
    private static readonly PayloadLimits Small = new() { Bytes = 16 << 20, Depth = 300, Objects = 100_000 };
    private static readonly ConditionalWeakTable<Type, StrongBox<bool>> Known = new();

    /// <exception cref="PayloadException">A key is no small tree.</exception>
    public static void Check<T>(IEnumerable<T> keys, bool byDefault)
    {
        PayloadWriter? writer = null;
        foreach (var key in keys)
        {
            if (key is null || IsTree(key.GetType()) || (byDefault && HashesByReference(key.GetType())))
            {
                continue;
            }

            writer ??= new PayloadWriter(new PayloadOptions { Limits = Small });
            try
            {
                writer.WriteTree(key);
            }
            catch (PayloadException error)
            {
                throw new PayloadException($"a {TypeText.Full(key.GetType())} can't be a key: it contains itself, or is too deep or too large to be hashed safely.", error);
            }
        }
    }

    /// <summary>Can no object of exactly this type contain itself, or others without end?</summary>
    public static bool IsTree(Type type) => Known.TryGetValue(type, out var known)
        ? known.Value
        : Known.GetValue(type, static t => new StrongBox<bool>(IsTree(t, []))).Value;

    private static bool IsTree(Type type, HashSet<Type> within)
    {
        if (Leaves.TryCreate(type) is not null)
        {
            return Nullable.GetUnderlyingType(type) is not { } underlying || IsTree(underlying, within);
        }

        if (type.IsArray)
        {
            return type.GetElementType() is { } element && IsExact(element) && IsTree(element, within);
        }

        return within.Add(type) && !type.IsInterface && !type.IsAbstract && !type.IsAssignableTo(typeof(Delegate)) && Refusals.Find(type) is null
            && FieldPlan.TryMake(type, root: null, skipsRefused: false, out var plan) is null
            && Array.TrueForAll(plan!.Fields, field => IsExact(field.FieldType) && IsTree(field.FieldType, within))
            && within.Remove(type);
    }

    private static bool IsExact(Type type) => type.IsValueType || type.IsSealed;

    private static bool HashesByReference(Type type) =>
        !type.IsValueType && type.GetMethod(nameof(GetHashCode), BindingFlags.Instance | BindingFlags.Public, Type.EmptyTypes)?.DeclaringType == typeof(object);
}
