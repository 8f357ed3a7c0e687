using System.Numerics;

namespace Orleans.Dask.Frames;

internal enum ComparisonOperation
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// <summary>Numbers with numbers, texts with texts (byte by byte), times with times. False where a side is missing; not-equal: true.</summary>
internal sealed class Comparison(ComparisonOperation operation, ColumnExpression left, ColumnExpression right) : ColumnExpression
{
    public override ColumnType TypeIn(FrameSchema schema)
    {
        var (l, r) = (left.TypeIn(schema), right.TypeIn(schema));
        return l == r || (l.IsNumber() && r.IsNumber())
            ? ColumnType.Boolean
            : throw new FrameException($"{l} and {r} cannot be compared: {this}. Compare numbers with numbers, texts with texts, times with times.");
    }

    public override Column Evaluate(Frame rows)
    {
        var (l, r) = (left.Evaluate(rows), right.Evaluate(rows));
        var result = new bool[rows.Length];
        if (l is StringColumn texts)
        {
            Compare(texts, (StringColumn)r, result);
        }
        else if (l is Float64Column || r is Float64Column)
        {
            Compare(Numbers.Doubles(l), Numbers.Doubles(r), result);
        }
        else
        {
            Compare(Numbers.Integers(l), Numbers.Integers(r), result);
        }

        if (Validity.And(l.Valid, r.Valid) is { } valid)
        {
            for (var row = 0; row < result.Length; row++)
            {
                if (!Validity.IsSet(valid, row))
                {
                    result[row] = operation == ComparisonOperation.NotEqual;
                }
            }
        }

        return new BooleanColumn(result);
    }

    public override void CollectColumns(ISet<string> names)
    {
        left.CollectColumns(names);
        right.CollectColumns(names);
    }

    public override string ToString() => $"({left} {operation} {right})";

    private void Compare<T>(ReadOnlySpan<T> l, ReadOnlySpan<T> r, Span<bool> result)
        where T : IComparisonOperators<T, T, bool>
    {
        r = r[..l.Length];
        result = result[..l.Length];
        switch (operation)
        {
            case ComparisonOperation.Equal:
                for (var i = 0; i < l.Length; i++)
                {
                    result[i] = l[i] == r[i];
                }

                break;
            case ComparisonOperation.NotEqual:
                for (var i = 0; i < l.Length; i++)
                {
                    result[i] = l[i] != r[i];
                }

                break;
            case ComparisonOperation.Less:
                for (var i = 0; i < l.Length; i++)
                {
                    result[i] = l[i] < r[i];
                }

                break;
            case ComparisonOperation.LessOrEqual:
                for (var i = 0; i < l.Length; i++)
                {
                    result[i] = l[i] <= r[i];
                }

                break;
            case ComparisonOperation.Greater:
                for (var i = 0; i < l.Length; i++)
                {
                    result[i] = l[i] > r[i];
                }

                break;
            default:
                for (var i = 0; i < l.Length; i++)
                {
                    result[i] = l[i] >= r[i];
                }

                break;
        }
    }

    private void Compare(StringColumn l, StringColumn r, Span<bool> result)
    {
        for (var row = 0; row < result.Length; row++)
        {
            result[row] = operation switch
            {
                ComparisonOperation.Equal => l.Utf8(row).SequenceEqual(r.Utf8(row)),
                ComparisonOperation.NotEqual => !l.Utf8(row).SequenceEqual(r.Utf8(row)),
                ComparisonOperation.Less => l.Utf8(row).SequenceCompareTo(r.Utf8(row)) < 0,
                ComparisonOperation.LessOrEqual => l.Utf8(row).SequenceCompareTo(r.Utf8(row)) <= 0,
                ComparisonOperation.Greater => l.Utf8(row).SequenceCompareTo(r.Utf8(row)) > 0,
                _ => l.Utf8(row).SequenceCompareTo(r.Utf8(row)) >= 0,
            };
        }
    }
}
