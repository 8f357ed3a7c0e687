using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask;

/// <summary>
/// A value that will be computed from others when it is asked for: a call that was written down instead of made.
/// See <see cref="Call{T1, TResult}(Func{T1, TResult}, T1, bool)"/>.
/// </summary>
/// <remarks>
/// A call is impure unless it says <c>pure: true</c>: made twice, it runs twice. A pure one is named by its function and
/// arguments, so that equal calls are one task.
/// </remarks>
public abstract partial class Delayed : ITokenized
{
    private protected Delayed(TaskNode node, Delayed[] inputs, TaskGraph upstream)
    {
        Node = node;
        Inputs = inputs;
        Upstream = upstream;
    }

    /// <summary>The name of the value.</summary>
    public TaskKey Key => Node.Key;

    string ITokenized.Token => Key.ToString();

    internal TaskNode Node { get; }

    /// <summary>The delayed values among the node's dependencies.</summary>
    internal Delayed[] Inputs { get; }

    /// <summary>Where further dependencies come from, or this value itself once it is persisted.</summary>
    internal TaskGraph Upstream { get; }

    /// <summary>The graph of everything that some values are made from.</summary>
    public static TaskGraph ToGraph(params ReadOnlySpan<Delayed> values)
    {
        // Two walks: layers of upstream graphs must be there before the nodes that depend on them.
        var seen = new HashSet<TaskKey>();
        var found = new List<Delayed>();
        var open = new Stack<Delayed>();
        var upstream = TaskGraph.Empty;
        foreach (var value in values)
        {
            open.Push(value);
        }

        while (open.TryPop(out var value))
        {
            if (seen.Add(value.Key))
            {
                found.Add(value);
                upstream = TaskGraph.Merge(upstream, value.Upstream);
                Array.ForEach(value.Inputs, open.Push);
            }
        }

        var builder = new TaskGraphBuilder(upstream);
        foreach (var value in found)
        {
            if (upstream.Find(value.Key.Layer) is null)
            {
                builder.Add(value.Node);
            }
        }

        return builder.Build();
    }

    /// <summary>Computes several values together: what they share is made once.</summary>
    /// <param name="values">What to compute.</param>
    /// <param name="scheduler">Default: <see cref="DaskScheduler.Default"/>.</param>
    /// <param name="cancellationToken">Stops the computation.</param>
    /// <returns>One value each, in the same order.</returns>
    public static Task<object?[]> ComputeAsync(IReadOnlyCollection<Delayed> values, IGraphScheduler? scheduler = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        Delayed[] all = [.. values];
        return (scheduler ?? DaskScheduler.Default).ComputeAsync(ToGraph(all), Array.ConvertAll(all, value => value.Key), cancellationToken);
    }

    /// <inheritdoc cref="ComputeAsync(IReadOnlyCollection{Delayed}, IGraphScheduler?, CancellationToken)"/>
    public static async Task<T[]> ComputeAsync<T>(IReadOnlyCollection<Delayed<T>> values, IGraphScheduler? scheduler = null, CancellationToken cancellationToken = default) =>
        Array.ConvertAll(await ComputeAsync((IReadOnlyCollection<Delayed>)values, scheduler, cancellationToken), Typed<T>);

    /// <inheritdoc/>
    public override string ToString() => $"Delayed {Key}";

    // Where the type was only promised: Invoke, and lists of lists.
    private protected static T Typed<T>(object? value) =>
        value is T typed ? typed
        : value is null && default(T) is null ? default!
        : throw new InvalidCastException($"The delayed value was declared as {typeof(T)}, but is {(value is null ? "null" : $"a {value.GetType()}")}. Name that type where it is made.");
}

/// <summary>A value of type <typeparamref name="T"/> that will be computed when it is asked for.</summary>
public sealed class Delayed<T> : Delayed
{
    internal Delayed(TaskNode node, Delayed[] inputs, TaskGraph? upstream = null)
        : base(node, inputs, upstream ?? TaskGraph.Empty)
    {
    }

    /// <summary>Computes the value and what it is made from.</summary>
    /// <param name="scheduler">Default: <see cref="DaskScheduler.Default"/>, the client that is open, else the threads of this process.</param>
    /// <param name="cancellationToken">Stops the computation.</param>
    /// <exception cref="TaskFailedException">A call threw.</exception>
    public async Task<T> ComputeAsync(IGraphScheduler? scheduler = null, CancellationToken cancellationToken = default) =>
        Typed<T>((await (scheduler ?? DaskScheduler.Default).ComputeAsync(ToGraph(this), [Key], cancellationToken))[0]);

    /// <summary>Starts to compute the value and keeps it where it is made, on the cluster or here; calls on the result don't compute it again.</summary>
    /// <inheritdoc cref="ComputeAsync"/>
    public async Task<Delayed<T>> PersistAsync(IGraphScheduler? scheduler = null, CancellationToken cancellationToken = default)
    {
        var persisted = await (scheduler ?? DaskScheduler.Default).PersistAsync(ToGraph(this), [Key], cancellationToken);
        return new Delayed<T>(persisted.Graph[Key], [], persisted.Graph) { Persisted = persisted };
    }

    /// <summary>Keeps a persisted value alive as long as this is.</summary>
    internal PersistedGraph? Persisted { get; private init; }
}
