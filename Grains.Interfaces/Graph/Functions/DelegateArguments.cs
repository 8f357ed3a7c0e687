using System.Reflection;
using System.Runtime.CompilerServices;

namespace Orleans.Dask.Grains.Interfaces;

/// <summary>Hands a task's untyped arguments to a delegate's typed parameters.</summary>
internal static class DelegateArguments
{
    // Weak in the type, so that a session's code can be unloaded.
    private static readonly ConditionalWeakTable<Type, Func<object?[], object>?> s_lists = new();

    /// <summary>Argument <paramref name="index"/> as the parameter wants it; the context's token for a trailing CancellationToken.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T At<T>(object?[] arguments, int index, in TaskContext context)
    {
        if (typeof(T) == typeof(CancellationToken) && index == arguments.Length)
        {
            var token = context.CancellationToken;
            return Unsafe.As<CancellationToken, T>(ref token);
        }

        return (uint)index < (uint)arguments.Length && arguments[index] is T argument ? argument : Convert<T>(arguments, index, context);
    }

    /// <summary>Refuses arguments that no parameter takes.</summary>
    public static void Count(object?[] arguments, int expected, bool takesToken, in TaskContext context)
    {
        if (arguments.Length != expected && !(takesToken && arguments.Length == expected - 1))
        {
            throw new ArgumentException($"'{context.Key}' calls its function with {arguments.Length} arguments, but it takes {expected - (takesToken ? 1 : 0)}.");
        }
    }

    private static T Convert<T>(object?[] arguments, int index, in TaskContext context)
    {
        if (index >= arguments.Length)
        {
            throw new ArgumentException($"'{context.Key}' calls its function with {arguments.Length} arguments, but it takes more.");
        }

        var argument = arguments[index];
        if (argument is null && default(T) is null)
        {
            return default!;
        }

        if (argument is object?[] items && s_lists.GetValue(typeof(T), ListOf) is { } convert)
        {
            try
            {
                return (T)convert(items);
            }
            catch (InvalidCastException e)
            {
                throw new ArgumentException($"Argument {index} of '{context.Key}' is a list for a parameter of type {Name(typeof(T))}: {e.Message}", e);
            }
        }

        throw new ArgumentException(
            $"Argument {index} of '{context.Key}' is {(argument is null ? "null" : $"a value of type {Name(argument.GetType())}")}, but the function's parameter is of type {Name(typeof(T))}. "
            + "Make the task it comes from return that type, or change the parameter.");
    }

    /// <summary>How a list of inputs becomes a value of <paramref name="type"/>; null when it can't.</summary>
    private static Func<object?[], object>? ListOf(Type type)
    {
        var element = type.IsSZArray ? type.GetElementType()
            : type.IsGenericType && type.GetGenericArguments() is [var single] && (type.GetGenericTypeDefinition() == typeof(List<>) || type.IsAssignableFrom(single.MakeArrayType())) ? single
            : null;
        if (element is null)
        {
            return null;
        }

        var method = type.IsSZArray || type.IsInterface ? nameof(ToArray) : nameof(ToList);
        return typeof(DelegateArguments).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(element).CreateDelegate<Func<object?[], object>>();
    }

    private static T[] ToArray<T>(object?[] items)
    {
        var typed = new T[items.Length];
        for (var i = 0; i < typed.Length; i++)
        {
            typed[i] = Item<T>(items[i], i);
        }

        return typed;
    }

    private static List<T> ToList<T>(object?[] items)
    {
        var typed = new List<T>(items.Length);
        for (var i = 0; i < items.Length; i++)
        {
            typed.Add(Item<T>(items[i], i));
        }

        return typed;
    }

    private static T Item<T>(object? item, int index) =>
        item is T typed ? typed
        : item is null && default(T) is null ? default!
        : throw new InvalidCastException($"item {index} is {(item is null ? "null" : $"of type {Name(item.GetType())}")}.");

    internal static string Name(Type type) =>
        type.IsSZArray ? Name(type.GetElementType()!) + "[]"
        : !type.IsGenericType ? type.Name
        : $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>";
}
