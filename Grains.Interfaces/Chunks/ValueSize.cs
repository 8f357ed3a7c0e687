using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Orleans.Dask.Grains.Interfaces;

/// <summary>How many bytes a value takes, near enough to place and move it by, without encoding it.</summary>
internal static class ValueSize
{
    private const int ObjectBytes = 24;
    private const int Sample = 16;
    private const int Deepest = 4;

    // Weak in the type, so that a session's code can be unloaded.
    private static readonly ConditionalWeakTable<Type, Layout> s_layouts = [];

    public static long Of(object? value) => Of(value, 0);

    private static long Of(object? value, int depth) => value switch
    {
        null => 8,
        ISizedValue sized => Math.Max(0, sized.SizeInBytes),
        string text => ObjectBytes + (2L * text.Length),
        Array array => ObjectBytes + OfArray(array, depth),
        _ when value.GetType().IsPrimitive || value is Enum or decimal or DateTime => ObjectBytes,
        Delegate or MemberInfo => 64,
        _ when depth >= Deepest => ObjectBytes,
        ICollection items => OfItems(items, items.Count, depth),
        _ => OfFields(value, depth),
    };

    private static long OfArray(Array array, int depth)
    {
        var element = array.GetType().GetElementType()!;
        return element.IsValueType ? array.LongLength * ElementBytes(element)
            : array.LongLength == 0 ? 0
            : OfItems(array, array.LongLength, depth);
    }

    private static int ElementBytes(Type element) => s_layouts.GetValue(element, Layout.Of).Bytes;

    /// <summary>The first few, times how many there are.</summary>
    private static long OfItems(IEnumerable items, long count, int depth)
    {
        var (seen, bytes) = (0, 0L);
        foreach (var item in items)
        {
            bytes += 8 + Of(item, depth + 1);
            if (++seen == Sample)
            {
                break;
            }
        }

        return ObjectBytes + (seen == 0 ? 0 : bytes * count / seen);
    }

    private static long OfFields(object value, int depth)
    {
        var layout = s_layouts.GetValue(value.GetType(), Layout.Of);
        long bytes = layout.Bytes + ObjectBytes;
        foreach (var field in layout.References)
        {
            if (field.GetValue(value) is { } inner)
            {
                bytes += Of(inner, depth + 1);
            }
        }

        return bytes;
    }

    private sealed record Layout(int Bytes, FieldInfo[] References)
    {
        public static Layout Of(Type type)
        {
            if (type.IsPrimitive || type.IsEnum)
            {
                return new Layout(Marshal.SizeOf(type.IsEnum ? Enum.GetUnderlyingType(type) : type == typeof(char) ? typeof(short) : type == typeof(bool) ? typeof(byte) : type), []);
            }

            var (bytes, references) = (0, new List<FieldInfo>());
            for (var level = type; level is not null && level != typeof(object); level = level.BaseType)
            {
                foreach (var field in level.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                {
                    if (field.FieldType.IsPointer || field.FieldType.IsByRefLike || !field.FieldType.IsValueType)
                    {
                        bytes += Unsafe.SizeOf<nint>();
                    }
                    else
                    {
                        bytes += field.FieldType == type ? 8 : Of(field.FieldType).Bytes;
                    }

                    if (!field.FieldType.IsValueType && !field.FieldType.IsPointer)
                    {
                        references.Add(field);
                    }
                }
            }

            return new Layout(Math.Max(1, bytes), [.. references]);
        }
    }
}
