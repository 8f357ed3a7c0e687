namespace Orleans.Dask.Arrays;

/// <summary>Where finished tiles go.</summary>
internal abstract unsafe class TileSink
{
    /// <summary>Per axis, how far apart the places of neighbours lie; 0 along axes that are folded away.</summary>
    public abstract int[] Steps { get; }

    /// <summary>Where the tile may be written directly, or null.</summary>
    public virtual byte* Direct(long offset, int rows, int columns, long rowStep, long columnStep) => null;

    /// <param name="tile">Packed elements, row by row.</param>
    /// <param name="offset">Place of the first, in elements.</param>
    /// <param name="rows">Rows of the tile.</param>
    /// <param name="columns">Columns of the tile.</param>
    /// <param name="rowStep">Between places of rows.</param>
    /// <param name="columnStep">Between places of columns.</param>
    public abstract void Take(byte* tile, long offset, int rows, int columns, long rowStep, long columnStep);
}

/// <summary>Stores tiles into an array.</summary>
internal sealed unsafe class StoreSink(int[] steps, byte* target, int size) : TileSink
{
    public override int[] Steps => steps;

    public override byte* Direct(long offset, int rows, int columns, long rowStep, long columnStep) =>
        columnStep == 1 && (rows == 1 || rowStep == columns) ? target + (offset * size) : null;

    public override void Take(byte* tile, long offset, int rows, int columns, long rowStep, long columnStep)
    {
        var place = target + (offset * size);
        if (tile != place)
        {
            StridedCopy.Tile(tile, columns, 1, place, rowStep, columnStep, rows, columns, size);
        }
    }
}
