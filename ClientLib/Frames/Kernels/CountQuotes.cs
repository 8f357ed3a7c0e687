namespace Orleans.Dask.Frames;

/// <summary>Of a block: is the number of quotes in it odd. The byte before a block belongs to it and its last byte doesn't: a newline there ends a record before the block.</summary>
internal sealed class CountQuotes(byte quote) : FrameKernel
{
    public override string Name => "csv-quotes";

    protected override object Run(object?[] arguments, CancellationToken cancellationToken)
    {
        var block = (CsvBlock)arguments[0]!;
        using var file = File.OpenHandle(block.Path, options: FileOptions.SequentialScan);
        return CsvQuotes.IsOdd(file, block.IsFirst ? block.Start : block.Start - 1, block.End - 1, quote, cancellationToken);
    }
}
