namespace Orleans.Dask.Grains.Interfaces;

// One small class per number of parameters: the delegate is called with its own types, never through DynamicInvoke.
// A CancellationToken in the last place is filled from the task's context.

/// <inheritdoc/>
internal sealed class FuncFunction<TResult>(Func<TResult> call) : DelegateFunction
{
    private readonly Func<TResult> _call = call;

    /// <inheritdoc/>
    public override Delegate Body => _call;

    /// <inheritdoc/>
    public override Type ResultType => DelegateResult<TResult>.ResultType;

    /// <inheritdoc/>
    public override ValueTask<object?> InvokeAsync(object?[] arguments, in TaskContext context)
    {
        DelegateArguments.Count(arguments, 0, false, context);
        return DelegateResult<TResult>.Wrap(_call());
    }
}

/// <inheritdoc/>
internal sealed class FuncFunction<T1, TResult>(Func<T1, TResult> call) : DelegateFunction
{
    private readonly Func<T1, TResult> _call = call;

    /// <inheritdoc/>
    public override Delegate Body => _call;

    /// <inheritdoc/>
    public override Type ResultType => DelegateResult<TResult>.ResultType;

    /// <inheritdoc/>
    public override ValueTask<object?> InvokeAsync(object?[] arguments, in TaskContext context)
    {
        DelegateArguments.Count(arguments, 1, typeof(T1) == typeof(CancellationToken), context);
        return DelegateResult<TResult>.Wrap(_call(DelegateArguments.At<T1>(arguments, 0, context)));
    }
}

/// <inheritdoc/>
internal sealed class FuncFunction<T1, T2, TResult>(Func<T1, T2, TResult> call) : DelegateFunction
{
    private readonly Func<T1, T2, TResult> _call = call;

    /// <inheritdoc/>
    public override Delegate Body => _call;

    /// <inheritdoc/>
    public override Type ResultType => DelegateResult<TResult>.ResultType;

    /// <inheritdoc/>
    public override ValueTask<object?> InvokeAsync(object?[] arguments, in TaskContext context)
    {
        DelegateArguments.Count(arguments, 2, typeof(T2) == typeof(CancellationToken), context);
        return DelegateResult<TResult>.Wrap(_call(DelegateArguments.At<T1>(arguments, 0, context), DelegateArguments.At<T2>(arguments, 1, context)));
    }
}

/// <inheritdoc/>
internal sealed class FuncFunction<T1, T2, T3, TResult>(Func<T1, T2, T3, TResult> call) : DelegateFunction
{
    private readonly Func<T1, T2, T3, TResult> _call = call;

    /// <inheritdoc/>
    public override Delegate Body => _call;

    /// <inheritdoc/>
    public override Type ResultType => DelegateResult<TResult>.ResultType;

    /// <inheritdoc/>
    public override ValueTask<object?> InvokeAsync(object?[] arguments, in TaskContext context)
    {
        DelegateArguments.Count(arguments, 3, typeof(T3) == typeof(CancellationToken), context);
        return DelegateResult<TResult>.Wrap(_call(DelegateArguments.At<T1>(arguments, 0, context), DelegateArguments.At<T2>(arguments, 1, context), DelegateArguments.At<T3>(arguments, 2, context)));
    }
}

/// <inheritdoc/>
internal sealed class FuncFunction<T1, T2, T3, T4, TResult>(Func<T1, T2, T3, T4, TResult> call) : DelegateFunction
{
    private readonly Func<T1, T2, T3, T4, TResult> _call = call;

    /// <inheritdoc/>
    public override Delegate Body => _call;

    /// <inheritdoc/>
    public override Type ResultType => DelegateResult<TResult>.ResultType;

    /// <inheritdoc/>
    public override ValueTask<object?> InvokeAsync(object?[] arguments, in TaskContext context)
    {
        DelegateArguments.Count(arguments, 4, typeof(T4) == typeof(CancellationToken), context);
        return DelegateResult<TResult>.Wrap(_call(DelegateArguments.At<T1>(arguments, 0, context), DelegateArguments.At<T2>(arguments, 1, context), DelegateArguments.At<T3>(arguments, 2, context), DelegateArguments.At<T4>(arguments, 3, context)));
    }
}

/// <inheritdoc/>
internal sealed class FuncFunction<T1, T2, T3, T4, T5, TResult>(Func<T1, T2, T3, T4, T5, TResult> call) : DelegateFunction
{
    private readonly Func<T1, T2, T3, T4, T5, TResult> _call = call;

    /// <inheritdoc/>
    public override Delegate Body => _call;

    /// <inheritdoc/>
    public override Type ResultType => DelegateResult<TResult>.ResultType;

    /// <inheritdoc/>
    public override ValueTask<object?> InvokeAsync(object?[] arguments, in TaskContext context)
    {
        DelegateArguments.Count(arguments, 5, typeof(T5) == typeof(CancellationToken), context);
        return DelegateResult<TResult>.Wrap(_call(DelegateArguments.At<T1>(arguments, 0, context), DelegateArguments.At<T2>(arguments, 1, context), DelegateArguments.At<T3>(arguments, 2, context), DelegateArguments.At<T4>(arguments, 3, context), DelegateArguments.At<T5>(arguments, 4, context)));
    }
}

/// <inheritdoc/>
internal sealed class FuncFunction<T1, T2, T3, T4, T5, T6, TResult>(Func<T1, T2, T3, T4, T5, T6, TResult> call) : DelegateFunction
{
    private readonly Func<T1, T2, T3, T4, T5, T6, TResult> _call = call;

    /// <inheritdoc/>
    public override Delegate Body => _call;

    /// <inheritdoc/>
    public override Type ResultType => DelegateResult<TResult>.ResultType;

    /// <inheritdoc/>
    public override ValueTask<object?> InvokeAsync(object?[] arguments, in TaskContext context)
    {
        DelegateArguments.Count(arguments, 6, typeof(T6) == typeof(CancellationToken), context);
        return DelegateResult<TResult>.Wrap(_call(DelegateArguments.At<T1>(arguments, 0, context), DelegateArguments.At<T2>(arguments, 1, context), DelegateArguments.At<T3>(arguments, 2, context), DelegateArguments.At<T4>(arguments, 3, context), DelegateArguments.At<T5>(arguments, 4, context), DelegateArguments.At<T6>(arguments, 5, context)));
    }
}

/// <inheritdoc/>
internal sealed class FuncFunction<T1, T2, T3, T4, T5, T6, T7, TResult>(Func<T1, T2, T3, T4, T5, T6, T7, TResult> call) : DelegateFunction
{
    private readonly Func<T1, T2, T3, T4, T5, T6, T7, TResult> _call = call;

    /// <inheritdoc/>
    public override Delegate Body => _call;

    /// <inheritdoc/>
    public override Type ResultType => DelegateResult<TResult>.ResultType;

    /// <inheritdoc/>
    public override ValueTask<object?> InvokeAsync(object?[] arguments, in TaskContext context)
    {
        DelegateArguments.Count(arguments, 7, typeof(T7) == typeof(CancellationToken), context);
        return DelegateResult<TResult>.Wrap(_call(DelegateArguments.At<T1>(arguments, 0, context), DelegateArguments.At<T2>(arguments, 1, context), DelegateArguments.At<T3>(arguments, 2, context), DelegateArguments.At<T4>(arguments, 3, context), DelegateArguments.At<T5>(arguments, 4, context), DelegateArguments.At<T6>(arguments, 5, context), DelegateArguments.At<T7>(arguments, 6, context)));
    }
}
