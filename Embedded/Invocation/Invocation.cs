using Orleans.Embedded.Serialization;

namespace Orleans.Embedded;

/// <summary>
/// One call: a method and its arguments, held in typed fields of an emitted subclass so that nothing is boxed.
/// The proxy fills it, the runtime carries it (as an object inside a process, as bytes between processes), the activation runs it.
/// </summary>
internal abstract class Invocation
{
    public abstract GrainMethod Method { get; }

    /// <inheritdoc cref="GrainMethod.InterfaceAlias"/>
    public virtual string InterfaceAlias => Method.InterfaceAlias;

    /// <inheritdoc cref="GrainMethod.Index"/>
    public virtual int MethodIndex => Method.Index;

    /// <summary>The trailing cancellation token of the method; it crosses as a later "cancel" message, never as an argument.</summary>
    public CancellationToken CancellationToken { get; set; }

    public abstract void WriteArguments(ref WireWriter writer);

    public abstract void ReadArguments(ref WireReader reader);

    /// <summary>The call as its receiver may see it in the same process: arguments copied unless immutable.</summary>
    public abstract Invocation CopyForLocalCall();

    /// <summary>Runs the method on <paramref name="target"/>. Exceptions of the method come back in the response, not thrown.</summary>
    public abstract ValueTask<Response> InvokeAsync(object target);
}
