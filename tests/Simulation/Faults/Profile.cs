namespace Orleans.Dask.Simulation.Faults;

/// <summary>What may befall a cluster.</summary>
internal enum Profile
{
    /// <summary>Nothing: only the order of events is drawn.</summary>
    Calm,

    /// <summary>Processes, disks and networks fail; the engine keeps the promises of its README.</summary>
    Embedded,

    /// <summary>Silos leave in good order and others come, and nothing else goes wrong. Not drawn: asked for by name.</summary>
    Leaves,

    /// <summary>And the engine promises no more than Microsoft Orleans: calls to the dead wait, activations vanish, observers are not told, streams in memory are emptied.</summary>
    Orleans,
}
