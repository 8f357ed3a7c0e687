namespace Orleans.Dask.Arrays;

/// <summary>Puts a <see cref="TileProgram"/> together; a step that is there already is not added twice.</summary>
internal sealed class ProgramBuilder(int rank)
{
    private readonly List<Instruction> _code = [];
    private readonly Dictionary<string, int> _known = new(StringComparer.Ordinal);

    public int Count => _code.Count;

    public DType TypeOf(int register) => _code[register].Type;

    public int Load(int leaf, DType type, int[] axes) =>
        Add($"load {leaf} {string.Join(',', axes)}", () => new Instruction(TileStep.Load, type, []) { Leaf = leaf, Axes = axes });

    public int Constant(DType type, object value) =>
        Add(FormattableString.Invariant($"constant {type} {value:R}"), () => new Instruction(TileStep.Constant, type, []) { Value = value });

    public int Source(PositionSource source) =>
        Add("source " + source.Token, () => new Instruction(TileStep.Source, source.Type, []) { Value = source });

    /// <summary>A function by name, with its arguments converted to the type it works in.</summary>
    public int Call(string name, params int[] arguments)
    {
        var ufunc = Ufuncs.Find(name);
        var loop = ufunc.LoopType(Array.ConvertAll(arguments, TypeOf));
        var inputs = Array.ConvertAll(arguments, a => Cast(a, loop));
        return Add($"{name} {string.Join(',', inputs)}", () => new Instruction(TileStep.Call, ufunc.ResultType(loop), inputs) { Name = name, Loop = loop });
    }

    public int Cast(int register, DType type) => TypeOf(register) == type ? register
        : Add($"cast {register} {type}", () => new Instruction(TileStep.Cast, type, [register]));

    public int Where(int condition, int x, int y)
    {
        var type = DTypes.Promote(TypeOf(x), TypeOf(y));
        int[] inputs = [Cast(condition, DType.Bool), Cast(x, type), Cast(y, type)];
        return Add($"where {string.Join(',', inputs)}", () => new Instruction(TileStep.Where, type, inputs));
    }

    public int Custom(TileKernel kernel, DType type, string token, params int[] inputs) =>
        Add($"custom {token} {string.Join(',', inputs)}", () => new Instruction(TileStep.Custom, type, inputs) { Value = kernel });

    /// <summary>The program whose result is one register; steps that it doesn't need are left out.</summary>
    public TileProgram Build(int result)
    {
        var needed = new bool[_code.Count];
        needed[result] = true;
        for (var i = result; i >= 0; i--)
        {
            if (needed[i])
            {
                foreach (var input in _code[i].Inputs)
                {
                    needed[input] = true;
                }
            }
        }

        var places = new int[_code.Count];
        var code = new List<Instruction>();
        for (var i = 0; i <= result; i++)
        {
            if (needed[i])
            {
                places[i] = code.Count;
                var step = _code[i];
                code.Add(new Instruction(step.Step, step.Type, Array.ConvertAll(step.Inputs, k => places[k]))
                {
                    Name = step.Name,
                    Loop = step.Loop,
                    Leaf = step.Leaf,
                    Axes = step.Axes,
                    Value = step.Value,
                });
            }
        }

        return new TileProgram(rank, [.. code]);
    }

    private int Add(string key, Func<Instruction> make)
    {
        if (!_known.TryGetValue(key, out var register))
        {
            register = _known[key] = _code.Count;
            _code.Add(make());
        }

        return register;
    }
}
