namespace Orleans.Dask.Grains.Interfaces;

/// <summary>
/// Tasks of one name: indices 0 to <see cref="Count"/> - 1. A layer of 10,000 like tasks is one object;
/// its nodes come to be one by one when they are scheduled.
/// </summary>
public abstract class TaskLayer
{
    /// <summary>The layer's part of its keys.</summary>
    public abstract string Name { get; }

    /// <summary>How many values it names.</summary>
    public abstract int Count { get; }

    /// <summary>Names of the layers its nodes depend on; its own name where nodes depend on others of the same layer.</summary>
    public abstract IReadOnlyCollection<string> DependsOn { get; }

    /// <summary>The node of one value, the same every time it is asked.</summary>
    /// <param name="index">From 0.</param>
    public abstract TaskNode Node(int index);
}
