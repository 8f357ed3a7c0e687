using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Session;

/// <summary>Writes values into the stores of silos, piece by piece.</summary>
internal sealed class ValueWriter(SessionLink link, SessionOptions options, TimeProvider time)
{
    private const int PieceBytes = 1 << 20;
    private const int Window = 4;

    private int _turn;

    /// <summary>Writes a value to some workers, or to the next in turn where none is named; where one cannot be reached, to another.</summary>
    /// <exception cref="NoWorkerException">There are fewer silos than copies; where there are none, for as long as the session goes on without an answer.</exception>
    public async Task<ScatteredSource> WriteAsync(TaskKey key, Payload payload, IReadOnlyList<string>? workers, int replicas, CancellationToken cancellationToken)
    {
        var candidates = workers is { Count: > 0 } ? workers : null;
        var count = candidates?.Count ?? await CountAsync(replicas, cancellationToken);
        if (count < replicas)
        {
            throw new NoWorkerException($"A value is to be kept {replicas} times, but there are {count} silos to keep it. Start more, or ask for fewer copies.");
        }

        var bytes = link.Coding.IsOneProcess ? 0 : payload.Length;
        var targets = new Targets(() => candidates ?? Addresses(), (uint)Interlocked.Add(ref _turn, replicas));
        var written = await Task.WhenAll(Enumerable.Range(0, replicas).Select(_ => WriteSomewhereAsync(targets, key, payload, cancellationToken)));
        return new ScatteredSource(written, bytes);
    }

    /// <summary>
    /// How many silos there are. Some, but too few, will hardly become more by waiting. Where there is none, all are leaving or out of touch,
    /// as happens when a cluster is restarted: tasks wait then, and so does this.
    /// </summary>
    private async Task<int> CountAsync(int wanted, CancellationToken cancellationToken)
    {
        if (link.Workers.Count == 0)
        {
            for (var patience = new Patience(options, time); link.Workers.Count < wanted && !patience.IsOver;)
            {
                await patience.PauseAsync(cancellationToken);
                link.ThrowIfEnded();
            }
        }

        return link.Workers.Count;
    }

    private string[] Addresses() => [.. link.Workers.Select(worker => worker.Address)];

    // A silo that cannot be reached is not waited for while another may take the value; only when all have been tried is there a pause.
    private async Task<string> WriteSomewhereAsync(Targets targets, TaskKey key, Payload payload, CancellationToken cancellationToken)
    {
        var patience = new Patience(options, time);
        while (true)
        {
            link.ThrowIfEnded();
            var worker = targets.Next();
            try
            {
                if (worker is not null)
                {
                    await WriteAsync(link.Grains.GetGrain<IWorkerGrain>(worker), key, payload, cancellationToken);
                    return worker;
                }

                await patience.WaitAsync(targets.LastError, cancellationToken);
                targets.BeginAgain();
            }
            catch (Exception error) when (worker is not null && Transient.Is(error) && !cancellationToken.IsCancellationRequested)
            {
                targets.Failed(worker, error);
            }
        }
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
        try
        {
            for (var offset = 0; offset == 0 || offset < bytes.Length; offset += PieceBytes)
            {
                if (pending.Count == Window)
                {
                    await pending.Dequeue();
                }

                // Pieces sent again are no harm: each counts once.
                var piece = bytes.Length <= PieceBytes ? bytes : bytes[offset..Math.Min(bytes.Length, offset + PieceBytes)];
                pending.Enqueue(SendAsync(worker, key, new ValuePiece(bytes.Length, offset, piece, null), cancellationToken));
            }

            await Task.WhenAll(pending);
        }
        finally
        {
            GivenUp.Observe(pending);
        }
    }

    private Task SendAsync(IWorkerGrain worker, TaskKey key, ValuePiece piece, CancellationToken cancellationToken) =>
        worker.WriteAsync(link.Session, key, piece).WaitAsync(options.CallTimeout, time, cancellationToken);

    /// <summary>Who may still take a copy: each worker one, in turn, and none that has just failed.</summary>
    private sealed class Targets(Func<IReadOnlyList<string>> candidates, uint first)
    {
        private readonly Lock _gate = new();
        private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
        private readonly HashSet<string> _failed = new(StringComparer.Ordinal);
        private uint _next = first;

        public Exception LastError { get; private set; } = new NoWorkerException("No silo is there.");

        public string? Next()
        {
            lock (_gate)
            {
                var all = candidates();
                for (var i = 0; i < all.Count; i++)
                {
                    var worker = all[(int)(_next++ % (uint)all.Count)];
                    if (!_failed.Contains(worker) && _taken.Add(worker))
                    {
                        return worker;
                    }
                }

                return null;
            }
        }

        public void Failed(string worker, Exception error)
        {
            lock (_gate)
            {
                _taken.Remove(worker);
                _failed.Add(worker);
                LastError = error;
            }
        }

        public void BeginAgain()
        {
            lock (_gate)
            {
                _failed.Clear();
            }
        }
    }
}
