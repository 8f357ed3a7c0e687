namespace Orleans.Dask.Frames;

/// <summary>Types of columns from a sample of rows: the narrowest of Int64, Float64, Boolean that all values fit, else String.</summary>
internal static class CsvTypes
{
    public static ColumnType Infer(StringColumn sample)
    {
        if (sample.Length == 0)
        {
            return ColumnType.String;
        }

        bool integers = true, doubles = true, booleans = true;
        for (var row = 0; row < sample.Length && (integers | doubles | booleans); row++)
        {
            if (!sample.IsMissing(row))
            {
                var field = sample.Utf8(row);
                integers = integers && CsvField.TryInt64(field, out _);
                doubles = doubles && CsvField.TryFloat64(field, out _);
                booleans = booleans && CsvField.TryBoolean(field, out _);
            }
        }

        // A column without any value is of doubles, as in pandas.
        return sample.MissingCount == sample.Length ? ColumnType.Float64
            : integers ? ColumnType.Int64
            : doubles ? ColumnType.Float64
            : booleans ? ColumnType.Boolean
            : ColumnType.String;
    }
}
