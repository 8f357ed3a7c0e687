using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>Calls that nobody waits for the answer of.</summary>
internal abstract partial class RuntimeClient
{
    public OneWayGates OneWay { get; }

    /// <returns>Completes when the call may leave: at once, unless its receiver is slower than those who call it.</returns>
    private ValueTask SendOneWay(GrainReference target, Invocation call)
    {
        var request = new Message { Kind = MessageKind.OneWay, Caller = Node, Target = target.GrainId, Call = call, Context = RequestContext.Values };
        if (NodeGrains.IsSystem(target.GrainId))
        {
            SendRequest(request);
            return default;
        }

        var left = OneWay.Send(request);
        return left is not null ? new ValueTask(DepartedAsync(left, request))
            : request.Departure is { } departure ? new ValueTask(departure.Task)
            : default;
    }

    private static async Task DepartedAsync(Task left, Message request)
    {
        await left;
        if (request.Departure is { } departure)
        {
            await departure.Task;
        }
    }

    /// <summary>For <see cref="OneWay"/>: a call of this node goes on its way.</summary>
    public void SendNow(Message call) => SendRequest(call);

    /// <summary>For <see cref="OneWay"/>: as <see cref="SendNow"/>, and <paramref name="ended"/> is called when it has run, or nobody knows.</summary>
    public void SendAsking(Message call, Action ended)
    {
        var asking = new OneWayAsk(call, this, ended) { Deadline = DeadlineOf(call.Call.Method) };
        try
        {
            Calls.Add(asking);
        }
        catch (OrleansMessageRejectionException)
        {
            // No room to wait for an answer. So the next asks.
            Environment.Turns.Schedule(asking);
            SendRequest(call);
            return;
        }

        (call.Kind, call.Id, call.LocalCaller) = (MessageKind.Request, asking.Id, asking);
        try
        {
            SendRequest(call);
        }
        catch (Exception e)
        {
            Calls.Remove(asking.Id);
            asking.TryFail(e);
        }
    }

    /// <summary>For <see cref="OneWay"/>: a one-way call that failed, or did not leave.</summary>
    public void Unheard(Message call, Exception reason) => Dropped(call, reason);
}
