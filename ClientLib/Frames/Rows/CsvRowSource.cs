using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Frames;

/// <summary>Rows of CSV files, a partition per block. Only the columns that are wanted are read.</summary>
internal sealed class CsvRowSource(CsvPlan plan) : RowSource
{
    public override FrameSchema Schema => plan.Format.Columns;

    public override int Partitions => plan.Blocks.Length;

    public override string Token { get; } = FrameToken.Of(plan.Content);

    public override FrameGraph ToGraph(IReadOnlyCollection<string> columns)
    {
        var wanted = Schema.Only(columns);
        var graph = TaskGraph.Empty;
        string? seams = null;
        if (plan.Blocks.Any(block => !block.IsLast))
        {
            var counts = new CsvQuotesLayer(FrameToken.Name("csv-quotes", plan.Content), new CountQuotes(plan.Format.Quote), plan.Blocks);
            var layer = new CsvSeamsLayer(FrameToken.Name("csv-seams", plan.Content), counts.Name, counts.Count, new FindSeams(plan.Blocks));
            graph = graph.With(counts).With(layer);
            seams = layer.Name;
        }

        var read = new CsvReadLayer(FrameToken.Name("read-csv", $"{plan.Content}|{wanted}"), new ReadCsv(plan.Format, wanted), plan.Blocks, seams);
        return new FrameGraph(graph.With(read), read.Name, plan.Blocks.Length);
    }
}
