namespace Orleans.Dask.Frames;

internal enum LogicOperation
{
    And,
    Or,
    Not,
}

/// <summary>Masks with masks, row by row. A missing truth value counts as false.</summary>
/// <param name="operation">And, or, not.</param>
/// <param name="left">A mask.</param>
/// <param name="right">Another; for not the same again.</param>
internal sealed class Logic(LogicOperation operation, ColumnExpression left, ColumnExpression right) : ColumnExpression
{
    public override ColumnType TypeIn(FrameSchema schema)
    {
        var (l, r) = (left.TypeIn(schema), right.TypeIn(schema));
        return l == ColumnType.Boolean && r == ColumnType.Boolean
            ? ColumnType.Boolean
            : throw new FrameException($"{operation} needs truth values, found {l} and {r}: {this}. Compare first, as in (frame[\"a\"] > 0) & (frame[\"b\"] < 5).");
    }

    public override Column Evaluate(Frame rows)
    {
        var l = Present((BooleanColumn)left.Evaluate(rows));
        var r = operation == LogicOperation.Not ? l : Present((BooleanColumn)right.Evaluate(rows));
        var result = new bool[rows.Length];
        for (var row = 0; row < result.Length; row++)
        {
            result[row] = operation switch
            {
                LogicOperation.And => l[row] & r[row],
                LogicOperation.Or => l[row] | r[row],
                _ => !l[row],
            };
        }

        return new BooleanColumn(result);
    }

    public override void CollectColumns(ISet<string> names)
    {
        left.CollectColumns(names);
        right.CollectColumns(names);
    }

    public override string ToString() => operation == LogicOperation.Not ? $"(Not {left})" : $"({left} {operation} {right})";

    internal static bool[] Present(BooleanColumn mask)
    {
        if (mask.Valid is null)
        {
            return mask.Array;
        }

        var present = new bool[mask.Length];
        for (var row = 0; row < present.Length; row++)
        {
            present[row] = mask.Array[row] && Validity.IsSet(mask.Valid, row);
        }

        return present;
    }
}
