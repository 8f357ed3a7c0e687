using Orleans.Embedded;
using Orleans.Runtime;

namespace Orleans;

/// <summary>What makes a class a grain; <see cref="Grain"/> is the usual way to get there.</summary>
public interface IGrainBase
{
    IGrainContext GrainContext { get; }

    /// <summary>Runs before the first call. A failure here fails every waiting call.</summary>
    Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Runs after the last call, if the silo lives long enough: a killed silo runs nothing.</summary>
    Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>Base of grain classes.</summary>
public abstract class Grain : IGrainBase, IAddressable
{
    protected Grain() => GrainContext = Activation.BeingConstructed
        ?? throw new InvalidOperationException($"{GetType()} was constructed outside a silo. Grains are made by their silo: call GetGrain on an IGrainFactory.");

    public IGrainContext GrainContext { get; }

    /// <summary>Text of this grain's identity, <c>type/key</c>.</summary>
    public string IdentityString => GrainContext.GrainId.ToString();

    /// <summary>The silo on which this activation lives.</summary>
    public string RuntimeIdentity => ((Activation)GrainContext).Silo.Address.ToParsableString();

    protected internal IServiceProvider ServiceProvider => GrainContext.ActivationServices;

    protected IGrainFactory GrainFactory => ((Activation)GrainContext).Silo.GrainFactory;

    /// <summary>Ends this activation when the calls in flight are done; the next call makes a new one.</summary>
    protected void DeactivateOnIdle() =>
        ((Activation)GrainContext).Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationRequested, "DeactivateOnIdle was called."));

    /// <summary>Keeps the collector away for at least <paramref name="timeSpan"/>; a negative one takes that back.</summary>
    protected void DelayDeactivation(TimeSpan timeSpan) => ((Activation)GrainContext).DelayDeactivation(timeSpan);

    public virtual Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public virtual Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Task.CompletedTask;
}
