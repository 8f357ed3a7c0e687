namespace Orleans.Embedded;

/// <summary>What a proxy hands its calls to. The runtime takes care of timeout, copying, routing, retry on stale addresses.</summary>
internal interface IGrainRuntime
{
    /// <summary>Sends the call and completes with its answer; throws what the method threw.</summary>
    ValueTask<T> CallAsync<T>(GrainReference target, Invocation call);

    ValueTask CallAsync(GrainReference target, Invocation call);

    /// <summary>A method that returns a sequence: elements are pulled in batches; an enumerator not pulled for 30 s is dropped.</summary>
    IAsyncEnumerable<T> EnumerateAsync<T>(GrainReference target, Invocation call);
}
