namespace Orleans.Dask.Grains.Interfaces;

// One small class per number of parameters: the delegate is called with its own types, never through DynamicInvoke.
// A CancellationToken in the last place is filled from the task's context.

/// <inheritdoc/>
internal sealed class ActionFunction(Action call) : DelegateFunction
{
    private readonly Action _call = call;

    /// <inheritdoc/>
    public override Delegate Body => _call;

    /// <inheritdoc/>
    public override ValueTask<object?> InvokeAsync(object?[] arguments, in TaskContext context)
    {
        DelegateArguments.Count(arguments, 0, false, context);
        _call();
        return default;
    }
}

/// <inheritdoc/>
internal sealed class ActionFunction<T1>(Action<T1> call) : DelegateFunction
{
    private readonly Action<T1> _call = call;

    /// <inheritdoc/>
    public override Delegate Body => _call;

    /// <inheritdoc/>
    public override ValueTask<object?> InvokeAsync(object?[] arguments, in TaskContext context)
    {
        DelegateArguments.Count(arguments, 1, typeof(T1) == typeof(CancellationToken), context);
        _call(DelegateArguments.At<T1>(arguments, 0, context));
        return default;
    }
}

/// <inheritdoc/>
internal sealed class ActionFunction<T1, T2>(Action<T1, T2> call) : DelegateFunction
{
    private readonly Action<T1, T2> _call = call;

    /// <inheritdoc/>
    public override Delegate Body => _call;

    /// <inheritdoc/>
    public override ValueTask<object?> InvokeAsync(object?[] arguments, in TaskContext context)
    {
        DelegateArguments.Count(arguments, 2, typeof(T2) == typeof(CancellationToken), context);
        _call(DelegateArguments.At<T1>(arguments, 0, context), DelegateArguments.At<T2>(arguments, 1, context));
        return default;
    }
}

/// <inheritdoc/>
internal sealed class ActionFunction<T1, T2, T3>(Action<T1, T2, T3> call) : DelegateFunction
{
    private readonly Action<T1, T2, T3> _call = call;

    /// <inheritdoc/>
    public override Delegate Body => _call;

    /// <inheritdoc/>
    public override ValueTask<object?> InvokeAsync(object?[] arguments, in TaskContext context)
    {
        DelegateArguments.Count(arguments, 3, typeof(T3) == typeof(CancellationToken), context);
        _call(DelegateArguments.At<T1>(arguments, 0, context), DelegateArguments.At<T2>(arguments, 1, context), DelegateArguments.At<T3>(arguments, 2, context));
        return default;
    }
}

/// <inheritdoc/>
internal sealed class ActionFunction<T1, T2, T3, T4>(Action<T1, T2, T3, T4> call) : DelegateFunction
{
    private readonly Action<T1, T2, T3, T4> _call = call;

    /// <inheritdoc/>
    public override Delegate Body => _call;

    /// <inheritdoc/>
    public override ValueTask<object?> InvokeAsync(object?[] arguments, in TaskContext context)
    {
        DelegateArguments.Count(arguments, 4, typeof(T4) == typeof(CancellationToken), context);
        _call(DelegateArguments.At<T1>(arguments, 0, context), DelegateArguments.At<T2>(arguments, 1, context), DelegateArguments.At<T3>(arguments, 2, context), DelegateArguments.At<T4>(arguments, 3, context));
        return default;
    }
}

/// <inheritdoc/>
internal sealed class ActionFunction<T1, T2, T3, T4, T5>(Action<T1, T2, T3, T4, T5> call) : DelegateFunction
{
    private readonly Action<T1, T2, T3, T4, T5> _call = call;

    /// <inheritdoc/>
    public override Delegate Body => _call;

    /// <inheritdoc/>
    public override ValueTask<object?> InvokeAsync(object?[] arguments, in TaskContext context)
    {
        DelegateArguments.Count(arguments, 5, typeof(T5) == typeof(CancellationToken), context);
        _call(DelegateArguments.At<T1>(arguments, 0, context), DelegateArguments.At<T2>(arguments, 1, context), DelegateArguments.At<T3>(arguments, 2, context), DelegateArguments.At<T4>(arguments, 3, context), DelegateArguments.At<T5>(arguments, 4, context));
        return default;
    }
}

/// <inheritdoc/>
internal sealed class ActionFunction<T1, T2, T3, T4, T5, T6>(Action<T1, T2, T3, T4, T5, T6> call) : DelegateFunction
{
    private readonly Action<T1, T2, T3, T4, T5, T6> _call = call;

    /// <inheritdoc/>
    public override Delegate Body => _call;

    /// <inheritdoc/>
    public override ValueTask<object?> InvokeAsync(object?[] arguments, in TaskContext context)
    {
        DelegateArguments.Count(arguments, 6, typeof(T6) == typeof(CancellationToken), context);
        _call(DelegateArguments.At<T1>(arguments, 0, context), DelegateArguments.At<T2>(arguments, 1, context), DelegateArguments.At<T3>(arguments, 2, context), DelegateArguments.At<T4>(arguments, 3, context), DelegateArguments.At<T5>(arguments, 4, context), DelegateArguments.At<T6>(arguments, 5, context));
        return default;
    }
}

/// <inheritdoc/>
internal sealed class ActionFunction<T1, T2, T3, T4, T5, T6, T7>(Action<T1, T2, T3, T4, T5, T6, T7> call) : DelegateFunction
{
    private readonly Action<T1, T2, T3, T4, T5, T6, T7> _call = call;

    /// <inheritdoc/>
    public override Delegate Body => _call;

    /// <inheritdoc/>
    public override ValueTask<object?> InvokeAsync(object?[] arguments, in TaskContext context)
    {
        DelegateArguments.Count(arguments, 7, typeof(T7) == typeof(CancellationToken), context);
        _call(DelegateArguments.At<T1>(arguments, 0, context), DelegateArguments.At<T2>(arguments, 1, context), DelegateArguments.At<T3>(arguments, 2, context), DelegateArguments.At<T4>(arguments, 3, context), DelegateArguments.At<T5>(arguments, 4, context), DelegateArguments.At<T6>(arguments, 5, context), DelegateArguments.At<T7>(arguments, 6, context));
        return default;
    }
}
