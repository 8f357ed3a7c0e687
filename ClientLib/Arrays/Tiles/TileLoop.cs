using System.Buffers;

namespace Orleans.Dask.Arrays;

/// <summary>The loops of one evaluation, over tiles that are cut from panels.</summary>
internal unsafe ref struct TileLoop
{
    private const int TileElements = 1024;
    private const int PlainElements = 8192;

    private readonly Instruction[] _code;
    private readonly TileProgram.Prepared _ready;
    private readonly TileSink _sink;
    private readonly ReadOnlySpan<long> _origin;
    private readonly int _sourceRank;
    private readonly int _rank;
    private readonly int[] _position;   // along the axes before the last two
    private readonly long _sinkRow;
    private readonly long _sinkColumn;
    private long _sinkBase;
    private byte** _registers;
    private byte** _rooms;
    private TileLoad* _loads;

    private TileLoop(TileProgram program, Walk walk, ReadOnlySpan<long> origin, TileSink sink)
    {
        (_code, _ready, _sink) = (program.Code, program.Ready, sink);
        _origin = origin;
        (_sourceRank, _rank, _position) = (program.Rank, walk.Rank, new int[Math.Max(0, walk.Rank - 2)]);
        (_sinkRow, _sinkColumn) = Last(walk.Steps[^1]);
    }

    public static void Run(TileProgram program, ReadOnlySpan<NDArray> leaves, MemoryHandle[] pins, Walk walk, ReadOnlySpan<long> origin, TileSink sink, TileArena arena)
    {
        var (code, ready) = (program.Code, program.Ready);
        var columns = walk.Rank > 0 ? walk.Shape[^1] : 1;
        var rows = walk.Rank > 1 ? walk.Shape[^2] : 1;
        var loads = stackalloc TileLoad[code.Length];
        var turned = 0;
        for (var i = 0; i < code.Length; i++)
        {
            if (code[i].Step == TileStep.Load)
            {
                var (rowStep, columnStep) = Last(walk.Steps[i]);
                loads[i] = new TileLoad(rowStep, columnStep, code[i].Type.Size()) { IsTurned = rows > 1 && columns > 1 && TurnedPanel.Pays(rowStep, columnStep) };
                turned += loads[i].IsTurned ? 1 : 0;
            }
        }

        var panel = new TurnedPanel(rows, columns, turned);
        var (tileRows, tileColumns) = turned > 0 ? (1, panel.Columns) : TileShape(code, rows, columns);

        // Room for the tile of every slot, and for every panel.
        var tileLength = tileRows * tileColumns;
        var offsets = stackalloc int[ready.SlotSizes.Length];
        var bytes = 0;
        for (var slot = 0; slot < ready.SlotSizes.Length; slot++)
        {
            offsets[slot] = bytes;
            bytes += ((tileLength * ready.SlotSizes[slot]) + 127) & ~63;
        }

        var room = arena.Room(Math.Max(bytes + (turned * panel.Bytes), 64));
        var registers = stackalloc byte*[code.Length];
        var rooms = stackalloc byte*[code.Length];
        for (int i = 0, panels = 0; i < code.Length; i++)
        {
            registers[i] = rooms[i] = room + offsets[ready.Slots[i]];
            if (code[i].Step == TileStep.Constant)
            {
                Constants.Fill(code[i].Type, code[i].Value!, registers[i], tileLength);
            }

            if (loads[i].IsTurned)
            {
                loads[i].Panel = room + bytes + (panels++ * panel.Bytes);
            }
        }

        var loop = new TileLoop(program, walk, origin, sink) { _registers = registers, _rooms = rooms, _loads = loads };
        var outer = walk.Shape.AsSpan(0, Math.Max(0, walk.Rank - 2));
        var panelRows = turned > 0 ? TurnedPanel.Rows : tileRows;
        do
        {
            loop.Enter(walk, leaves, pins, tileLength);
            for (var top = 0; top < rows; top += panelRows)
            {
                var bottom = Math.Min(top + panelRows, rows);
                for (var column = 0; column < columns; column += tileColumns)
                {
                    var width = Math.Min(tileColumns, columns - column);
                    for (var i = 0; turned > 0 && i < code.Length; i++)
                    {
                        if (loads[i].IsTurned)
                        {
                            loads[i].Turn(top, column, bottom - top, width, panel.Stride(loads[i].Size));
                        }
                    }

                    for (var row = top; row < bottom; row += tileRows)
                    {
                        for (var i = 0; turned > 0 && row + 1 < bottom && i < code.Length; i++)
                        {
                            if (code[i].Step == TileStep.Load)
                            {
                                loads[i].Prefetch(row + 1, column, width);
                            }
                        }

                        loop.Tile(row, column, Math.Min(tileRows, bottom - row), width, row - top);
                    }
                }
            }
        }
        while (Walk.Next(loop._position, outer));
    }

    private static (long Row, long Column) Last(int[] steps) => (steps.Length > 1 ? steps[^2] : 0, steps.Length > 0 ? steps[^1] : 0);

    private static (int Rows, int Columns) TileShape(Instruction[] code, int rows, int columns)
    {
        var elements = code.Length == 1 && code[0].Step == TileStep.Load ? PlainElements : TileElements;
        var width = Math.Min(columns, elements);
        return (width == columns ? Math.Clamp(elements / width, 1, rows) : 1, width);
    }

    private readonly long Offset(int[] steps)
    {
        long offset = 0;
        for (var axis = 0; axis < _position.Length; axis++)
        {
            offset += (long)_position[axis] * steps[axis];
        }

        return offset;
    }

    /// <summary>Goes to one position of the axes before the last two.</summary>
    private void Enter(Walk walk, ReadOnlySpan<NDArray> leaves, MemoryHandle[] pins, int tileLength)
    {
        _sinkBase = Offset(walk.Steps[^1]);
        for (var i = 0; i < _code.Length; i++)
        {
            if (_code[i].Step != TileStep.Load)
            {
                continue;
            }

            ref var load = ref _loads[i];
            load.From = (byte*)pins[_code[i].Leaf].Pointer + ((leaves[_code[i].Leaf].Offset + Offset(walk.Steps[i])) * load.Size);
            if (load.IsSingle)
            {
                // One value for the whole tile, and for all tiles.
                StridedCopy.Tile(load.From, 0, 0, _rooms[i], tileLength, 1, 1, tileLength, load.Size);
                _registers[i] = _rooms[i];
            }
        }
    }

    private void Tile(int row, int column, int height, int width, int panelRow)
    {
        var sinkOffset = _sinkBase + (row * _sinkRow) + (column * _sinkColumn);
        var inputs = stackalloc byte*[4];
        for (var i = 0; i < _code.Length; i++)
        {
            var step = _code[i];
            switch (step.Step)
            {
                case TileStep.Constant:
                    break;
                case TileStep.Load:
                    if (!_loads[i].IsSingle)
                    {
                        _registers[i] = _loads[i].Tile(row, column, height, width, panelRow, _rooms[i]);
                    }

                    break;
                case TileStep.Source:
                    Fill((PositionSource)step.Value!, _registers[i], row, column, height, width);
                    break;
                default:
                    for (var k = 0; k < step.Inputs.Length; k++)
                    {
                        inputs[k] = _registers[step.Inputs[k]];
                    }

                    if (i == _code.Length - 1)
                    {
                        var direct = _sink.Direct(sinkOffset, height, width, _sinkRow, _sinkColumn);
                        _registers[i] = direct != null ? direct : _rooms[i];
                    }

                    _ready.Kernels[i]!.Run(inputs, _registers[i], height * width);
                    break;
            }
        }

        _sink.Take(_registers[_code.Length - 1], sinkOffset, height, width, _sinkRow, _sinkColumn);
    }

    private readonly void Fill(PositionSource source, byte* target, int row, int column, int height, int width)
    {
        Span<long> place = stackalloc long[_sourceRank];
        for (var axis = 0; axis < place.Length; axis++)
        {
            place[axis] = (_origin.IsEmpty ? 0 : _origin[axis])
                + (axis == _rank - 1 ? column : axis == _rank - 2 ? row : _position[axis]);
        }

        for (var r = 0; r < height; r++)
        {
            source.Fill(target + ((long)r * width * source.Type.Size()), place, width);
            if (_rank > 1)
            {
                place[_rank - 2]++;
            }
        }
    }
}
