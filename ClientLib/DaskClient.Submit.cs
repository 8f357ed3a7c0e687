using System.Runtime.CompilerServices;

namespace Orleans.Dask;

// One overload for each mix of values and futures, so that the compiler checks a call's arguments against its function
// (method groups do not infer through a wrapper type). Where several fit, more futures win: x => x.ToString() on a
// Future<int> means the int. Functions that return Task<T> are awaited where they run.
public sealed partial class DaskClient
{
    /// <summary>Runs a function on the cluster. It begins as soon as its arguments are there and a slot is free.</summary>
    /// <param name="call">A method, a lambda, a closure; its code is sent where it is missing. Asynchronous ones give their slot back while they wait.</param>
    /// <returns>The future value, with a key of its own.</returns>
    /// <exception cref="Grains.Interfaces.PayloadException">An argument or something captured can't travel; the message begins with the path to it.</exception>
    /// <remarks>
    /// A future among the arguments stands for its value. A <see cref="CancellationToken"/> as last argument cancels the task;
    /// the function gets a token of its own, which is set where it runs.
    /// </remarks>
    public Future<TResult> Submit<TResult>(Func<TResult> call) => Call<TResult>(call);

    /// <inheritdoc cref="Submit{TResult}(Func{TResult})"/>
    public Future<TResult> Submit<TResult>(Func<Task<TResult>> call) => Call<TResult>(call);

    /// <inheritdoc cref="Submit{TResult}(Func{TResult})"/>
    public Future<TResult> Submit<T1, TResult>(Func<T1, TResult> call, T1 a) => Call<TResult>(call, Arg.Of(a));

    /// <inheritdoc cref="Submit{TResult}(Func{TResult})"/>
    public Future<TResult> Submit<T1, TResult>(Func<T1, Task<TResult>> call, T1 a) => Call<TResult>(call, Arg.Of(a));

    /// <inheritdoc cref="Submit{TResult}(Func{TResult})"/>
    [OverloadResolutionPriority(1)]
    public Future<TResult> Submit<T1, TResult>(Func<T1, TResult> call, Future<T1> a) => Call<TResult>(call, Arg.Of(a));

    /// <inheritdoc cref="Submit{TResult}(Func{TResult})"/>
    [OverloadResolutionPriority(1)]
    public Future<TResult> Submit<T1, TResult>(Func<T1, Task<TResult>> call, Future<T1> a) => Call<TResult>(call, Arg.Of(a));

    /// <inheritdoc cref="Submit{TResult}(Func{TResult})"/>
    public Future<TResult> Submit<T1, T2, TResult>(Func<T1, T2, TResult> call, T1 a, T2 b) => Call<TResult>(call, Arg.Of(a), Arg.Of(b));

    /// <inheritdoc cref="Submit{TResult}(Func{TResult})"/>
    public Future<TResult> Submit<T1, T2, TResult>(Func<T1, T2, Task<TResult>> call, T1 a, T2 b) => Call<TResult>(call, Arg.Of(a), Arg.Of(b));

    /// <inheritdoc cref="Submit{TResult}(Func{TResult})"/>
    [OverloadResolutionPriority(1)]
    public Future<TResult> Submit<T1, T2, TResult>(Func<T1, T2, TResult> call, Future<T1> a, T2 b) => Call<TResult>(call, Arg.Of(a), Arg.Of(b));

    /// <inheritdoc cref="Submit{TResult}(Func{TResult})"/>
    [OverloadResolutionPriority(1)]
    public Future<TResult> Submit<T1, T2, TResult>(Func<T1, T2, Task<TResult>> call, Future<T1> a, T2 b) => Call<TResult>(call, Arg.Of(a), Arg.Of(b));

    /// <inheritdoc cref="Submit{TResult}(Func{TResult})"/>
    [OverloadResolutionPriority(1)]
    public Future<TResult> Submit<T1, T2, TResult>(Func<T1, T2, TResult> call, T1 a, Future<T2> b) => Call<TResult>(call, Arg.Of(a), Arg.Of(b));

    /// <inheritdoc cref="Submit{TResult}(Func{TResult})"/>
    [OverloadResolutionPriority(1)]
    public Future<TResult> Submit<T1, T2, TResult>(Func<T1, T2, Task<TResult>> call, T1 a, Future<T2> b) => Call<TResult>(call, Arg.Of(a), Arg.Of(b));

    /// <inheritdoc cref="Submit{TResult}(Func{TResult})"/>
    [OverloadResolutionPriority(2)]
    public Future<TResult> Submit<T1, T2, TResult>(Func<T1, T2, TResult> call, Future<T1> a, Future<T2> b) => Call<TResult>(call, Arg.Of(a), Arg.Of(b));

    /// <inheritdoc cref="Submit{TResult}(Func{TResult})"/>
    [OverloadResolutionPriority(2)]
    public Future<TResult> Submit<T1, T2, TResult>(Func<T1, T2, Task<TResult>> call, Future<T1> a, Future<T2> b) => Call<TResult>(call, Arg.Of(a), Arg.Of(b));

    /// <inheritdoc cref="Submit{TResult}(Func{TResult})"/>
    public Future<TResult> Submit<T1, T2, T3, TResult>(Func<T1, T2, T3, TResult> call, T1 a, T2 b, T3 c) => Call<TResult>(call, Arg.Of(a), Arg.Of(b), Arg.Of(c));

    /// <inheritdoc cref="Submit{TResult}(Func{TResult})"/>
    public Future<TResult> Submit<T1, T2, T3, TResult>(Func<T1, T2, T3, Task<TResult>> call, T1 a, T2 b, T3 c) => Call<TResult>(call, Arg.Of(a), Arg.Of(b), Arg.Of(c));

    /// <inheritdoc cref="Submit{TResult}(Func{TResult})"/>
    [OverloadResolutionPriority(1)]
    public Future<TResult> Submit<T1, T2, T3, TResult>(Func<T1, T2, T3, TResult> call, Future<T1> a, T2 b, T3 c) => Call<TResult>(call, Arg.Of(a), Arg.Of(b), Arg.Of(c));

    /// <inheritdoc cref="Submit{TResult}(Func{TResult})"/>
    [OverloadResolutionPriority(1)]
    public Future<TResult> Submit<T1, T2, T3, TResult>(Func<T1, T2, T3, Task<TResult>> call, Future<T1> a, T2 b, T3 c) => Call<TResult>(call, Arg.Of(a), Arg.Of(b), Arg.Of(c));

    /// <inheritdoc cref="Submit{TResult}(Func{TResult})"/>
    [OverloadResolutionPriority(1)]
    public Future<TResult> Submit<T1, T2, T3, TResult>(Func<T1, T2, T3, TResult> call, T1 a, Future<T2> b, T3 c) => Call<TResult>(call, Arg.Of(a), Arg.Of(b), Arg.Of(c));

    /// <inheritdoc cref="Submit{TResult}(Func{TResult})"/>
    [OverloadResolutionPriority(1)]
    public Future<TResult> Submit<T1, T2, T3, TResult>(Func<T1, T2, T3, Task<TResult>> call, T1 a, Future<T2> b, T3 c) => Call<TResult>(call, Arg.Of(a), Arg.Of(b), Arg.Of(c));

    /// <inheritdoc cref="Submit{TResult}(Func{TResult})"/>
    [OverloadResolutionPriority(1)]
    public Future<TResult> Submit<T1, T2, T3, TResult>(Func<T1, T2, T3, TResult> call, T1 a, T2 b, Future<T3> c) => Call<TResult>(call, Arg.Of(a), Arg.Of(b), Arg.Of(c));

    /// <inheritdoc cref="Submit{TResult}(Func{TResult})"/>
    [OverloadResolutionPriority(1)]
    public Future<TResult> Submit<T1, T2, T3, TResult>(Func<T1, T2, T3, Task<TResult>> call, T1 a, T2 b, Future<T3> c) => Call<TResult>(call, Arg.Of(a), Arg.Of(b), Arg.Of(c));

    /// <inheritdoc cref="Submit{TResult}(Func{TResult})"/>
    [OverloadResolutionPriority(2)]
    public Future<TResult> Submit<T1, T2, T3, TResult>(Func<T1, T2, T3, TResult> call, Future<T1> a, Future<T2> b, T3 c) => Call<TResult>(call, Arg.Of(a), Arg.Of(b), Arg.Of(c));

    /// <inheritdoc cref="Submit{TResult}(Func{TResult})"/>
    [OverloadResolutionPriority(2)]
    public Future<TResult> Submit<T1, T2, T3, TResult>(Func<T1, T2, T3, Task<TResult>> call, Future<T1> a, Future<T2> b, T3 c) => Call<TResult>(call, Arg.Of(a), Arg.Of(b), Arg.Of(c));

    /// <inheritdoc cref="Submit{TResult}(Func{TResult})"/>
    [OverloadResolutionPriority(2)]
    public Future<TResult> Submit<T1, T2, T3, TResult>(Func<T1, T2, T3, TResult> call, Future<T1> a, T2 b, Future<T3> c) => Call<TResult>(call, Arg.Of(a), Arg.Of(b), Arg.Of(c));

    /// <inheritdoc cref="Submit{TResult}(Func{TResult})"/>
    [OverloadResolutionPriority(2)]
    public Future<TResult> Submit<T1, T2, T3, TResult>(Func<T1, T2, T3, Task<TResult>> call, Future<T1> a, T2 b, Future<T3> c) => Call<TResult>(call, Arg.Of(a), Arg.Of(b), Arg.Of(c));

    /// <inheritdoc cref="Submit{TResult}(Func{TResult})"/>
    [OverloadResolutionPriority(2)]
    public Future<TResult> Submit<T1, T2, T3, TResult>(Func<T1, T2, T3, TResult> call, T1 a, Future<T2> b, Future<T3> c) => Call<TResult>(call, Arg.Of(a), Arg.Of(b), Arg.Of(c));

    /// <inheritdoc cref="Submit{TResult}(Func{TResult})"/>
    [OverloadResolutionPriority(2)]
    public Future<TResult> Submit<T1, T2, T3, TResult>(Func<T1, T2, T3, Task<TResult>> call, T1 a, Future<T2> b, Future<T3> c) => Call<TResult>(call, Arg.Of(a), Arg.Of(b), Arg.Of(c));

    /// <inheritdoc cref="Submit{TResult}(Func{TResult})"/>
    [OverloadResolutionPriority(3)]
    public Future<TResult> Submit<T1, T2, T3, TResult>(Func<T1, T2, T3, TResult> call, Future<T1> a, Future<T2> b, Future<T3> c) => Call<TResult>(call, Arg.Of(a), Arg.Of(b), Arg.Of(c));

    /// <inheritdoc cref="Submit{TResult}(Func{TResult})"/>
    [OverloadResolutionPriority(3)]
    public Future<TResult> Submit<T1, T2, T3, TResult>(Func<T1, T2, T3, Task<TResult>> call, Future<T1> a, Future<T2> b, Future<T3> c) => Call<TResult>(call, Arg.Of(a), Arg.Of(b), Arg.Of(c));

    /// <inheritdoc cref="Submit{TResult}(Func{TResult})"/>
    public Future<TResult> Submit<T1, T2, T3, T4, TResult>(Func<T1, T2, T3, T4, TResult> call, T1 a, T2 b, T3 c, T4 d) => Call<TResult>(call, Arg.Of(a), Arg.Of(b), Arg.Of(c), Arg.Of(d));

    /// <inheritdoc cref="Submit{TResult}(Func{TResult})"/>
    public Future<TResult> Submit<T1, T2, T3, T4, TResult>(Func<T1, T2, T3, T4, Task<TResult>> call, T1 a, T2 b, T3 c, T4 d) => Call<TResult>(call, Arg.Of(a), Arg.Of(b), Arg.Of(c), Arg.Of(d));

    /// <inheritdoc cref="Submit{TResult}(Func{TResult})"/>
    [OverloadResolutionPriority(4)]
    public Future<TResult> Submit<T1, T2, T3, T4, TResult>(Func<T1, T2, T3, T4, TResult> call, Future<T1> a, Future<T2> b, Future<T3> c, Future<T4> d) => Call<TResult>(call, Arg.Of(a), Arg.Of(b), Arg.Of(c), Arg.Of(d));

    /// <inheritdoc cref="Submit{TResult}(Func{TResult})"/>
    [OverloadResolutionPriority(4)]
    public Future<TResult> Submit<T1, T2, T3, T4, TResult>(Func<T1, T2, T3, T4, Task<TResult>> call, Future<T1> a, Future<T2> b, Future<T3> c, Future<T4> d) => Call<TResult>(call, Arg.Of(a), Arg.Of(b), Arg.Of(c), Arg.Of(d));

    /// <summary>Runs a function of a list, such as a sum, on the values of futures.</summary>
    /// <inheritdoc cref="Submit{TResult}(Func{TResult})"/>
    [OverloadResolutionPriority(1)]
    public Future<TResult> Submit<T, TResult>(Func<T[], TResult> call, IEnumerable<Future<T>> list) => Call<TResult>(call, Arg.Of(list));

    /// <inheritdoc cref="Submit{T, TResult}(Func{T[], TResult}, IEnumerable{Future{T}})"/>
    [OverloadResolutionPriority(1)]
    public Future<TResult> Submit<T, T2, TResult>(Func<T[], T2, TResult> call, IEnumerable<Future<T>> list, T2 b) => Call<TResult>(call, Arg.Of(list), Arg.Of(b));

    /// <inheritdoc cref="Submit{T, TResult}(Func{T[], TResult}, IEnumerable{Future{T}})"/>
    [OverloadResolutionPriority(2)]
    public Future<TResult> Submit<T, T2, TResult>(Func<T[], T2, TResult> call, IEnumerable<Future<T>> list, Future<T2> b) => Call<TResult>(call, Arg.Of(list), Arg.Of(b));

    /// <summary>Runs a function of a list, such as a sum, on the values of futures.</summary>
    /// <inheritdoc cref="Submit{TResult}(Func{TResult})"/>
    [OverloadResolutionPriority(1)]
    public Future<TResult> Submit<T, TResult>(Func<T[], Task<TResult>> call, IEnumerable<Future<T>> list) => Call<TResult>(call, Arg.Of(list));

    /// <inheritdoc cref="Submit{T, TResult}(Func{T[], TResult}, IEnumerable{Future{T}})"/>
    [OverloadResolutionPriority(1)]
    public Future<TResult> Submit<T, T2, TResult>(Func<T[], T2, Task<TResult>> call, IEnumerable<Future<T>> list, T2 b) => Call<TResult>(call, Arg.Of(list), Arg.Of(b));

    /// <inheritdoc cref="Submit{T, TResult}(Func{T[], TResult}, IEnumerable{Future{T}})"/>
    [OverloadResolutionPriority(2)]
    public Future<TResult> Submit<T, T2, TResult>(Func<T[], T2, Task<TResult>> call, IEnumerable<Future<T>> list, Future<T2> b) => Call<TResult>(call, Arg.Of(list), Arg.Of(b));
}
