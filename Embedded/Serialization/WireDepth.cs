using System.Runtime.CompilerServices;

namespace Orleans.Embedded.Serialization;

/// <summary>Keeps nested values from exhausting the stack, in the writer, the reader and the copier alike.</summary>
internal static class WireDepth
{
    private const int Checked = 16;

    /// <summary>Refuses a level beyond <paramref name="limit"/>, and now and then one that the thread has no room for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check(int depth, int limit)
    {
        if (depth > limit || (depth % Checked == 0 && !RuntimeHelpers.TryEnsureSufficientExecutionStack()))
        {
            Refuse(depth, limit);
        }
    }

    private static void Refuse(int depth, int limit) => throw new WireException(
        depth > limit
        ? $"The value is nested more than {limit} levels deep. Put the items of a long chain into a list instead."
        : $"The value is nested {depth} levels deep, more than the rest of this thread's stack can hold.");
}
