using System.Collections;
using System.Reflection;

namespace Orleans.Dask.Embedded.Tests.Serialization;

/// <summary>Compares object graphs field by field, references included: two graphs are the same when they have the same form.</summary>
internal static class WireAssert
{
    public static void Same(object? expected, object? actual) =>
        Same(expected, actual, "value", new Dictionary<object, object>(ReferenceEqualityComparer.Instance));

    /// <summary>No object that can change is reachable from both.</summary>
    public static void Isolated(object? first, object? second)
    {
        var objects = new HashSet<object>(ReferenceEqualityComparer.Instance);
        Reach(first, objects);
        var others = new HashSet<object>(ReferenceEqualityComparer.Instance);
        Reach(second, others);
        Assert.DoesNotContain(others, objects.Contains);
    }

    private static void Same(object? expected, object? actual, string path, Dictionary<object, object> pairs)
    {
        if (expected is null || actual is null)
        {
            Assert.True(ReferenceEquals(expected, actual), $"{path}: expected {expected ?? "null"}, found {actual ?? "null"}");
            return;
        }

        if (IsLeaf(expected))
        {
            Assert.True(expected.Equals(actual), $"{path}: expected {expected}, found {actual}");
            return;
        }

        Assert.True(expected.GetType() == actual.GetType(), $"{path}: expected a {expected.GetType()}, found a {actual.GetType()}");
        if (!expected.GetType().IsValueType && !pairs.TryAdd(expected, actual))
        {
            Assert.True(ReferenceEquals(pairs[expected], actual), $"{path}: the same object twice came back as two");
            return;
        }

        if (expected is Memory<byte> or ReadOnlyMemory<byte> or ArraySegment<byte>)
        {
            Assert.Equal(Bytes(expected), Bytes(actual));
        }
        else if (expected is IEnumerable items)
        {
            if (expected.GetType().Name.StartsWith("ImmutableArray", StringComparison.Ordinal) && (bool)expected.GetType().GetProperty("IsDefault")!.GetValue(expected)!)
            {
                Assert.True((bool)actual.GetType().GetProperty("IsDefault")!.GetValue(actual)!, path);
                return;
            }

            var left = items.Cast<object?>().ToList();
            var right = ((IEnumerable)actual).Cast<object?>().ToList();
            Assert.True(left.Count == right.Count, $"{path}: expected {left.Count} items, found {right.Count}");
            for (var i = 0; i < left.Count; i++)
            {
                Same(left[i], right[i], $"{path}[{i}]", pairs);
            }
        }
        else
        {
            foreach (var field in Fields(expected.GetType()).Where(field => field.Name != "_reads"))
            {
                Same(field.GetValue(expected), field.GetValue(actual), $"{path}.{field.Name}", pairs);
            }
        }
    }

    private static void Reach(object? value, HashSet<object> objects)
    {
        if (value is null || IsLeaf(value) || value is Frozen or SiloAddress)
        {
            return;
        }

        if (!value.GetType().IsValueType && value is not Array { Length: 0 } && !IsEmptyImmutable(value) && !objects.Add(value))
        {
            return;
        }

        if (value is Holder holder)
        {
            Reach(holder.Own, objects);
        }
        else if (value is IEnumerable items)
        {
            if (!value.GetType().Name.StartsWith("ImmutableArray", StringComparison.Ordinal) || !(bool)value.GetType().GetProperty("IsDefault")!.GetValue(value)!)
            {
                foreach (var item in items)
                {
                    Reach(item, objects);
                }
            }
        }
        else
        {
            foreach (var field in Fields(value.GetType()))
            {
                Reach(field.GetValue(value), objects);
            }
        }
    }

    private static bool IsEmptyImmutable(object value) =>
        value.GetType().Namespace == "System.Collections.Immutable"
        && (!value.GetType().GetGenericArguments().Contains(typeof(object)) || !((IEnumerable)value).Cast<object?>().Any());

    private static bool IsLeaf(object value) =>
        value is string or Uri or Version or System.Net.IPAddress or System.Net.IPEndPoint or ValueType and IConvertible or Guid or DateTimeOffset or TimeSpan
            or DateOnly or TimeOnly or Int128 or UInt128 or Half or System.Numerics.BigInteger or System.Numerics.Complex or System.Text.Rune;

    private static byte[] Bytes(object value) => value switch
    {
        Memory<byte> memory => memory.ToArray(),
        ReadOnlyMemory<byte> memory => memory.ToArray(),
        _ => [.. (ArraySegment<byte>)value],
    };

    private static IEnumerable<FieldInfo> Fields(Type? type)
    {
        for (; type is not null && type != typeof(object); type = type.BaseType)
        {
            foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                yield return field;
            }
        }
    }
}
