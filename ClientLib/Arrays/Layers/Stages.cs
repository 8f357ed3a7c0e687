using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Spilling;

namespace Orleans.Dask.Arrays;

/// <summary>The layers of one operation that takes several steps, written one after the other under one token.</summary>
internal sealed class Stages
{
    private readonly string _label;
    private readonly string _token;

    /// <param name="label">In keys.</param>
    /// <param name="token">What, besides the inputs, the values depend on.</param>
    /// <param name="inputs">Where blocks come from.</param>
    public Stages(string label, object? token, params SourceRecipe[] inputs)
    {
        _label = label;
        _token = ArrayToken.Of(label, token, inputs.Select(i => i.Layer), inputs.Select(i => i.Chunks));
        Graph = TaskGraph.Merge([.. inputs.Select(i => i.Graph)]);
    }

    public TaskGraph Graph { get; private set; }

    /// <summary>A step of like tasks.</summary>
    /// <param name="step">Its part of the name.</param>
    /// <param name="count">How many tasks.</param>
    /// <param name="from">The layers it takes values of.</param>
    /// <param name="kernel">Takes the values and the task's constants. It captures nothing that does not travel.</param>
    /// <param name="needs">Per task, whose values it takes.</param>
    /// <param name="constants">Per task, numbers of its own.</param>
    /// <param name="takesSpilled">As <see cref="ITakesSpilled"/>.</param>
    /// <returns>The name of the layer.</returns>
    public string Add(string step, int count, string[] from, Func<object?[], long[], object?> kernel, Func<int, TaskKey[]> needs, Func<int, long[]>? constants = null, bool takesSpilled = false)
    {
        var name = $"{_label}-{step}-{_token}";
        var function = new StageFunction($"{_label}-{step}", kernel, takesSpilled);
        Graph = Graph.With(new BlockLayer(name, count, [.. from.Distinct()], index =>
        {
            var keys = needs(index);
            return new CallNode(new TaskKey(name, index), function, keys, [constants?.Invoke(index) ?? [], new InputList(0, keys.Length)]);
        }));
        return name;
    }

    /// <summary>A step that calls user code.</summary>
    public string AddUser(string step, int count, string[] from, Func<NDArray[], NDArray[]> kernel, Func<int, TaskKey[]> needs)
    {
        var name = $"{_label}-{step}-{_token}";
        var function = User($"{_label}-{step}", kernel);
        Graph = Graph.With(new BlockLayer(name, count, [.. from.Distinct()], index => new CallNode(new TaskKey(name, index), function, needs(index))));
        return name;
    }

    private static KernelFunction User(string name, Func<NDArray[], NDArray[]> kernel) => new(name, arguments => kernel(Array.ConvertAll(arguments, a => (NDArray)a!)));

    /// <summary>A layer of this graph as an array.</summary>
    public SourceRecipe Result(DType type, long[][] chunks, string layer) => new(type, chunks, layer, Graph);
}

/// <summary>A step's kernel as a task; ours, never user code. Arguments: the task's constants, the values.</summary>
internal sealed class StageFunction(string name, Func<object?[], long[], object?> kernel, bool takesSpilled = false) : TaskFunction, ILending, ITakesSpilled
{
    public override string Name => name;

    public bool Lends => true;

    public bool TakesSpilled => takesSpilled;

    public override ValueTask<object?> InvokeAsync(object?[] arguments, in TaskContext context) =>
        new(kernel((object?[])arguments[1]!, (long[])arguments[0]!));
}
