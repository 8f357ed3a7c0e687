using System.Runtime.CompilerServices;

namespace Orleans.Embedded;

/// <summary>Sequences from grains: begun by the call itself, which answers with the first batch, then pulled batch by batch.</summary>
internal abstract partial class RuntimeClient
{
    private async IAsyncEnumerable<T> PullAsync<T>(GrainReference target, Invocation call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(call.CancellationToken, cancellationToken);
        call.CancellationToken = both.Token;
        var first = Send<ElementBatch<T>>(target, call);
        var isOpen = true;
        try
        {
            var batch = await new ValueTask<ElementBatch<T>>(first, 0);
            while (true)
            {
                isOpen = !batch.IsLast;
                foreach (var item in batch.Items)
                {
                    yield return item;
                }

                if (batch.IsLast)
                {
                    yield break;
                }

                batch = await new ValueTask<ElementBatch<T>>(Send<ElementBatch<T>>(target, call, first.Id), 0);
            }
        }
        finally
        {
            if (isOpen)
            {
                SendRequest(new Message { Kind = MessageKind.OneWay, Caller = Node, Target = target.GrainId, Call = call, OwnsCall = true, Sequence = first.Id });
            }
        }
    }
}
