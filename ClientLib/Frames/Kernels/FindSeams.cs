namespace Orleans.Dask.Frames;

/// <summary>For each block: is the byte before it within quotes.</summary>
internal sealed class FindSeams(CsvBlock[] blocks) : FrameKernel
{
    public override string Name => "csv-seams";

    protected override object Run(object?[] arguments, CancellationToken cancellationToken)
    {
        var inside = new bool[blocks.Length];
        for (var i = 1; i < inside.Length; i++)
        {
            inside[i] = !blocks[i].IsFirst && inside[i - 1] ^ (bool)arguments[i - 1]!;
        }

        return inside;
    }
}
