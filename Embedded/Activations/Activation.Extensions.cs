using Orleans.Streams.Core;

namespace Orleans.Embedded;

/// <summary>Calls that the engine itself answers in an activation, on its turns.</summary>
internal sealed partial class Activation
{
    private StreamConsumers? _streamConsumers;

    /// <summary>The observers of this activation's stream subscriptions.</summary>
    public StreamConsumers StreamConsumers => _streamConsumers ??= new StreamConsumers(GrainInstance as IStreamSubscriptionObserver, time: null);

    private StreamConsumers? ExtensionFor(GrainMethod method) => method.InterfaceType == typeof(IStreamConsumer) ? StreamConsumers : null;
}
