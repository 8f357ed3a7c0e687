using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>Sequences that callers pull from this activation.</summary>
internal sealed partial class Activation
{
    private const int BatchSize = 100;
    private static readonly TimeSpan Unpulled = TimeSpan.FromSeconds(45);

    private Dictionary<(NodeAddress Caller, long Id), OpenSequence>? _sequences;

    /// <summary>Callers are in the middle of what this activation gives them bit by bit.</summary>
    public bool HasSequences => _sequences is { Count: > 0 };

    private async ValueTask<Response> InvokeSequenceAsync(Message request, ValueTask<Response> opening)
    {
        var answer = await opening;
        if (answer is not SequenceResponse sequence)
        {
            return answer;
        }

        // The grain's token follows the whole sequence, not its first batch.
        var stop = CancellationTokenSource.CreateLinkedTokenSource(request.Call.CancellationToken);
        var open = new OpenSequence(sequence.Open(stop.Token), stop);
        _sequences ??= [];
        _sequences[(request.Caller, request.Id)] = open;
        Silo.WatchSequences(this);
        return await NextAsync((request.Caller, request.Id), open);
    }

    private ValueTask<Response> PullSequence(Message request)
    {
        var key = (request.Caller, request.Sequence);
        if (_sequences is null || !_sequences.TryGetValue(key, out var open))
        {
            return new(request.Kind == MessageKind.OneWay ? Response.Completed : Response.FromException(new OrleansException(
                $"The sequence from {request.Call.Method} of {GrainId} is gone: it was not pulled for {Unpulled}, or its activation ended. Begin it again.")));
        }

        if (request.Kind == MessageKind.OneWay)
        {
            return EndAsync(key, open);
        }

        return NextAsync(key, open);
    }

    private async ValueTask<Response> NextAsync((NodeAddress Caller, long Id) key, OpenSequence open)
    {
        open.IsPulled = true;
        var answer = await open.Source.NextAsync(BatchSize);
        open.IsPulled = false;
        open.LastPull = Silo.CoarseNow;
        if (!_sequences!.ContainsKey(key))
        {
            // Ended while it was pulled.
            await CloseAsync(open);
        }
        else if (answer.Exception is not null || answer.BoxedResult is IElementBatch { IsLast: true })
        {
            await EndAsync(key, open);
        }

        return answer;
    }

    private async ValueTask<Response> EndAsync((NodeAddress Caller, long Id) key, OpenSequence open)
    {
        if (_sequences!.Remove(key))
        {
            // On this turn: what hangs on the token is the grain's own code.
            open.Stop.Cancel();
            if (!open.IsPulled)
            {
                await CloseAsync(open);
            }
        }

        return Response.Completed;
    }

    // Not in the middle of a pull: an enumerator that is at work cannot be disposed.
    private async ValueTask CloseAsync(OpenSequence open)
    {
        try
        {
            await open.Source.DisposeAsync();
        }
        catch (Exception e)
        {
            Silo.Runtime.TurnFailed($"{GrainId}, the end of a sequence", e);
        }

        open.Stop.Dispose();
    }

    /// <summary>Ends sequences that nobody pulls any more. From any thread.</summary>
    public void DropUnpulled(bool all = false) => Post(new ActionTurn(
        activation => ((Activation)activation!).DropUnpulledHere(all), this));

    private void DropUnpulledHere(bool all)
    {
        var before = Silo.CoarseNow - Silo.TicksOf(Unpulled);
        foreach (var (key, open) in _sequences?.Where(s => !s.Value.IsPulled && (all || s.Value.LastPull < before)).ToArray() ?? [])
        {
            _ = EndAsync(key, open).AsTask();
        }

        if (!HasSequences)
        {
            Silo.UnwatchSequences(this);
        }
    }

    private sealed class OpenSequence(ElementSource source, CancellationTokenSource stop)
    {
        public ElementSource Source => source;

        public CancellationTokenSource Stop => stop;

        public bool IsPulled { get; set; }

        public long LastPull { get; set; }
    }
}
