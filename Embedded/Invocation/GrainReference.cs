using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>Base of the emitted proxies: a grain or observer by its address. Equal when the address is.</summary>
internal abstract class GrainReference : IAddressable, IEquatable<GrainReference>
{
    protected GrainReference(GrainId grainId, IGrainRuntime runtime)
    {
        GrainId = grainId;
        Runtime = runtime;
    }

    public GrainId GrainId { get; }

    public IGrainRuntime Runtime { get; }

    public bool Equals(GrainReference? other) => other is not null && GrainId == other.GrainId;

    public override bool Equals(object? obj) => Equals(obj as GrainReference);

    public override int GetHashCode() => GrainId.GetHashCode();

    public override string ToString() => GrainId.ToString();
}

/// <summary>What a proxy hands its calls to. The runtime takes care of timeout, copying, routing, retry on stale addresses.</summary>
internal interface IGrainRuntime
{
    /// <summary>Sends the call and completes with its answer; throws what the method threw.</summary>
    ValueTask<T> CallAsync<T>(GrainReference target, Invocation call);

    ValueTask CallAsync(GrainReference target, Invocation call);

    /// <summary>A method that returns a sequence: elements are pulled in batches; an enumerator not pulled for 30 s is dropped.</summary>
    IAsyncEnumerable<T> EnumerateAsync<T>(GrainReference target, Invocation call);
}
