using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Orleans.Dask.Arrays;

/// <summary>How one leaf comes into tiles. Steps are in elements.</summary>
internal unsafe struct TileLoad(long rowStep, long columnStep, int size)
{
    internal const int CacheLine = 64;
    private readonly long _rowStep = rowStep;
    private readonly long _columnStep = columnStep;
    private int _stride;

    /// <summary>Bytes of an element.</summary>
    public int Size { get; } = size;

    /// <summary>The leaf's element at row 0 and column 0.</summary>
    public byte* From { get; set; }

    /// <summary>Walked against its grain, and so turned by the panel.</summary>
    public bool IsTurned { get; init; }

    /// <summary>Room for a panel, where it is turned.</summary>
    public byte* Panel { get; set; }

    /// <summary>One value, wherever one is.</summary>
    public readonly bool IsSingle => _rowStep == 0 && _columnStep == 0;

    /// <summary>Fills the panel.</summary>
    public void Turn(int row, int column, int height, int width, int stride)
    {
        _stride = stride;
        StridedCopy.Tile(At(row, column), _rowStep, _columnStep, Panel, stride, 1, height, width, Size);
    }

    /// <summary>Asks for a row that comes next: pieces of rows are too short for the processor to see where they lead.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Prefetch(int row, int column, int width)
    {
        if (IsTurned || _rowStep == 0 || _columnStep != 1 || !Sse.IsSupported)
        {
            return;
        }

        var from = At(row, column);
        for (var end = from + (width * Size); from < end; from += CacheLine)
        {
            Sse.Prefetch0(from);
        }
    }

    /// <summary>The packed tile: in the leaf, in the panel, or copied to the given room.</summary>
    public readonly byte* Tile(int row, int column, int height, int width, int panelRow, byte* room)
    {
        if (IsTurned)
        {
            return Panel + ((long)panelRow * _stride * Size);
        }

        var from = At(row, column);
        if ((_columnStep == 1 || width == 1) && (height == 1 || _rowStep == width))
        {
            return from;
        }

        StridedCopy.Tile(from, _rowStep, _columnStep, room, width, 1, height, width, Size);
        return room;
    }

    private readonly byte* At(int row, int column) => From + (((row * _rowStep) + (column * _columnStep)) * Size);
}

/// <summary>The rows and columns that are turned at once.</summary>
internal readonly struct TurnedPanel
{
    /// <summary>8 cache lines of doubles: what one row of the leaf gives before the next is opened.</summary>
    public const int Rows = 64;

    private const int AllBytes = 1 << 18;
    private const int WidestElement = 16;
    /// <param name="rows">Of the block.</param>
    /// <param name="columns">Of the block.</param>
    /// <param name="leaves">How many are turned.</param>
    public TurnedPanel(int rows, int columns, int leaves)
    {
        // Pieces of one width, in whole squares of 8.
        var most = AllBytes / (Rows * sizeof(double) * Math.Max(1, leaves));
        var pieces = (columns + most - 1) / most;
        Columns = Math.Min(columns, (((columns + pieces - 1) / pieces) + 7) & ~7);
        Bytes = leaves == 0 ? 0 : Math.Min(rows, Rows) * Stride(WidestElement) * WidestElement;
    }

    public int Columns { get; }

    /// <summary>Room for one leaf's.</summary>
    public int Bytes { get; }

    /// <summary>A walk down a column touches other lines of the leaf for every step across.</summary>
    public static bool Pays(long rowStep, long columnStep) => rowStep != 0 && Math.Abs(columnStep) > Math.Abs(rowStep);

    /// <summary>Elements from row to row: an odd number of cache lines, so that the rows of a column don't all fall into one set of the cache.</summary>
    public int Stride(int size) => ((((Columns * size) + TileLoad.CacheLine - 1) & ~(TileLoad.CacheLine - 1)) | TileLoad.CacheLine) / size;
}
