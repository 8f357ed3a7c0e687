using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask;

// Delayed calls. C# finds T1 and T2 of a method group only from the arguments, and not through a conversion: so calls of one
// and two arguments have an overload for each mixture of values and delayed values. Longer ones take lambdas with typed
// parameters, or functions of a known type.
public abstract partial class Delayed
{
    /// <summary>A value that is there already.</summary>
    /// <param name="value">Not changed from now on.</param>
    /// <param name="pure">Named by its content, which may take time for a large one.</param>
    public static Delayed<T> Value<T>(T value, bool pure = false) =>
        new(new DataNode(new TaskKey($"value-{(pure ? Tokenize.Of(value) : Tokenize.Unique())}"), value), []);

    /// <summary>A list of delayed values as one: an array of their values.</summary>
    public static Delayed<T[]> List<T>(IEnumerable<Delayed<T>> values) => DelayedCall.Make<T[]>(new FuncFunction<T[], T[]>(ListOf), pure: true, values);

    /// <summary>
    /// Any delegate with any arguments, checked when it runs: constants, delayed values, and lists, nested to any depth, that hold delayed values.
    /// A list of delayed values arrives as the array, list or enumerable that the parameter wants.
    /// </summary>
    /// <typeparam name="TResult">What the delegate returns, or what its task ends with.</typeparam>
    public static Delayed<TResult> Invoke<TResult>(Delegate function, params ReadOnlySpan<object?> arguments) =>
        DelayedCall.Make<TResult>(DelegateFunction.Of(function), pure: false, arguments);

    /// <summary>As <see cref="Invoke{TResult}(Delegate, ReadOnlySpan{object?})"/>; equal calls are one task.</summary>
    public static Delayed<TResult> InvokePure<TResult>(Delegate function, params ReadOnlySpan<object?> arguments) =>
        DelayedCall.Make<TResult>(DelegateFunction.Of(function), pure: true, arguments);

    /// <inheritdoc cref="Call{T1, TResult}(Func{T1, TResult}, T1, bool)"/>
    public static Delayed<TResult> Call<TResult>(Func<TResult> function, bool pure = false) =>
        DelayedCall.Make<TResult>(new FuncFunction<TResult>(function), pure);

    /// <summary>Writes down a call: nothing runs until the value is computed.</summary>
    /// <param name="function">A lambda, a local function or a method; what it captures must not change any more.</param>
    /// <param name="first">A constant, or a delayed value that is computed before.</param>
    /// <param name="pure">True: equal calls are one task, named by its content. False: each call is a task of its own.</param>
    public static Delayed<TResult> Call<T1, TResult>(Func<T1, TResult> function, T1 first, bool pure = false) =>
        DelayedCall.Make<TResult>(new FuncFunction<T1, TResult>(function), pure, first);

    /// <inheritdoc cref="Call{T1, TResult}(Func{T1, TResult}, T1, bool)"/>
    public static Delayed<TResult> Call<T1, TResult>(Func<T1, TResult> function, Delayed<T1> first, bool pure = false) =>
        DelayedCall.Make<TResult>(new FuncFunction<T1, TResult>(function), pure, first);

    /// <inheritdoc cref="Call{T1, TResult}(Func{T1, TResult}, T1, bool)"/>
    public static Delayed<TResult> Call<T1, T2, TResult>(Func<T1, T2, TResult> function, T1 first, T2 second, bool pure = false) =>
        DelayedCall.Make<TResult>(new FuncFunction<T1, T2, TResult>(function), pure, first, second);

    /// <inheritdoc cref="Call{T1, TResult}(Func{T1, TResult}, T1, bool)"/>
    public static Delayed<TResult> Call<T1, T2, TResult>(Func<T1, T2, TResult> function, T1 first, Delayed<T2> second, bool pure = false) =>
        DelayedCall.Make<TResult>(new FuncFunction<T1, T2, TResult>(function), pure, first, second);

    /// <inheritdoc cref="Call{T1, TResult}(Func{T1, TResult}, T1, bool)"/>
    public static Delayed<TResult> Call<T1, T2, TResult>(Func<T1, T2, TResult> function, Delayed<T1> first, T2 second, bool pure = false) =>
        DelayedCall.Make<TResult>(new FuncFunction<T1, T2, TResult>(function), pure, first, second);

    /// <inheritdoc cref="Call{T1, TResult}(Func{T1, TResult}, T1, bool)"/>
    public static Delayed<TResult> Call<T1, T2, TResult>(Func<T1, T2, TResult> function, Delayed<T1> first, Delayed<T2> second, bool pure = false) =>
        DelayedCall.Make<TResult>(new FuncFunction<T1, T2, TResult>(function), pure, first, second);

    /// <inheritdoc cref="Call{T1, TResult}(Func{T1, TResult}, T1, bool)"/>
    public static Delayed<TResult> Call<T1, T2, T3, TResult>(Func<T1, T2, T3, TResult> function, Arg<T1> first, Arg<T2> second, Arg<T3> third, bool pure = false) =>
        DelayedCall.Make<TResult>(new FuncFunction<T1, T2, T3, TResult>(function), pure, first.Value, second.Value, third.Value);

    /// <inheritdoc cref="Call{T1, TResult}(Func{T1, TResult}, T1, bool)"/>
    public static Delayed<TResult> Call<T1, T2, T3, T4, TResult>(Func<T1, T2, T3, T4, TResult> function, Arg<T1> first, Arg<T2> second, Arg<T3> third, Arg<T4> fourth, bool pure = false) =>
        DelayedCall.Make<TResult>(new FuncFunction<T1, T2, T3, T4, TResult>(function), pure, first.Value, second.Value, third.Value, fourth.Value);

    /// <inheritdoc cref="Call{T1, TResult}(Func{T1, TResult}, T1, bool)"/>
    public static Delayed<TResult> Call<T1, T2, T3, T4, T5, TResult>(Func<T1, T2, T3, T4, T5, TResult> function, Arg<T1> first, Arg<T2> second, Arg<T3> third, Arg<T4> fourth, Arg<T5> fifth, bool pure = false) =>
        DelayedCall.Make<TResult>(new FuncFunction<T1, T2, T3, T4, T5, TResult>(function), pure, first.Value, second.Value, third.Value, fourth.Value, fifth.Value);

    /// <inheritdoc cref="Call{T1, TResult}(Func{T1, TResult}, T1, bool)"/>
    public static Delayed<TResult> Call<T1, T2, T3, T4, T5, T6, TResult>(Func<T1, T2, T3, T4, T5, T6, TResult> function, Arg<T1> first, Arg<T2> second, Arg<T3> third, Arg<T4> fourth, Arg<T5> fifth, Arg<T6> sixth, bool pure = false) =>
        DelayedCall.Make<TResult>(new FuncFunction<T1, T2, T3, T4, T5, T6, TResult>(function), pure, first.Value, second.Value, third.Value, fourth.Value, fifth.Value, sixth.Value);

    private static T[] ListOf<T>(T[] values) => values;
}
