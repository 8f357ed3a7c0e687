using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Session;

/// <summary>Writes values into the stores of silos, piece by piece.</summary>
internal sealed class ValueWriter(SessionLink link, SessionOptions options, TimeProvider time)
{
    private const int PieceBytes = 1 << 20;
    private const int Window = 4;

    private int _turn = -1;

    /// <summary>Writes a value to some workers, or to the next in turn where none is named.</summary>
    /// <exception cref="NoWorkerException">There are fewer silos than copies.</exception>
    public async Task<ScatteredSource> WriteAsync(TaskKey key, Payload payload, IReadOnlyList<string>? workers, int replicas, CancellationToken cancellationToken)
    {
        var targets = Choose(workers, replicas);
        var bytes = link.Coding.IsOneProcess ? 0 : payload.Length;
        await Task.WhenAll(targets.Select(worker => WriteAsync(link.Grains.GetGrain<IWorkerGrain>(worker), key, payload, cancellationToken)));
        return new ScatteredSource(targets, bytes);
    }

    private string[] Choose(IReadOnlyList<string>? workers, int replicas)
    {
        var candidates = workers is { Count: > 0 } ? workers : [.. link.Workers.Select(worker => worker.Address)];
        if (candidates.Count < replicas)
        {
            throw new NoWorkerException($"A value is to be kept {replicas} times, but there are {candidates.Count} silos to keep it. Start more, or ask for fewer copies.");
        }

        var first = (uint)Interlocked.Increment(ref _turn);
        return [.. Enumerable.Range(0, replicas).Select(i => candidates[(int)((first + (uint)i) % (uint)candidates.Count)])];
    }

    private async Task WriteAsync(IWorkerGrain worker, TaskKey key, Payload payload, CancellationToken cancellationToken)
    {
        if (link.Coding.IsOneProcess)
        {
            await SendAsync(worker, key, new ValuePiece(0, 0, [], payload), cancellationToken);
            return;
        }

        var bytes = payload.Encode();
        var pending = new Queue<Task>();
        for (var offset = 0; offset == 0 || offset < bytes.Length; offset += PieceBytes)
        {
            if (pending.Count == Window)
            {
                await pending.Dequeue();
            }

            var piece = bytes.Length <= PieceBytes ? bytes : bytes[offset..Math.Min(bytes.Length, offset + PieceBytes)];
            pending.Enqueue(SendAsync(worker, key, new ValuePiece(bytes.Length, offset, piece, null), cancellationToken));
        }

        await Task.WhenAll(pending);
    }

    // A piece that comes twice changes nothing, so that a call without an answer is simply made again.
    private async Task SendAsync(IWorkerGrain worker, TaskKey key, ValuePiece piece, CancellationToken cancellationToken)
    {
        var patience = new Patience(options, time);
        while (true)
        {
            try
            {
                await worker.WriteAsync(link.Session, key, piece).WaitAsync(options.CallTimeout, time, cancellationToken);
                return;
            }
            catch (Exception error) when (Transient.Is(error) && !cancellationToken.IsCancellationRequested)
            {
                await patience.WaitAsync(error, cancellationToken);
            }
        }
    }
}
