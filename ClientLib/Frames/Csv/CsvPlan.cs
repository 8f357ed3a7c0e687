namespace Orleans.Dask.Frames;

/// <summary>What <see cref="DaskFrame.ReadCsv(string, IReadOnlyList{string}?, long?, IReadOnlyDictionary{string, ColumnType}?, char)"/> finds out before anything is read: files, columns, types, blocks.</summary>
internal sealed class CsvPlan
{
    private const int SampleBytes = 256_000;

    private CsvPlan(CsvFormat format, CsvBlock[] blocks, string content)
    {
        Format = format;
        Blocks = blocks;
        Content = content;
    }

    public CsvFormat Format { get; }

    public CsvBlock[] Blocks { get; }

    /// <summary>Paths, lengths and times of the files and how they are read: equal contents mean equal values.</summary>
    public string Content { get; }

    public static CsvPlan Make(string[] paths, IReadOnlyList<string> parseDates, IReadOnlyDictionary<string, ColumnType> types, long? blockSize, char separator)
    {
        if (separator is > '\x7f' or '"' or '\n' or '\r')
        {
            throw new FrameException($"'{separator}' cannot separate fields. Use one ASCII character other than a quote or a newline.");
        }

        if (blockSize is < 1)
        {
            throw new FrameException($"blockSize is {blockSize}, expected a number of bytes above 0, or null for one partition per file.");
        }

        const byte Quote = (byte)'"';
        var (names, dataStart) = CsvHeader.Read(paths[0], (byte)separator, Quote);
        var format = new CsvFormat((byte)separator, Quote, Schema(paths[0], names, dataStart, parseDates, types, (byte)separator, Quote, out var sampleRows), sampleRows);
        var blocks = new List<CsvBlock>();
        foreach (var path in paths)
        {
            var (header, start) = path == paths[0] ? (names, dataStart) : CsvHeader.Read(path, (byte)separator, Quote);
            if (!header.SequenceEqual(names))
            {
                throw new CsvException($"{path}, line 1: columns {string.Join(',', header)}, expected {string.Join(',', names)} as in {paths[0]}. Read files with other columns apart.");
            }

            var end = new FileInfo(path).Length;
            var size = blockSize ?? long.MaxValue;
            var first = start;
            do
            {
                var stop = end - start > size ? start + size : end;
                blocks.Add(new CsvBlock(path, start, stop, start == first, stop == end));
                start = stop;
            }
            while (start < end);
        }

        var files = paths.Select(path => new FileInfo(path)).Select(file => $"{file.FullName}|{file.Length}|{file.LastWriteTimeUtc.Ticks}");
        return new CsvPlan(format, [.. blocks], $"{string.Join(';', files)}|{blockSize}|{separator}|{format.Columns}");
    }

    private static FrameSchema Schema(
        string path, string[] names, long start, IReadOnlyList<string> parseDates, IReadOnlyDictionary<string, ColumnType> types, byte separator, byte quote, out int rows)
    {
        foreach (var name in parseDates.Concat(types.Keys))
        {
            if (!names.Contains(name))
            {
                throw FrameException.UnknownColumn(name, names);
            }
        }

        var texts = new FrameSchema(names, [.. names.Select(_ => ColumnType.String)]);
        var length = new FileInfo(path).Length;
        var block = new CsvBlock(path, start, Math.Min(length, start + SampleBytes), true, true);
        var sample = new CsvBlockReader(new CsvFormat(separator, quote, texts, 0), block, texts).Read(false, false, int.MaxValue, default);
        rows = sample.Length;
        return new FrameSchema(names, [.. names.Select(name =>
            parseDates.Contains(name) ? ColumnType.Timestamp
            : types.TryGetValue(name, out var type) ? type
            : CsvTypes.Infer((StringColumn)sample.Find(name)))]);
    }
}
