using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Grains.Execution;

/// <summary>Values that may have more than one piece, as another worker's store hands them out.</summary>
internal static class LargeValue
{
    private const int PiecesAhead = 4;

    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);

    /// <summary>Reads what follows the first piece, some pieces ahead of the one that is awaited.</summary>
    /// <returns>The whole; null: the value went meanwhile.</returns>
    /// <exception cref="TimeoutException">A piece did not come within 10 s.</exception>
    /// <exception cref="OrleansException">The holder cannot be reached.</exception>
    public static async Task<byte[]?> ReadAsync(WorkerCore core, SessionId session, TaskKey key, string holder, ValuePiece first)
    {
        core.CountReceived(first.Bytes.Length);
        if (first.Bytes.Length == first.Total)
        {
            return first.Bytes;
        }

        // As many as the holder gives at a time.
        var step = first.Bytes.Length;
        if (step == 0)
        {
            return null;
        }

        var bytes = new GrowingBytes(first.Total, first.Bytes);
        var worker = core.Worker(holder);
        var ahead = new Queue<Task<ValuePiece?>>();
        try
        {
            for (long asked = bytes.Count; !bytes.IsWhole;)
            {
                while (asked < bytes.Total && ahead.Count < PiecesAhead)
                {
                    ahead.Enqueue(worker.ReadAsync(session, key, asked, core.Options.Process).WaitAsync(s_deadline, core.Time));
                    asked += step;
                }

                var piece = await ahead.Dequeue();
                if (piece is null || piece.Total != bytes.Total || piece.Offset != bytes.Count || piece.Bytes.Length == 0)
                {
                    return null;
                }

                bytes.Add(piece.Bytes);
                core.CountReceived(piece.Bytes.Length);
            }

            return bytes.Take();
        }
        finally
        {
            GivenUp.Observe(ahead);
        }
    }
}
