namespace Orleans.Embedded;

/// <summary>
/// Clients' requests on their way to other silos. Their answers come back this way, and nothing holds an answer up: so requests wait
/// here while their client does not take the answers that lie for it already.
/// </summary>
internal sealed class Relays(SiloRuntime runtime) : TurnQueue(runtime.Environment.Turns), ICallQueue
{
    /// <summary>From any thread, and on a turn of this queue for those that waited.</summary>
    public void Begin(Message request)
    {
        if (request.CameBy is not { } client || !client.TryHold(request, this))
        {
            runtime.GoOn(request);
        }
    }

    protected override void Failed(Exception exception) => runtime.TurnFailed("a gateway", exception);
}
