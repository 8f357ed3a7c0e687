using System.Runtime.InteropServices;

namespace Orleans.Dask.Grains.Scheduling;

/// <summary>From a task to one of its dependencies. The edges of a task lie side by side; those that lead to one dependency form a list.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct Edge
{
    /// <summary>The task that takes the value.</summary>
    public int Task;

    /// <summary>The task that makes it.</summary>
    public int Dependency;

    /// <summary>Neighbours among the edges that lead to the same dependency.</summary>
    public int Next;

    /// <inheritdoc cref="Next"/>
    public int Previous;
}

/// <summary>All edges of a scheduler. Runs of edges that became free are used again for tasks of as many inputs.</summary>
internal sealed class EdgeTable
{
    private readonly PagedArray<Edge> _edges = new();
    private readonly Dictionary<int, int> _freeByLength = [];

    public ref Edge this[int edge] => ref _edges[edge];

    public int Rent(int count)
    {
        if (count == 0)
        {
            return 0;
        }

        if (_freeByLength.TryGetValue(count, out var free))
        {
            var next = _edges[free].Next;
            if (next == TaskRecord.None)
            {
                _freeByLength.Remove(count);
            }
            else
            {
                _freeByLength[count] = next;
            }

            return free;
        }

        return _edges.Add(count);
    }

    public void Return(int first, int count)
    {
        if (count == 0)
        {
            return;
        }

        _edges[first].Next = _freeByLength.GetValueOrDefault(count, TaskRecord.None);
        _freeByLength[count] = first;
    }

    public void Clear()
    {
        _edges.Clear();
        _freeByLength.Clear();
    }
}
