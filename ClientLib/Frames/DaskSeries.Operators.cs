using Orleans.Dask.Frames;

namespace Orleans.Dask;

// Operators beside series stand with series and with constants; each only builds an expression.
public sealed partial class DaskSeries
{
    /// <summary>Sum row by row; missing where a side is.</summary>
    public static DaskSeries operator +(DaskSeries left, DaskSeries right) => Combine(left, right, (l, r) => new Arithmetic(ArithmeticOperation.Add, l, r));

    /// <summary>Sum row by row; missing where a side is.</summary>
    public static DaskSeries operator +(DaskSeries left, long right) => With(left, right, (l, r) => new Arithmetic(ArithmeticOperation.Add, l, r));

    /// <summary>Sum row by row; missing where a side is.</summary>
    public static DaskSeries operator +(long left, DaskSeries right) => With(right, left, (r, l) => new Arithmetic(ArithmeticOperation.Add, l, r));

    /// <summary>Sum row by row; missing where a side is.</summary>
    public static DaskSeries operator +(DaskSeries left, double right) => With(left, right, (l, r) => new Arithmetic(ArithmeticOperation.Add, l, r));

    /// <summary>Sum row by row; missing where a side is.</summary>
    public static DaskSeries operator +(double left, DaskSeries right) => With(right, left, (r, l) => new Arithmetic(ArithmeticOperation.Add, l, r));

    /// <summary>Difference row by row; missing where a side is.</summary>
    public static DaskSeries operator -(DaskSeries left, DaskSeries right) => Combine(left, right, (l, r) => new Arithmetic(ArithmeticOperation.Subtract, l, r));

    /// <summary>Difference row by row; missing where a side is.</summary>
    public static DaskSeries operator -(DaskSeries left, long right) => With(left, right, (l, r) => new Arithmetic(ArithmeticOperation.Subtract, l, r));

    /// <summary>Difference row by row; missing where a side is.</summary>
    public static DaskSeries operator -(long left, DaskSeries right) => With(right, left, (r, l) => new Arithmetic(ArithmeticOperation.Subtract, l, r));

    /// <summary>Difference row by row; missing where a side is.</summary>
    public static DaskSeries operator -(DaskSeries left, double right) => With(left, right, (l, r) => new Arithmetic(ArithmeticOperation.Subtract, l, r));

    /// <summary>Difference row by row; missing where a side is.</summary>
    public static DaskSeries operator -(double left, DaskSeries right) => With(right, left, (r, l) => new Arithmetic(ArithmeticOperation.Subtract, l, r));

    /// <summary>Product row by row; missing where a side is.</summary>
    public static DaskSeries operator *(DaskSeries left, DaskSeries right) => Combine(left, right, (l, r) => new Arithmetic(ArithmeticOperation.Multiply, l, r));

    /// <summary>Product row by row; missing where a side is.</summary>
    public static DaskSeries operator *(DaskSeries left, long right) => With(left, right, (l, r) => new Arithmetic(ArithmeticOperation.Multiply, l, r));

    /// <summary>Product row by row; missing where a side is.</summary>
    public static DaskSeries operator *(long left, DaskSeries right) => With(right, left, (r, l) => new Arithmetic(ArithmeticOperation.Multiply, l, r));

    /// <summary>Product row by row; missing where a side is.</summary>
    public static DaskSeries operator *(DaskSeries left, double right) => With(left, right, (l, r) => new Arithmetic(ArithmeticOperation.Multiply, l, r));

    /// <summary>Product row by row; missing where a side is.</summary>
    public static DaskSeries operator *(double left, DaskSeries right) => With(right, left, (r, l) => new Arithmetic(ArithmeticOperation.Multiply, l, r));

    /// <summary>Quotient as doubles; x / 0 is infinite, 0 / 0 missing.</summary>
    public static DaskSeries operator /(DaskSeries left, DaskSeries right) => Combine(left, right, (l, r) => new Arithmetic(ArithmeticOperation.Divide, l, r));

    /// <summary>Quotient as doubles; x / 0 is infinite, 0 / 0 missing.</summary>
    public static DaskSeries operator /(DaskSeries left, long right) => With(left, right, (l, r) => new Arithmetic(ArithmeticOperation.Divide, l, r));

    /// <summary>Quotient as doubles; x / 0 is infinite, 0 / 0 missing.</summary>
    public static DaskSeries operator /(long left, DaskSeries right) => With(right, left, (r, l) => new Arithmetic(ArithmeticOperation.Divide, l, r));

    /// <summary>Quotient as doubles; x / 0 is infinite, 0 / 0 missing.</summary>
    public static DaskSeries operator /(DaskSeries left, double right) => With(left, right, (l, r) => new Arithmetic(ArithmeticOperation.Divide, l, r));

    /// <summary>Quotient as doubles; x / 0 is infinite, 0 / 0 missing.</summary>
    public static DaskSeries operator /(double left, DaskSeries right) => With(right, left, (r, l) => new Arithmetic(ArithmeticOperation.Divide, l, r));

    /// <summary>Less, row by row; false where a side is missing.</summary>
    public static DaskSeries operator <(DaskSeries left, DaskSeries right) => Combine(left, right, (l, r) => new Comparison(ComparisonOperation.Less, l, r));

    /// <summary>Less, row by row; false where a side is missing.</summary>
    public static DaskSeries operator <(DaskSeries left, long right) => With(left, right, (l, r) => new Comparison(ComparisonOperation.Less, l, r));

    /// <summary>Less, row by row; false where a side is missing.</summary>
    public static DaskSeries operator <(DaskSeries left, double right) => With(left, right, (l, r) => new Comparison(ComparisonOperation.Less, l, r));

    /// <summary>Less, row by row; false where a side is missing.</summary>
    public static DaskSeries operator <(DaskSeries left, string right) => With(left, right, (l, r) => new Comparison(ComparisonOperation.Less, l, r));

    /// <summary>Less, row by row; false where a side is missing.</summary>
    public static DaskSeries operator <(DaskSeries left, DateTime right) => With(left, right, (l, r) => new Comparison(ComparisonOperation.Less, l, r));

    /// <summary>Greater, row by row; false where a side is missing.</summary>
    public static DaskSeries operator >(DaskSeries left, DaskSeries right) => Combine(left, right, (l, r) => new Comparison(ComparisonOperation.Greater, l, r));

    /// <summary>Greater, row by row; false where a side is missing.</summary>
    public static DaskSeries operator >(DaskSeries left, long right) => With(left, right, (l, r) => new Comparison(ComparisonOperation.Greater, l, r));

    /// <summary>Greater, row by row; false where a side is missing.</summary>
    public static DaskSeries operator >(DaskSeries left, double right) => With(left, right, (l, r) => new Comparison(ComparisonOperation.Greater, l, r));

    /// <summary>Greater, row by row; false where a side is missing.</summary>
    public static DaskSeries operator >(DaskSeries left, string right) => With(left, right, (l, r) => new Comparison(ComparisonOperation.Greater, l, r));

    /// <summary>Greater, row by row; false where a side is missing.</summary>
    public static DaskSeries operator >(DaskSeries left, DateTime right) => With(left, right, (l, r) => new Comparison(ComparisonOperation.Greater, l, r));

    /// <summary>Less or equal, row by row; false where a side is missing.</summary>
    public static DaskSeries operator <=(DaskSeries left, DaskSeries right) => Combine(left, right, (l, r) => new Comparison(ComparisonOperation.LessOrEqual, l, r));

    /// <summary>Less or equal, row by row; false where a side is missing.</summary>
    public static DaskSeries operator <=(DaskSeries left, long right) => With(left, right, (l, r) => new Comparison(ComparisonOperation.LessOrEqual, l, r));

    /// <summary>Less or equal, row by row; false where a side is missing.</summary>
    public static DaskSeries operator <=(DaskSeries left, double right) => With(left, right, (l, r) => new Comparison(ComparisonOperation.LessOrEqual, l, r));

    /// <summary>Less or equal, row by row; false where a side is missing.</summary>
    public static DaskSeries operator <=(DaskSeries left, string right) => With(left, right, (l, r) => new Comparison(ComparisonOperation.LessOrEqual, l, r));

    /// <summary>Less or equal, row by row; false where a side is missing.</summary>
    public static DaskSeries operator <=(DaskSeries left, DateTime right) => With(left, right, (l, r) => new Comparison(ComparisonOperation.LessOrEqual, l, r));

    /// <summary>Greater or equal, row by row; false where a side is missing.</summary>
    public static DaskSeries operator >=(DaskSeries left, DaskSeries right) => Combine(left, right, (l, r) => new Comparison(ComparisonOperation.GreaterOrEqual, l, r));

    /// <summary>Greater or equal, row by row; false where a side is missing.</summary>
    public static DaskSeries operator >=(DaskSeries left, long right) => With(left, right, (l, r) => new Comparison(ComparisonOperation.GreaterOrEqual, l, r));

    /// <summary>Greater or equal, row by row; false where a side is missing.</summary>
    public static DaskSeries operator >=(DaskSeries left, double right) => With(left, right, (l, r) => new Comparison(ComparisonOperation.GreaterOrEqual, l, r));

    /// <summary>Greater or equal, row by row; false where a side is missing.</summary>
    public static DaskSeries operator >=(DaskSeries left, string right) => With(left, right, (l, r) => new Comparison(ComparisonOperation.GreaterOrEqual, l, r));

    /// <summary>Greater or equal, row by row; false where a side is missing.</summary>
    public static DaskSeries operator >=(DaskSeries left, DateTime right) => With(left, right, (l, r) => new Comparison(ComparisonOperation.GreaterOrEqual, l, r));

    /// <summary>Both true, row by row.</summary>
    public static DaskSeries operator &(DaskSeries left, DaskSeries right) => Combine(left, right, (l, r) => new Logic(LogicOperation.And, l, r));

    /// <summary>Either true, row by row.</summary>
    public static DaskSeries operator |(DaskSeries left, DaskSeries right) => Combine(left, right, (l, r) => new Logic(LogicOperation.Or, l, r));

    /// <summary>Not true, row by row.</summary>
    public static DaskSeries operator !(DaskSeries mask)
    {
        ArgumentNullException.ThrowIfNull(mask);
        return mask.With(new Logic(LogicOperation.Not, mask.Expression, mask.Expression), mask.Name);
    }

    /// <summary>Equal, row by row; false where a side is missing. (== would take from C# the question whether two series are the same object.)</summary>
    public DaskSeries EqualTo(DaskSeries other) => Combine(this, other, (l, r) => new Comparison(ComparisonOperation.Equal, l, r));

    /// <summary>Equal to a constant: a long, double, string, DateTime or bool.</summary>
    public DaskSeries EqualTo(object value) => With(this, value, (l, r) => new Comparison(ComparisonOperation.Equal, l, r));

    /// <summary>Not equal, row by row; true where a side is missing.</summary>
    public DaskSeries NotEqualTo(DaskSeries other) => Combine(this, other, (l, r) => new Comparison(ComparisonOperation.NotEqual, l, r));

    /// <summary>Not equal to a constant: a long, double, string, DateTime or bool.</summary>
    public DaskSeries NotEqualTo(object value) => With(this, value, (l, r) => new Comparison(ComparisonOperation.NotEqual, l, r));

    private static DaskSeries With(DaskSeries series, object constant, Func<ColumnExpression, ColumnExpression, ColumnExpression> expression)
    {
        ArgumentNullException.ThrowIfNull(series);
        ArgumentNullException.ThrowIfNull(constant);
        return series.With(expression(series.Expression, new Constant(constant is int number ? (long)number : constant)), series.Name);
    }
}
