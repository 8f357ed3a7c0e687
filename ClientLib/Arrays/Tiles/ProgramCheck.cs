namespace Orleans.Dask.Arrays;

/// <summary>
/// Whether pointers may follow a <see cref="TileProgram"/>: every step reads registers filled before it, as the types they have,
/// so that each kernel finds runs as long as it walks. What it says of the blocks it takes is held against them when it runs.
/// </summary>
internal static class ProgramCheck
{
    private const int MostAxes = 64;
    private const int MostSteps = 4_096;
    private const int MostLeaves = 4_096;

    /// <exception cref="ArgumentException">Names the step and what is wrong with it.</exception>
    public static void Require(int rank, Instruction[] code)
    {
        if (rank is < 0 or > MostAxes || code is not { Length: > 0 and <= MostSteps })
        {
            throw new ArgumentException($"It has {rank} axes and {code?.Length ?? 0} steps; expected 0 to {MostAxes} axes and 1 to {MostSteps} steps.");
        }

        for (var i = 0; i < code.Length; i++)
        {
            if (Wrong(rank, code, i) is { } wrong)
            {
                throw new ArgumentException($"Step {i} of {code.Length} {wrong}.");
            }
        }
    }

    private static string? Wrong(int rank, Instruction[] code, int place)
    {
        if (code[place] is not { Inputs: { } inputs } step || !Enum.IsDefined(step.Step) || !Enum.IsDefined(step.Type))
        {
            return "is incomplete, or of a kind that does not exist";
        }

        foreach (var input in inputs)
        {
            if ((uint)input >= (uint)place)
            {
                return $"({step.Step}) reads register {input}; only those before it are filled";
            }
        }

        return step.Step switch
        {
            TileStep.Load => Load(rank, step),
            TileStep.Constant => Takes(code, step) ?? (step.Value?.GetType() == step.Type.ClrType() ? null : $"is a constant of type {step.Type} whose value is {Name(step.Value)}"),
            TileStep.Source => Takes(code, step) ?? (step.Value is PositionSource source && source.Type == step.Type ? null : $"is a source of type {step.Type} whose values come from {Name(step.Value)}"),
            TileStep.Call => Call(code, step),
            TileStep.Cast => inputs.Length == 1 ? null : $"converts {inputs.Length} registers instead of one",
            TileStep.Where => Takes(code, step, DType.Bool, step.Type, step.Type),
            _ => step.Value is CustomKernel kernel
                ? Takes(code, step, kernel.Inputs) ?? (kernel.Output == step.Type ? null : $"makes {kernel.Output} where {step.Type} is announced")
                : $"calls {Name(step.Value)}, which is no kernel that may be carried along",
        };
    }

    private static string? Load(int rank, Instruction step) =>
        step.Inputs.Length > 0 ? $"loads a block and reads {step.Inputs.Length} registers"
        : step.Leaf is < 0 or >= MostLeaves ? $"loads block {step.Leaf}; there are at most {MostLeaves}"
        : step.Axes?.Length != rank || Array.Exists(step.Axes, axis => axis is < -1 or >= MostAxes) ? $"loads block {step.Leaf} along {step.Axes?.Length ?? 0} axes; expected {rank}, each -1 or an axis of the block"
        : null;

    private static string? Call(Instruction[] code, Instruction step)
    {
        if (step.Name is null || !Ufuncs.TryFind(step.Name, out var function) || !function.Has(step.Loop))
        {
            return $"calls '{step.Name}' for {step.Loop}, which does not exist";
        }

        var types = new DType[function.Arity];
        Array.Fill(types, step.Loop);
        return Takes(code, step, types) ?? (function.ResultType(step.Loop) == step.Type ? null : $"calls '{step.Name}', which makes {function.ResultType(step.Loop)} and not {step.Type}");
    }

    private static string? Takes(Instruction[] code, Instruction step, params DType[] types)
    {
        var found = Array.ConvertAll(step.Inputs, input => code[input].Type);
        return found.AsSpan().SequenceEqual(types) ? null : $"({step.Step}) reads registers of type ({string.Join(", ", found)}) where ({string.Join(", ", types)}) is expected";
    }

    private static string Name(object? value) => value is null ? "null" : $"a {value.GetType().Name}";
}
