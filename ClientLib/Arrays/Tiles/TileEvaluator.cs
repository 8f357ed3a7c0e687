using System.Buffers;

namespace Orleans.Dask.Arrays;

/// <summary>
/// Runs a <see cref="TileProgram"/> over one block.
/// </summary>
/// <remarks>
/// The block is walked in tiles of about a thousand elements over its last two axes (after merging axes that all operands
/// walk as one). A leaf that lies packed within the tile is read in place; any other is first copied into a packed tile,
/// so every kernel sees dense runs. A leaf that is walked against its grain is turned by whole panels beforehand, 64 rows
/// that fit the second-level cache: its cache lines are then read one after the other, and all of each.
/// <code>
///      x (rows)        x.T (columns)           per panel: turn x.T           (8 x 8 in registers)
///   ┌─────────┐       ┌──┬──┬────┐             per tile, all in the first-level cache:
///   │ ▒▒▒▒    │       │  │▒ │    │               t0 = load x               (in place or copied)
///   │         │       │  │▒ │    │               t1 = load x.T             (a row of its panel)
///   │         │       │  │▒ │    │               t2 = add t0 t1
///   └─────────┘       └──┴──┴────┘               sink: store, or fold into a reduction
/// </code>
/// </remarks>
internal static class TileEvaluator
{
    public static void Run(TileProgram program, ReadOnlySpan<NDArray> leaves, int[] shape, ReadOnlySpan<long> origin, TileSink sink)
    {
        if (shape.AsSpan().Contains(0))
        {
            return;
        }

        var code = program.Code;
        Require(program, leaves, shape, origin, sink);
        var operands = new int[code.Length + 1][];
        var unused = new int[shape.Length];
        for (var i = 0; i < code.Length; i++)
        {
            operands[i] = code[i].Step == TileStep.Load ? LeafSteps(code[i], leaves[code[i].Leaf], shape) : unused;
        }

        operands[^1] = sink.Steps;
        var walk = program.HasSources ? new Walk(shape, operands) : Merge(shape, code, operands);
        var pins = new MemoryHandle[leaves.Length];
        var arena = TileArena.Rent();
        try
        {
            for (var i = 0; i < leaves.Length; i++)
            {
                pins[i] = leaves[i].Pin();
            }

            TileLoop.Run(program, leaves, pins, walk, origin, sink, arena);
        }
        finally
        {
            TileArena.Return(arena);
            foreach (var pin in pins)
            {
                pin.Dispose();
            }
        }
    }

    /// <summary>What the program says of its blocks must be so: from here on pointers follow it.</summary>
    private static void Require(TileProgram program, ReadOnlySpan<NDArray> leaves, int[] shape, ReadOnlySpan<long> origin, TileSink sink)
    {
        if (shape.Length != program.Rank || sink.Steps.Length != program.Rank || (!origin.IsEmpty && origin.Length != program.Rank))
        {
            throw new ShapeException($"A program for blocks of {program.Rank} axes met a block of {shape.Length}, at an origin of {origin.Length}, for a result of {sink.Steps.Length}.");
        }

        foreach (var step in program.Code)
        {
            if (step.Step != TileStep.Load)
            {
                continue;
            }

            if (step.Leaf >= leaves.Length)
            {
                throw new ShapeException($"A program takes {program.Leaves} blocks and was given {leaves.Length}.");
            }

            var leaf = leaves[step.Leaf];
            if (leaf.DType != step.Type || Array.Exists(step.Axes!, axis => axis >= leaf.Rank))
            {
                throw new DTypeException($"Block {step.Leaf} is of type {leaf.DType.Name()} and has {leaf.Rank} axes, but the program takes {step.Type.Name()} along axes {Strided.Text(step.Axes!)}. Was it made by another version of its array?");
            }
        }
    }

    private static Walk Merge(int[] shape, Instruction[] code, int[][] operands)
    {
        // Only loads and the sink have walks that limit the merging.
        var kept = Enumerable.Range(0, operands.Length).Where(i => i == code.Length || code[i].Step == TileStep.Load).ToArray();
        var merged = Walk.Merge(shape, [.. kept.Select(i => operands[i])]);
        var steps = new int[operands.Length][];
        for (var i = 0; i < kept.Length; i++)
        {
            steps[kept[i]] = merged.Steps[i];
        }

        return new Walk(merged.Shape, steps);
    }

    private static int[] LeafSteps(Instruction load, NDArray leaf, int[] shape)
    {
        var steps = new int[shape.Length];
        for (var axis = 0; axis < steps.Length; axis++)
        {
            var from = load.Axes![axis];
            steps[axis] = from < 0 || leaf.Dimensions[from] == 1 ? 0
                : leaf.Dimensions[from] == shape[axis] ? leaf.Steps[from]
                : throw new ShapeException($"A block of length {leaf.Dimensions[from]} met one of length {shape[axis]} along axis {axis}. Blocks of arrays of unknown chunk sizes must agree; call ComputeChunkSizesAsync first.");
        }

        return steps;
    }
}
