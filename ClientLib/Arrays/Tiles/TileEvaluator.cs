using System.Buffers;

namespace Orleans.Dask.Arrays;

/// <summary>
/// Runs a <see cref="TileProgram"/> over one block.
/// </summary>
/// <remarks>
/// The block is walked in tiles of about a thousand elements over its last two axes (after merging axes that all operands
/// walk as one). A leaf that lies packed within the tile is read in place; any other is first copied into a packed tile,
/// so every kernel sees dense runs:
/// <code>
///      x (rows)        x.T (columns)           per tile, all in the first-level cache:
///   ┌─────────┐       ┌──┬──┬────┐               t0 = load x            (in place or copied)
///   │  ▒▒     │       │  │▒ │    │               t1 = load x.T          (8 x 8 transposed in registers)
///   │  ▒▒     │       │  │▒ │    │               t2 = add t0 t1
///   └─────────┘       └──┴──┴────┘               sink: store, or fold into a reduction
/// </code>
/// </remarks>
internal static unsafe class TileEvaluator
{
    private const int TileElements = 1024;
    private const int PlainElements = 8192;
    private const int Square = 32;

    public static void Run(TileProgram program, ReadOnlySpan<NDArray> leaves, int[] shape, ReadOnlySpan<long> origin, TileSink sink)
    {
        foreach (var length in shape)
        {
            if (length == 0)
            {
                return;
            }
        }

        var code = program.Code;
        var ready = program.Ready;
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

            Loop(program, ready, leaves, pins, walk, origin, sink, arena);
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

    private static void Loop(TileProgram program, TileProgram.Prepared ready, ReadOnlySpan<NDArray> leaves, MemoryHandle[] pins, Walk walk, ReadOnlySpan<long> origin, TileSink sink, TileArena arena)
    {
        var code = program.Code;
        var rank = walk.Rank;
        var columns = rank > 0 ? walk.Shape[^1] : 1;
        var rows = rank > 1 ? walk.Shape[^2] : 1;
        var (tileRows, tileColumns) = TileShape(code, walk, rows, columns);

        // Room for every slot, then the tables of pointers.
        var tileLength = tileRows * tileColumns;
        var offsets = stackalloc int[ready.SlotSizes.Length];
        var bytes = 0;
        for (var slot = 0; slot < ready.SlotSizes.Length; slot++)
        {
            offsets[slot] = bytes;
            bytes += ((tileLength * ready.SlotSizes[slot]) + 127) & ~63;
        }

        var room = arena.Room(Math.Max(bytes, 64));
        var registers = stackalloc byte*[code.Length];
        var inputs = stackalloc byte*[4];
        for (var i = 0; i < code.Length; i++)
        {
            registers[i] = room + offsets[ready.Slots[i]];
            if (code[i].Step == TileStep.Constant)
            {
                Constants.Fill(code[i].Type, code[i].Value!, registers[i], tileLength);
            }
        }

        var outer = walk.Shape.AsSpan(0, Math.Max(0, rank - 2));
        Span<int> position = stackalloc int[outer.Length];
        position.Clear();
        Span<long> place = stackalloc long[program.Rank];
        var sinkRow = rank > 1 ? walk.Steps[^1][^2] : 0;
        var sinkColumn = rank > 0 ? walk.Steps[^1][^1] : 0;
        var first = true;
        do
        {
            for (var row = 0; row < rows; row += tileRows)
            {
                var height = Math.Min(tileRows, rows - row);
                for (var column = 0; column < columns; column += tileColumns)
                {
                    var width = Math.Min(tileColumns, columns - column);
                    var sinkOffset = Offset(walk.Steps[^1], position) + ((long)row * sinkRow) + ((long)column * sinkColumn);
                    for (var i = 0; i < code.Length; i++)
                    {
                        var step = code[i];
                        switch (step.Step)
                        {
                            case TileStep.Constant:
                                break;
                            case TileStep.Load:
                                var steps = walk.Steps[i];
                                var leaf = leaves[step.Leaf];
                                var size = step.Type.Size();
                                long rowStep = rank > 1 ? steps[^2] : 0, columnStep = rank > 0 ? steps[^1] : 0;
                                var from = (byte*)pins[step.Leaf].Pointer + ((leaf.Offset + Offset(steps, position) + (row * rowStep) + (column * columnStep)) * size);
                                if ((columnStep == 1 || width == 1) && (height == 1 || rowStep == width))
                                {
                                    registers[i] = from;
                                    break;
                                }

                                var copy = room + offsets[ready.Slots[i]];
                                registers[i] = copy;
                                if (rowStep != 0 || columnStep != 0 || first || outer.Length > 0)
                                {
                                    // A single value is spread over the whole tile, once.
                                    var (h, w) = rowStep == 0 && columnStep == 0 ? (1, tileLength) : (height, width);
                                    StridedCopy.Tile(from, rowStep, columnStep, copy, w, 1, h, w, size);
                                }

                                break;
                            case TileStep.Source:
                                Place(place, origin, position, row, column, rank);
                                for (var r = 0; r < height; r++)
                                {
                                    ((PositionSource)step.Value!).Fill(registers[i] + ((long)r * width * step.Type.Size()), place, width);
                                    if (rank > 1)
                                    {
                                        place[rank - 2]++;
                                    }
                                }

                                break;
                            default:
                                for (var k = 0; k < step.Inputs.Length; k++)
                                {
                                    inputs[k] = registers[step.Inputs[k]];
                                }

                                if (i == code.Length - 1)
                                {
                                    var direct = sink.Direct(sinkOffset, height, width, sinkRow, sinkColumn);
                                    registers[i] = direct != null ? direct : room + offsets[ready.Slots[i]];
                                }

                                ready.Kernels[i]!.Run(inputs, registers[i], height * width);
                                break;
                        }
                    }

                    first = false;
                    sink.Take(registers[code.Length - 1], sinkOffset, height, width, sinkRow, sinkColumn);
                }
            }
        }
        while (Walk.Next(position, outer));
    }

    private static (int Rows, int Columns) TileShape(Instruction[] code, Walk walk, int rows, int columns)
    {
        var elements = code.Length == 1 && code[0].Step == TileStep.Load ? PlainElements : TileElements;
        for (var i = 0; i < code.Length && walk.Rank > 1; i++)
        {
            if (code[i].Step == TileStep.Load && walk.Steps[i][^2] is var down && walk.Steps[i][^1] is var across
                && Math.Abs((long)across) > Math.Abs((long)down) && down != 0 && rows > 1 && columns > 1)
            {
                // Someone is walked against its grain: squares touch the fewest cache lines.
                return (Math.Min(rows, Square), Math.Min(columns, Square));
            }
        }

        var width = Math.Min(columns, elements);
        return (width == columns ? Math.Clamp(elements / width, 1, rows) : 1, width);
    }

    private static long Offset(int[] steps, ReadOnlySpan<int> position)
    {
        long offset = 0;
        for (var axis = 0; axis < position.Length; axis++)
        {
            offset += (long)position[axis] * steps[axis];
        }

        return offset;
    }

    private static void Place(Span<long> place, ReadOnlySpan<long> origin, ReadOnlySpan<int> position, int row, int column, int rank)
    {
        for (var axis = 0; axis < place.Length; axis++)
        {
            place[axis] = (origin.IsEmpty ? 0 : origin[axis])
                + (axis == rank - 1 ? column : axis == rank - 2 ? row : position[axis]);
        }
    }
}
