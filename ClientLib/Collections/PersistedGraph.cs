using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask;

/// <summary>Values that are kept, and the graph that names them. Collections that were persisted hold on to it.</summary>
public class PersistedGraph(TaskGraph graph)
{
    /// <summary>A graph whose wanted keys are values, tasks that read them, or futures; it depends on nothing else.</summary>
    public TaskGraph Graph { get; } = graph;
}
