namespace Orleans.Dask.Grains.Interfaces;

/// <summary>
/// One value of a graph, and how it comes to be. Immutable; four kinds:
/// <see cref="DataNode"/>, <see cref="CallNode"/>, <see cref="AliasNode"/>, <see cref="FutureNode"/>.
/// </summary>
public abstract class TaskNode
{
    private protected TaskNode(TaskKey key, TaskKey[] dependencies)
    {
        Key = key;
        DependencyArray = dependencies;
    }

    /// <summary>The name of the value.</summary>
    public TaskKey Key { get; }

    /// <summary>The values it is made from, in the order in which its function takes them; a key may stand there twice.</summary>
    public ReadOnlySpan<TaskKey> Dependencies => DependencyArray;

    internal TaskKey[] DependencyArray { get; }

    /// <inheritdoc/>
    public override string ToString() => Key.ToString();
}

/// <summary>A value that is already there.</summary>
/// <param name="key">Its name.</param>
/// <param name="value">The value, never changed afterwards.</param>
public sealed class DataNode(TaskKey key, object? value) : TaskNode(key, [])
{
    /// <summary>The value.</summary>
    public object? Value { get; } = value;
}

/// <summary>A second name for a value.</summary>
/// <param name="key">The name.</param>
/// <param name="target">The value meant.</param>
public sealed class AliasNode(TaskKey key, TaskKey target) : TaskNode(key, [target])
{
    /// <summary>The value meant.</summary>
    public TaskKey Target => DependencyArray[0];
}

/// <summary>A value that the session's cluster holds or makes already: the graph takes it from there.</summary>
/// <param name="key">Its name there.</param>
public sealed class FutureNode(TaskKey key) : TaskNode(key, []);

/// <summary>A function and what it is called with: a black box to whoever schedules it.</summary>
public sealed class CallNode : TaskNode
{
    /// <summary>A call whose arguments are its dependencies, in their order.</summary>
    /// <param name="key">Name of the result.</param>
    /// <param name="function">What to call; shared by like tasks, so that it is encoded once for all of them.</param>
    /// <param name="dependencies">The values it takes.</param>
    public CallNode(TaskKey key, TaskFunction function, params TaskKey[] dependencies)
        : base(key, dependencies)
    {
        Function = function;
    }

    /// <summary>A call with constants among its arguments.</summary>
    /// <param name="key">Name of the result.</param>
    /// <param name="function">What to call.</param>
    /// <param name="dependencies">The values it takes.</param>
    /// <param name="arguments">
    /// Constants, and <see cref="Input"/> or <see cref="InputList"/> where values of <paramref name="dependencies"/> belong.
    /// Null: the dependencies themselves.
    /// </param>
    public CallNode(TaskKey key, TaskFunction function, TaskKey[] dependencies, object?[]? arguments)
        : base(key, dependencies)
    {
        Function = function;
        Arguments = arguments;
    }

    /// <summary>What is called.</summary>
    public TaskFunction Function { get; }

    /// <summary>Constants and places of dependencies; null where the arguments are the dependencies.</summary>
    public object?[]? Arguments { get; }
}

/// <summary>In <see cref="CallNode.Arguments"/>: the value of one dependency.</summary>
/// <param name="Index">Its place in the node's dependencies.</param>
public sealed record Input(int Index)
{
    private static readonly Input[] s_shared = [.. Enumerable.Range(0, 64).Select(i => new Input(i))];

    /// <summary>The place of dependency <paramref name="index"/>, shared for small ones.</summary>
    public static Input At(int index) => index < s_shared.Length ? s_shared[index] : new Input(index);
}

/// <summary>In <see cref="CallNode.Arguments"/>: the values of consecutive dependencies, handed over as an <c>object?[]</c>.</summary>
/// <param name="Start">Place of the first.</param>
/// <param name="Count">How many.</param>
public sealed record InputList(int Start, int Count);

/// <summary>Puts the values of a call's dependencies where its arguments name them.</summary>
public static class TaskArguments
{
    /// <summary>The arguments to call with: <paramref name="inputs"/> themselves where there is no <paramref name="template"/>.</summary>
    /// <param name="template">As <see cref="CallNode.Arguments"/>.</param>
    /// <param name="inputs">Values of the dependencies, in their order.</param>
    public static object?[] Fill(object?[]? template, object?[] inputs)
    {
        if (template is null)
        {
            return inputs;
        }

        var arguments = new object?[template.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            arguments[i] = template[i] switch
            {
                Input place => inputs[place.Index],
                InputList places => inputs[places.Start..(places.Start + places.Count)],
                var constant => constant,
            };
        }

        return arguments;
    }
}
