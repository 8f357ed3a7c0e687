namespace Orleans.Dask.Grains.Scheduling;

/// <summary>Where a task stands. Needed means: a future wants its value, or a task in one of the three active states takes it.</summary>
internal enum TaskState : byte
{
    /// <summary>Its value is nowhere and nobody needs it; its recipe is kept because it, or one that depends on it, may be needed yet.</summary>
    Released,

    /// <summary>Active: needed, and at least one input is not in memory.</summary>
    Waiting,

    /// <summary>Active: needed, all inputs are in memory, and no worker has it yet.</summary>
    Ready,

    /// <summary>Active: a worker was told to run it and has not said how it ended. Stays so, though nobody needs it any more, until the worker says.</summary>
    Processing,

    /// <summary>At least one living worker holds its value, and it is needed.</summary>
    Memory,

    /// <summary>It threw, or one of its inputs did, or it can never be made.</summary>
    Failed,

    /// <summary>Its client gave it up, or one of its inputs.</summary>
    Cancelled,
}

/// <summary>What is true of a task beside its state.</summary>
[Flags]
internal enum TaskFlags : byte
{
    None = 0,

    /// <summary>A future of the client holds it.</summary>
    Wanted = 1,

    /// <summary>Somebody asked its grain for it not long ago.</summary>
    Ensured = 2,

    /// <summary>Its worker was told to give it back unless begun.</summary>
    Revoking = 4,

    /// <summary>Its worker was told that nobody needs it.</summary>
    Cancelling = 8,
}
