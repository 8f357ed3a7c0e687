namespace Orleans.Dask.Frames;

/// <summary>Columns from expressions over the rows of a partition, at once, and perhaps only of the rows where a mask is true.</summary>
internal sealed class EvaluateColumns(string[] names, ColumnExpression[] expressions, ColumnExpression? mask) : FrameKernel
{
    public override string Name => mask is null ? "evaluate" : "filter";

    public override string ToString() => $"{string.Join(',', names.Zip(expressions, (name, expression) => $"{name}={expression}"))}|{mask}";

    protected override object Run(object?[] arguments, CancellationToken cancellationToken)
    {
        var rows = (Frame)arguments[0]!;
        if (mask is not null)
        {
            // Filter what is read, then compute: expressions see fewer rows than the mask did.
            var keep = Rows(Logic.Present((BooleanColumn)mask.Evaluate(rows)));
            var needed = new HashSet<string>();
            foreach (var expression in expressions)
            {
                expression.CollectColumns(needed);
            }

            string[] read = [.. rows.NameArray.Where(needed.Contains)];
            rows = new Frame(read, [.. read.Select(rows.Find)], rows.Index).Take(keep);
        }

        return new Frame(names, [.. expressions.Select(expression => expression.Evaluate(rows))], rows.Index);
    }

    private static int[] Rows(bool[] mask)
    {
        var rows = new int[mask.Length];
        var count = 0;
        for (var row = 0; row < mask.Length; row++)
        {
            rows[count] = row;
            count += mask[row] ? 1 : 0;
        }

        return rows.AsSpan(0, count).ToArray();
    }
}
