using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask;

// The same for asynchronous functions.
public abstract partial class Delayed
{
    /// <inheritdoc cref="CallAsync{T1, TResult}(Func{T1, Task{TResult}}, T1, bool)"/>
    public static Delayed<TResult> CallAsync<TResult>(Func<Task<TResult>> function, bool pure = false) =>
        DelayedCall.Make<TResult>(new FuncFunction<Task<TResult>>(function), pure);

    /// <summary>Writes down a call of an asynchronous function: its value is what it ends with, and it holds no thread while it waits.</summary>
    /// <inheritdoc cref="Call{T1, TResult}(Func{T1, TResult}, T1, bool)"/>
    public static Delayed<TResult> CallAsync<T1, TResult>(Func<T1, Task<TResult>> function, T1 first, bool pure = false) =>
        DelayedCall.Make<TResult>(new FuncFunction<T1, Task<TResult>>(function), pure, first);

    /// <inheritdoc cref="CallAsync{T1, TResult}(Func{T1, Task{TResult}}, T1, bool)"/>
    public static Delayed<TResult> CallAsync<T1, TResult>(Func<T1, Task<TResult>> function, Delayed<T1> first, bool pure = false) =>
        DelayedCall.Make<TResult>(new FuncFunction<T1, Task<TResult>>(function), pure, first);

    /// <inheritdoc cref="CallAsync{T1, TResult}(Func{T1, Task{TResult}}, T1, bool)"/>
    public static Delayed<TResult> CallAsync<T1, T2, TResult>(Func<T1, T2, Task<TResult>> function, T1 first, T2 second, bool pure = false) =>
        DelayedCall.Make<TResult>(new FuncFunction<T1, T2, Task<TResult>>(function), pure, first, second);

    /// <inheritdoc cref="CallAsync{T1, TResult}(Func{T1, Task{TResult}}, T1, bool)"/>
    public static Delayed<TResult> CallAsync<T1, T2, TResult>(Func<T1, T2, Task<TResult>> function, T1 first, Delayed<T2> second, bool pure = false) =>
        DelayedCall.Make<TResult>(new FuncFunction<T1, T2, Task<TResult>>(function), pure, first, second);

    /// <inheritdoc cref="CallAsync{T1, TResult}(Func{T1, Task{TResult}}, T1, bool)"/>
    public static Delayed<TResult> CallAsync<T1, T2, TResult>(Func<T1, T2, Task<TResult>> function, Delayed<T1> first, T2 second, bool pure = false) =>
        DelayedCall.Make<TResult>(new FuncFunction<T1, T2, Task<TResult>>(function), pure, first, second);

    /// <inheritdoc cref="CallAsync{T1, TResult}(Func{T1, Task{TResult}}, T1, bool)"/>
    public static Delayed<TResult> CallAsync<T1, T2, TResult>(Func<T1, T2, Task<TResult>> function, Delayed<T1> first, Delayed<T2> second, bool pure = false) =>
        DelayedCall.Make<TResult>(new FuncFunction<T1, T2, Task<TResult>>(function), pure, first, second);

    /// <inheritdoc cref="CallAsync{T1, TResult}(Func{T1, Task{TResult}}, T1, bool)"/>
    public static Delayed<TResult> CallAsync<T1, T2, T3, TResult>(Func<T1, T2, T3, Task<TResult>> function, Arg<T1> first, Arg<T2> second, Arg<T3> third, bool pure = false) =>
        DelayedCall.Make<TResult>(new FuncFunction<T1, T2, T3, Task<TResult>>(function), pure, first.Value, second.Value, third.Value);
}
