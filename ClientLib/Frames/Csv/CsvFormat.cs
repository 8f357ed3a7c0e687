namespace Orleans.Dask.Frames;

/// <summary>What all blocks of a CSV reading share.</summary>
/// <param name="Separator">One byte between fields.</param>
/// <param name="Quote">Opens and closes fields that hold separators or newlines; doubled inside it stands for itself.</param>
/// <param name="Columns">All columns of the files, in their order.</param>
/// <param name="SampleRows">Rows that the types were inferred from; for messages.</param>
internal sealed record CsvFormat(byte Separator, byte Quote, FrameSchema Columns, int SampleRows);

/// <summary>A piece of a file: the records that begin in it.</summary>
/// <param name="Path">The file.</param>
/// <param name="Start">First byte; the header is before it.</param>
/// <param name="End">First byte that is not its own.</param>
/// <param name="IsFirst">Does it begin with a record, as the first block of a file does.</param>
/// <param name="IsLast">Does it end with the file.</param>
internal sealed record CsvBlock(string Path, long Start, long End, bool IsFirst, bool IsLast);
