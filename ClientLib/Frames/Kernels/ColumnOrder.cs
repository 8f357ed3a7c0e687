namespace Orleans.Dask.Frames;

/// <summary>Rows in the order of a column's values. Texts by their bytes, which is the order of code points.</summary>
internal static class ColumnOrder
{
    /// <param name="column">Without missing values.</param>
    public static int[] Ascending(Column column)
    {
        var rows = new int[column.Length];
        for (var row = 0; row < rows.Length; row++)
        {
            rows[row] = row;
        }

        switch (column)
        {
            case StringColumn texts:
                Array.Sort(rows, (left, right) => texts.Utf8(left).SequenceCompareTo(texts.Utf8(right)));
                break;
            case Float64Column doubles:
                Array.Sort(doubles.Values.ToArray(), rows);
                break;
            default:
                Array.Sort(Numbers.Integers(column).ToArray(), rows);
                break;
        }

        return rows;
    }
}
