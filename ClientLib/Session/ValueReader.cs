using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Session;

/// <summary>Brings values here that were too large to ride along: piece by piece, from the grain that is the value.</summary>
internal sealed class ValueReader(SessionLink link, SessionOptions options, TimeProvider time)
{
    // Pieces on their way at a time: enough to keep a connection full, few enough to leave room for others.
    private const int Window = 4;

    /// <summary>The whole value.</summary>
    /// <exception cref="TaskFailedException">It was lost, and making it again failed.</exception>
    public async Task<Payload> ReadAsync(TaskKey key, CancellationToken cancellationToken)
    {
        var grain = link.Grains.GetGrain<ITaskGrain>($"{link.Session}/{key}");
        while (true)
        {
            var first = await PieceAsync(grain, 0, cancellationToken);
            if (first.Whole is { } whole)
            {
                return whole;
            }

            if (first.Bytes.Length >= first.Total)
            {
                return Payload.FromBytes(first.Bytes);
            }

            if (await RestAsync(grain, first, cancellationToken) is { } bytes)
            {
                return Payload.FromBytes(bytes);
            }
        }
    }

    // Null where the value changed its size under way: it was lost and encoded anew, so that its pieces no longer fit.
    private async Task<byte[]?> RestAsync(ITaskGrain grain, ValuePiece first, CancellationToken cancellationToken)
    {
        var step = first.Bytes.Length;
        if (step == 0)
        {
            throw new PayloadException($"a silo says that a value has {first.Total:N0} bytes and sent none of them.");
        }

        var bytes = new GrowingBytes(first.Total, first.Bytes);
        var pending = new Queue<Task<ValuePiece>>();
        long asked = step;
        try
        {
            while (!bytes.IsWhole)
            {
                while (asked < first.Total && pending.Count < Window)
                {
                    pending.Enqueue(PieceAsync(grain, asked, cancellationToken));
                    asked += step;
                }

                var piece = await pending.Dequeue();
                if (piece.Total != first.Total || piece.Offset != bytes.Count || piece.Bytes.Length != Math.Min(step, piece.Total - piece.Offset))
                {
                    await Task.WhenAll(pending);
                    return null;
                }

                bytes.Add(piece.Bytes);
            }

            return bytes.Take();
        }
        finally
        {
            GivenUp.Observe(pending);
        }
    }

    private async Task<ValuePiece> PieceAsync(ITaskGrain grain, long offset, CancellationToken cancellationToken)
    {
        var patience = new Patience(options, time);
        while (true)
        {
            // Without its session nothing can be read, however often one asks.
            link.ThrowIfEnded();
            try
            {
                var piece = await grain.ReadAsync(offset, ProcessIdentity.Current).WaitAsync(options.CallTimeout, time, cancellationToken);
                if (piece is not null)
                {
                    return piece;
                }
            }
            catch (Exception error) when ((Transient.Is(error) || error is GraphException) && !cancellationToken.IsCancellationRequested)
            {
                // Nothing makes it: the scheduler was lost, and the next one has not yet been told what this session wants.
                await patience.WaitAsync(error, cancellationToken);
            }
        }
    }
}
