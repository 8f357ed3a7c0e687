using System.Numerics.Tensors;

namespace Orleans.Dask.Frames;

internal enum ArithmeticOperation
{
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// <summary>
/// Numbers with numbers, row by row. Integers stay integers (and wrap, as in NumPy) but in a division, which is always
/// of doubles: x / 0 is infinite, 0 / 0 is missing. Missing in, missing out.
/// </summary>
internal sealed class Arithmetic(ArithmeticOperation operation, ColumnExpression left, ColumnExpression right) : ColumnExpression
{
    public override ColumnType TypeIn(FrameSchema schema)
    {
        var (l, r) = (left.TypeIn(schema), right.TypeIn(schema));
        if (!l.IsNumber() || !r.IsNumber())
        {
            throw new FrameException($"{operation} needs numbers, found {l} and {r}: {this}. Convert the column first, or read it as a number.");
        }

        return operation != ArithmeticOperation.Divide && l != ColumnType.Float64 && r != ColumnType.Float64 ? ColumnType.Int64 : ColumnType.Float64;
    }

    public override Column Evaluate(Frame rows)
    {
        var (l, r) = (left.Evaluate(rows), right.Evaluate(rows));
        if (operation == ArithmeticOperation.Divide || l is Float64Column || r is Float64Column)
        {
            var result = GC.AllocateUninitializedArray<double>(rows.Length);
            Apply(Numbers.Doubles(l), Numbers.Doubles(r), result);
            return new Float64Column(result);
        }

        var integers = GC.AllocateUninitializedArray<long>(rows.Length);
        Apply(Numbers.Integers(l), Numbers.Integers(r), integers);
        return new Int64Column(integers, Validity.And(l.Valid, r.Valid));
    }

    public override void CollectColumns(ISet<string> names)
    {
        left.CollectColumns(names);
        right.CollectColumns(names);
    }

    public override string ToString() => $"({left} {operation} {right})";

    private void Apply<T>(ReadOnlySpan<T> l, ReadOnlySpan<T> r, Span<T> result)
        where T : System.Numerics.INumberBase<T>
    {
        switch (operation)
        {
            case ArithmeticOperation.Add:
                TensorPrimitives.Add(l, r, result);
                break;
            case ArithmeticOperation.Subtract:
                TensorPrimitives.Subtract(l, r, result);
                break;
            case ArithmeticOperation.Multiply:
                TensorPrimitives.Multiply(l, r, result);
                break;
            default:
                TensorPrimitives.Divide(l, r, result);
                break;
        }
    }
}
