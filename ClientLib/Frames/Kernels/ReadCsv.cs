namespace Orleans.Dask.Frames;

/// <summary>Reads the wanted columns of one block.</summary>
internal sealed class ReadCsv(CsvFormat format, FrameSchema wanted) : FrameKernel
{
    public override string Name => "read-csv";

    protected override object Run(object?[] arguments, CancellationToken cancellationToken)
    {
        var (block, index) = ((CsvBlock)arguments[0]!, (int)arguments[1]!);
        var inside = (bool[]?)arguments[2];
        return new CsvBlockReader(format, block, wanted).Read(
            inside is not null && inside[index],
            inside is not null && !block.IsLast && inside[index + 1],
            int.MaxValue,
            cancellationToken);
    }
}
