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

    /// <summary>The interface that the proxy implements.</summary>
    public abstract GrainInterface Interface { get; }

    public bool Equals(GrainReference? other) => other is not null && GrainId == other.GrainId;

    public override bool Equals(object? obj) => Equals(obj as GrainReference);

    public override int GetHashCode() => GrainId.GetHashCode();

    public override string ToString() => GrainId.ToString();

    // What the emitted methods end in, one for each kind of return type.
    protected Task CallTask(Invocation call) => Runtime.CallAsync(this, call).AsTask();

    protected Task<T> CallTask<T>(Invocation call) => Runtime.CallAsync<T>(this, call).AsTask();

    protected ValueTask CallValueTask(Invocation call) => Runtime.CallAsync(this, call);

    protected ValueTask<T> CallValueTask<T>(Invocation call) => Runtime.CallAsync<T>(this, call);

    protected IAsyncEnumerable<T> CallSequence<T>(Invocation call) => Runtime.EnumerateAsync<T>(this, call);
}
