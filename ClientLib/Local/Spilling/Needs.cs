using Orleans.Dask.Arrays;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Spilling;

/// <summary>How much memory functions need besides their inputs, as measured.</summary>
/// <param name="share">What to take an unknown function of a user for: it may wait for another one, so it can't be tried alone.</param>
internal sealed class Needs(long share)
{
    private readonly Dictionary<TaskFunction, long> _known = new(ReferenceEqualityComparer.Instance);
    private long _largest;
    private readonly HashSet<TaskFunction> _tried = new(ReferenceEqualityComparer.Instance);

    /// <summary>What this thread has been given by collector and pool so far.</summary>
    public static long Allocated => GC.GetAllocatedBytesForCurrentThread() + ChunkPools.ReusedBytes;

    /// <summary>A function's need; null while the first task of it, which shows it, is running.</summary>
    /// <param name="function">One of ours waits for nothing, so the others can wait for its first.</param>
    /// <param name="inputs">Bytes it takes; 0 where it takes parts of them.</param>
    public long? Of(TaskFunction function, long inputs) =>
        _known.TryGetValue(function, out var known) ? known
        : function is not ILending { Lends: true } ? Math.Max(share, inputs)
        : _tried.Contains(function) ? null : Math.Max(_largest, inputs);

    /// <summary>A task of it begins.</summary>
    public void Try(TaskFunction function) => _tried.Add(function);

    /// <summary>A task of it is done.</summary>
    /// <param name="function">The function.</param>
    /// <param name="inputs">Bytes it took.</param>
    /// <param name="output">Bytes of its value.</param>
    /// <param name="allocated">All it was given. Far more than it took and made was let go on the way.</param>
    public void Learn(TaskFunction function, long inputs, long output, long allocated)
    {
        var need = output + Math.Min(Math.Max(0, allocated - output), inputs + output);
        _largest = Math.Max(_largest, output);
        _known[function] = Math.Max(_known.GetValueOrDefault(function), need);
    }

    /// <summary>A task of it failed: another one may show its need.</summary>
    public void Forget(TaskFunction function) => _tried.Remove(function);
}
