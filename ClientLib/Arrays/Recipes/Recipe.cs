using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Arrays;

/// <summary>
/// How a chunked array comes to be: blocks that a graph names (<see cref="SourceRecipe"/>), or an elementwise expression
/// over others (<see cref="ElementRecipe"/>, <see cref="AxesRecipe"/>). Expressions stay trees until something needs
/// their blocks, so that a chain becomes one task per block.
/// </summary>
internal abstract class Recipe(DType type, long[][] chunks)
{
    public DType Type { get; } = type;

    /// <summary>Per axis the lengths of its chunks; -1 where one is not known.</summary>
    public long[][] Chunks { get; } = chunks;

    /// <summary>Length of each axis; -1 where it is not known.</summary>
    public long[] Shape { get; } = Array.ConvertAll(chunks, sizes => Array.Exists(sizes, s => s < 0) ? Shapes.Unknown : sizes.Sum());

    public int Rank => Chunks.Length;

    /// <summary>Name of the content.</summary>
    public abstract string Token { get; }

    /// <summary>What people see in keys.</summary>
    public abstract string Label { get; }

    /// <summary>How many steps a program of it would have, at most.</summary>
    public abstract int Weight { get; }

    /// <summary>True where values depend on their position, so that axes can't be renamed in place.</summary>
    public abstract bool HasSources { get; }

    /// <summary>True when every length is known.</summary>
    public bool IsKnown => Array.TrueForAll(Shape, s => s >= 0);

    /// <summary>Its blocks as values of a graph.</summary>
    public SourceRecipe Materialize() => this as SourceRecipe ?? (_source ??= Blockwise.Lower(this));

    private SourceRecipe? _source;
}

/// <summary>Blocks that are values of a graph: index i of the layer is block i in row-major order.</summary>
[PayloadCodec(typeof(LeftBehindCodec<SourceRecipe>))]
internal sealed class SourceRecipe(DType type, long[][] chunks, string layer, TaskGraph graph) : Recipe(type, chunks)
{
    public string Layer { get; } = layer;

    public TaskGraph Graph { get; } = graph;

    public override string Token => Layer;

    public override string Label => Layer.LastIndexOf('-') is > 0 and var end ? Layer[..end] : Layer;

    public override int Weight => 1;

    public override bool HasSources => false;

    public BlockGrid Grid => _grid ??= new BlockGrid(Chunks);

    private BlockGrid? _grid;

    public TaskKey Key(int block) => new(Layer, block);

    public TaskKey Key(ReadOnlySpan<int> position) => new(Layer, Grid.Index(position));
}

/// <summary>One elementwise step; its inputs have its shape and chunks.</summary>
[PayloadCodec(typeof(LeftBehindCodec<ElementRecipe>))]
internal sealed class ElementRecipe(TileStep step, DType type, long[][] chunks, Recipe[] inputs, string? name = null, object? value = null, string? token = null)
    : Recipe(type, chunks)
{
    public TileStep Step { get; } = step;

    public Recipe[] Inputs { get; } = inputs;

    public string? Name { get; } = name;

    public object? Value { get; } = value;

    public override string Token => _token ??= ArrayToken.Of([Step, Type, Name, token ?? (Step == TileStep.Source ? ((PositionSource)Value!).Token : Value), Inputs.Length == 0 ? Chunks : null, .. Inputs.Select(i => i.Token)]);

    private string? _token;

    public override string Label => Name ?? Step switch
    {
        TileStep.Cast => "astype",
        TileStep.Where => "where",
        TileStep.Constant => "full",
        TileStep.Custom => "map",
        _ => "source",
    };

    public override int Weight { get; } = 1 + inputs.Sum(i => i.Weight);

    public override bool HasSources { get; } = step == TileStep.Source || Array.Exists(inputs, i => i.HasSources);

    /// <summary>The same step over other inputs.</summary>
    public ElementRecipe With(long[][] newChunks, Recipe[] newInputs) => new(Step, Type, newChunks, newInputs, Name, Value, token);
}

/// <summary>The axes of another in a new order, some dropped (of length 1), some added or repeated.</summary>
/// <param name="input">The other.</param>
/// <param name="axes">Per axis of the result the axis of <paramref name="input"/>, or -1 where its values repeat.</param>
/// <param name="chunks">Of the result.</param>
[PayloadCodec(typeof(LeftBehindCodec<AxesRecipe>))]
internal sealed class AxesRecipe(Recipe input, int[] axes, long[][] chunks) : Recipe(input.Type, chunks)
{
    public Recipe Input { get; } = input;

    public int[] Axes { get; } = axes;

    public override string Token => _token ??= ArrayToken.Of("axes", Input.Token, Axes, Chunks);

    private string? _token;

    public override string Label => Input.Label;

    public override int Weight => Input.Weight;

    public override bool HasSources => Input.HasSources;
}
