using System.Reflection;

namespace Orleans.Dask.Grains.Interfaces;

/// <summary>
/// Turns what a delegate returns into what a task returns: a plain value is boxed, <c>Task</c>, <c>Task&lt;T&gt;</c>,
/// <c>ValueTask</c> and <c>ValueTask&lt;T&gt;</c> are awaited. Decided once per type, not per call.
/// </summary>
internal static class DelegateResult<TResult>
{
    private static readonly Func<TResult, ValueTask<object?>>? s_await = Awaiter();

    /// <summary>The type of the value that comes out in the end; where there is none, it is null as an object.</summary>
    public static Type ResultType { get; } =
        typeof(TResult) == typeof(Task) || typeof(TResult) == typeof(ValueTask) ? typeof(object)
        : s_await is not null ? typeof(TResult).GetGenericArguments()[0]
        : typeof(TResult);

    public static ValueTask<object?> Wrap(TResult result) => s_await is null ? new ValueTask<object?>(result) : s_await(result);

    private static Func<TResult, ValueTask<object?>>? Awaiter()
    {
        var type = typeof(TResult);
        var open = type.IsGenericType ? type.GetGenericTypeDefinition() : null;
        if (type != typeof(Task) && type != typeof(ValueTask) && open != typeof(Task<>) && open != typeof(ValueTask<>))
        {
            return null;
        }

        var name = type == typeof(Task) ? nameof(DelegateResult.TaskAsync)
            : type == typeof(ValueTask) ? nameof(DelegateResult.ValueTaskAsync)
            : open == typeof(Task<>) ? nameof(DelegateResult.TaskOfAsync)
            : nameof(DelegateResult.ValueTaskOfAsync);
        var method = typeof(DelegateResult).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!;
        return (open is null ? method : method.MakeGenericMethod(type.GetGenericArguments())).CreateDelegate<Func<TResult, ValueTask<object?>>>();
    }
}

internal static class DelegateResult
{
    internal static async ValueTask<object?> TaskAsync(Task task)
    {
        await task;
        return null;
    }

    internal static async ValueTask<object?> TaskOfAsync<T>(Task<T> task) => await task;

    internal static async ValueTask<object?> ValueTaskAsync(ValueTask task)
    {
        await task;
        return null;
    }

    internal static async ValueTask<object?> ValueTaskOfAsync<T>(ValueTask<T> task) => await task;
}
