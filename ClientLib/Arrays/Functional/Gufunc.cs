using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Arrays;

/// <summary>Functions of core axes, and arrays aligned by letters.</summary>
internal static class Gufunc
{
    public static Recipe Lower(string signature, Recipe[] inputs, DType type, IReadOnlyDictionary<string, long>? outputSizes, Func<NDArray[], NDArray> kernel) =>
        Lower(signature, inputs, [type], outputSizes, blocks => [kernel(blocks)])[0];

    /// <summary>One recipe per output; the function runs once for all of them.</summary>
    public static Recipe[] Lower(string signature, Recipe[] inputs, DType[] types, IReadOnlyDictionary<string, long>? outputSizes, Func<NDArray[], NDArray[]> kernel)
    {
        ArgumentNullException.ThrowIfNull(signature);
        var (cores, outputs) = Parse(signature, inputs.Length, types.Length);
        var sizes = outputSizes?.ToDictionary() ?? [];
        for (var i = 0; i < inputs.Length; i++)
        {
            if (inputs[i].Rank < cores[i].Length)
            {
                throw new AxisException($"'{signature}' asks {cores[i].Length} core axes of an array that has {inputs[i].Rank} axes.");
            }

            for (var k = 0; k < cores[i].Length; k++)
            {
                var length = inputs[i].Shape[inputs[i].Rank - cores[i].Length + k];
                if (sizes.TryGetValue(cores[i][k], out var other) && other != length)
                {
                    throw new ShapeException($"Core axis '{cores[i][k]}' of '{signature}' has lengths {other} and {length}. They must be equal.");
                }

                sizes[cores[i][k]] = length;
            }
        }

        var loop = Shapes.Broadcast([.. inputs.Select((x, i) => x.Shape[..^cores[i].Length])]);
        var chunks = new long[loop.Length][];
        for (var axis = 0; axis < loop.Length; axis++)
        {
            var parts = inputs.Select((x, i) => (x, Axis: axis - (loop.Length - (x.Rank - cores[i].Length)))).Where(p => p.Axis >= 0 && p.x.Shape[p.Axis] == loop[axis]).Select(p => p.x.Chunks[p.Axis]).ToArray();
            chunks[axis] = Unify.Common(parts, axis);
        }

        var sources = inputs.Select((x, i) =>
        {
            long[][] core = [.. x.Shape[(x.Rank - cores[i].Length)..].Select(l => new[] { l })];
            return Element.BroadcastTo(x, [.. loop, .. x.Shape[(x.Rank - cores[i].Length)..]], [.. chunks, .. core]).Materialize();
        }).ToArray();
        var stages = new Stages("apply-gufunc", ArrayToken.Unique(), sources);
        var grid = new BlockGrid(chunks);
        var all = stages.AddUser("call", grid.Count, [.. sources.Select(s => s.Layer)], kernel, block =>
            [.. sources.Select((s, i) => s.Key([.. grid.Position(block), .. cores[i].Select(_ => 0)]))]);
        return [.. outputs.Select((output, part) =>
        {
            long[][] result = [.. chunks, .. output.Select(name => sizes.TryGetValue(name, out var length) ? new[] { length }
                : throw new ShapeException($"Output axis '{name}' of '{signature}' has no length: no input has it. Pass outputSizes."))];
            var one = stages.Add($"{part}", grid.Count, [all], static (values, numbers) => ((NDArray[])values[0]!)[numbers[0]], block => [new TaskKey(all, block)], _ => [part]);
            return stages.Result(types[part], result, one);
        })];
    }

    /// <summary>An array with one axis per letter of the output; letters it lacks have length 1.</summary>
    public static Recipe Aligned(Recipe input, string letters, string output)
    {
        if (letters.Length != input.Rank)
        {
            throw new AxisException($"Letters '{letters}' for an array of {input.Rank} axes. Give one per axis.");
        }

        if (letters.FirstOrDefault(c => !output.Contains(c, StringComparison.Ordinal)) is var missing && missing != default)
        {
            throw new AxisException($"Letter '{missing}' stands in no axis of the output '{output}'. Sum or contract it with Einsum or TensorDot.");
        }

        int[] axes = [.. output.Select(c => letters.IndexOf(c, StringComparison.Ordinal))];
        return Element.Axes(input, axes, [.. axes.Select(a => a < 0 ? Shapes.One : input.Chunks[a])]);
    }

    private static (string[][] Inputs, string[][] Outputs) Parse(string signature, int inputs, int outputs)
    {
        var sides = signature.Replace(" ", "", StringComparison.Ordinal).Split("->");
        string[][] Groups(string side) => side.StartsWith('(') && side.EndsWith(')') ? [.. side[1..^1].Split("),(").Select(g => g.Split(',', StringSplitOptions.RemoveEmptyEntries))] : [];
        if (sides.Length != 2 || Groups(sides[0]).Length != inputs || Groups(sides[1]).Length != outputs)
        {
            throw new ArrayException($"'{signature}' is no signature of {inputs} inputs and {outputs} {(outputs == 1 ? "output" : "outputs")}. Write it such as \"(i),(i,j)->(j)\".");
        }

        return (Groups(sides[0]), Groups(sides[1]));
    }
}
