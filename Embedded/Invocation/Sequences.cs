using Orleans.Embedded.Serialization;

namespace Orleans.Embedded;

/// <summary>Some elements of a sequence, in order, as one answer.</summary>
/// <param name="IsLast">The sequence ended after these.</param>
[GenerateSerializer, Alias("Orleans.ElementBatch`1")]
internal readonly record struct ElementBatch<T>([property: Id(0)] T[] Items, [property: Id(1)] bool IsLast) : IElementBatch;

/// <summary>A batch whatever its elements are.</summary>
internal interface IElementBatch
{
    bool IsLast { get; }
}

/// <summary>What a method that returns a sequence answers inside its silo: the sequence, not yet begun.</summary>
internal abstract class SequenceResponse : Response
{
    /// <summary>Begins the sequence; its elements then leave in batches.</summary>
    public abstract ElementSource Open(CancellationToken cancellationToken);
}

/// <summary>A sequence being pulled. Calls must not overlap, and run in the grain's turns.</summary>
internal abstract class ElementSource : IAsyncDisposable
{
    /// <summary>
    /// Waits for one element, then takes what is ready, up to <paramref name="max"/>. The answer is a <see cref="Response{T}"/> of
    /// <see cref="ElementBatch{T}"/>; what the sequence throws comes after the elements before it, in an answer of its own.
    /// </summary>
    public abstract ValueTask<Response> NextAsync(int max);

    public abstract ValueTask DisposeAsync();
}

internal sealed class SequenceResponse<T>(IAsyncEnumerable<T> elements) : SequenceResponse
{
    public override object? BoxedResult => elements;

    public override ElementSource Open(CancellationToken cancellationToken) =>
        new ElementSource<T>(elements.GetAsyncEnumerator(cancellationToken));

    // The sequence stays where its grain is: what travels are batches.
    public override Response CopyForLocalCall() => this;

    protected override void WriteResult(ref WireWriter writer) =>
        throw new WireException("A sequence does not cross the wire; its batches do.");

    protected override void ReadResult(ref WireReader reader) =>
        throw new WireException("A sequence does not cross the wire; its batches do.");
}

internal sealed class ElementSource<T>(IAsyncEnumerator<T> elements) : ElementSource
{
    private readonly List<T> _batch = [];
    private Task<bool>? _pending;

    public override async ValueTask<Response> NextAsync(int max)
    {
        _batch.Clear();
        try
        {
            var more = await (_pending ?? elements.MoveNextAsync().AsTask());
            _pending = null;
            while (more)
            {
                _batch.Add(elements.Current);
                if (_batch.Count >= max)
                {
                    break;
                }

                var next = elements.MoveNextAsync();
                if (!next.IsCompletedSuccessfully)
                {
                    // Not ready, or failed: either way the next call meets it.
                    _pending = next.AsTask();
                    break;
                }

                more = next.Result;
            }

            return Response.FromResult(new ElementBatch<T>([.. _batch], IsLast: !more));
        }
        catch (Exception exception)
        {
            _pending = null;
            return Response.FromException(exception);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        if (_pending is { IsCompleted: false })
        {
            // An enumerator must not be disposed while it moves; whoever cancelled it ends the move.
            await _pending.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        await elements.DisposeAsync();
    }
}
