using Orleans.Dask.Frames;

namespace Orleans.Dask;

public sealed partial class DaskFrame
{
    /// <summary>Reads delimited text in UTF-8 with a header line. Now only the header and a sample of the first file are read.</summary>
    /// <param name="path">A file, or a pattern with * or ? in the file's name; files in the order of their names.</param>
    /// <param name="parseDates">Columns to read as <see cref="ColumnType.Timestamp"/>, written yyyy-MM-dd HH:mm:ss or a part of it.</param>
    /// <param name="blockSize">Bytes of a file per partition; null: a partition per file.</param>
    /// <param name="types">Types of columns, instead of those that the first 256 kB suggest.</param>
    /// <param name="separator">Between fields; one ASCII character.</param>
    /// <returns>
    /// A partition per block. Types are enforced in all rows: a value that doesn't fit is a <see cref="CsvException"/> with file, line, column and value.
    /// Empty fields and pandas' words for nothing (NA, NaN, null …) are missing; an integer column with missing values stays one of integers.
    /// </returns>
    /// <exception cref="FileNotFoundException">No file matches.</exception>
    /// <exception cref="FrameException">A column in <paramref name="parseDates"/> or <paramref name="types"/> isn't there.</exception>
    /// <exception cref="CsvException">The header or the sample can't be read.</exception>
    /// <remarks>As pandas.read_csv. Quoted fields may hold separators, newlines and doubled quotes; blocks are cut between records also then.</remarks>
    public static DaskFrame ReadCsv(
        string path,
        IReadOnlyList<string>? parseDates = null,
        long? blockSize = 64L << 20,
        IReadOnlyDictionary<string, ColumnType>? types = null,
        char separator = ',') =>
        new(new CsvRowSource(CsvPlan.Make(CsvFiles.Find(path), parseDates ?? [], types ?? new Dictionary<string, ColumnType>(), blockSize, separator)));
}
