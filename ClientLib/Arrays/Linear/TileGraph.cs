using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Arrays;

/// <summary>
/// The tasks of a blocked algorithm, written in the order a textbook has them: <c>a[i, j] = tiles.Call("update", …, a[i, j], l, u)</c>.
/// Every task takes a few tiles and makes one, so a matrix need never be in one place.
/// </summary>
internal sealed class TileGraph
{
    private readonly string _label;
    private readonly string _token;
    private readonly TaskGraphBuilder _builder;
    private readonly Dictionary<string, StageFunction> _functions = new(StringComparer.Ordinal);
    private TaskGraph? _graph;

    public TileGraph(string label, object? token, params SourceRecipe[] inputs)
    {
        _label = label;
        _token = ArrayToken.Of(label, token, inputs.Select(i => i.Layer));
        _builder = new TaskGraphBuilder(TaskGraph.Merge([.. inputs.Select(i => i.Graph)]));
    }

    /// <summary>One task.</summary>
    /// <param name="step">What it does; tasks of a step share their kernel.</param>
    /// <param name="kernel">Takes the tiles and the numbers. Captures nothing.</param>
    /// <param name="needs">The tiles.</param>
    /// <param name="numbers">What else it must know.</param>
    public TaskKey Call(string step, Func<object?[], long[], object?> kernel, TaskKey[] needs, params long[] numbers)
    {
        if (!_functions.TryGetValue(step, out var function))
        {
            _functions.Add(step, function = new StageFunction($"{_label}-{step}", kernel));
        }

        var key = new TaskKey($"{_label}-tile-{_token}", _builder.Count);
        _builder.Add(new CallNode(key, function, needs, [numbers, new InputList(0, needs.Length)]));
        return key;
    }

    /// <summary>A tile of zeros.</summary>
    public TaskKey Zero<T>(long rows, long columns)
        where T : unmanaged => Call("zero", static (_, n) => NDArray.Zeros<T>((int)n[0], (int)n[1]), [], rows, columns);

    /// <summary>Tiles as an array; no more tasks can be written then.</summary>
    /// <param name="part">Its name among the answers.</param>
    /// <param name="type">Of the elements.</param>
    /// <param name="chunks">Sizes of the tiles, as many as there are.</param>
    /// <param name="tiles">The tiles, by row.</param>
    public SourceRecipe Result(string part, DType type, long[][] chunks, IEnumerable<TaskKey> tiles)
    {
        _graph ??= _builder.Build();
        TaskKey[] keys = [.. tiles];
        var name = $"{_label}-{part}-{_token}";
        return new SourceRecipe(type, chunks, name, _graph.With(new BlockLayer(name, keys.Length, [.. keys.Select(k => k.Layer).Distinct()], i => new AliasNode(new TaskKey(name, i), keys[i]))));
    }

    /// <summary>The blocks of a matrix.</summary>
    public static TaskKey[,] Of(SourceRecipe matrix)
    {
        var tiles = new TaskKey[matrix.Chunks[0].Length, matrix.Chunks[1].Length];
        for (var i = 0; i < tiles.GetLength(0); i++)
        {
            for (var j = 0; j < tiles.GetLength(1); j++)
            {
                tiles[i, j] = matrix.Key([i, j]);
            }
        }

        return tiles;
    }

    /// <summary>All tiles of a step's answer, by row.</summary>
    public static IEnumerable<TaskKey> All(TaskKey[,] tiles) => tiles.Cast<TaskKey>();
}
