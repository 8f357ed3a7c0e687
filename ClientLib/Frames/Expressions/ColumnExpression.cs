namespace Orleans.Dask.Frames;

/// <summary>
/// A column computed from other columns of the same rows. A tree of these is evaluated in one task per partition:
/// <c>frame.Assign("tip_fraction", frame["tip"] / frame["fare"])</c> makes no task of its own.
/// </summary>
internal abstract class ColumnExpression
{
    /// <summary>What it gives for rows of this schema.</summary>
    /// <exception cref="FrameException">A column is missing, or types don't go together.</exception>
    public abstract ColumnType TypeIn(FrameSchema schema);

    public abstract Column Evaluate(Frame rows);

    /// <summary>Adds the names of the columns it reads.</summary>
    public abstract void CollectColumns(ISet<string> names);

    /// <summary>Its content as text: equal texts mean equal values. Part of the keys of tasks.</summary>
    public abstract override string ToString();
}
