using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Grains.Execution;

/// <summary>A function of a session, decoded once, on the first slot that needs it.</summary>
internal sealed class WorkerFunction(Payload payload)
{
    private readonly Lock _gate = new();
    private TaskFunction? _function;

    public Payload Payload => payload;

    /// <summary>Its code is loaded or can be.</summary>
    public bool IsPrepared { get; set; }

    /// <exception cref="PayloadException">It cannot be decoded here.</exception>
    public TaskFunction Decode(PayloadDecoding decoding)
    {
        if (Volatile.Read(ref _function) is { } function)
        {
            return function;
        }

        lock (_gate)
        {
            return _function ??= payload.Read<TaskFunction>(decoding);
        }
    }
}
