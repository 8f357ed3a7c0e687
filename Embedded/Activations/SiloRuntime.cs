using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>
/// The way of messages on a silo. A request goes to the activation here; else to where it was last seen; else the directory is
/// asked; and if nobody hosts the grain its placement director chooses who will.
/// </summary>
internal sealed partial class SiloRuntime : RuntimeClient
{
    private readonly EmbeddedSilo _silo;
    private readonly ILogger _logger;
    private readonly Relays _relays;

    public SiloRuntime(EmbeddedSilo silo, TimeSpan responseTimeout, int maxHops)
        : base(silo.Environment, new NodeAddress(silo.Address), responseTimeout, silo.NetworkOptions.MaxPendingCalls)
    {
        _silo = silo;
        _logger = silo.Logger;
        MaxHops = maxHops;
        _relays = new Relays(this);
    }

    public int MaxHops { get; }

    public override IServiceProvider ServiceProvider => _silo.Services;

    /// <summary>A message from a connection.</summary>
    public void Received(IConnection connection, Message message)
    {
        switch (message.Kind)
        {
            case MessageKind.Response when message.Caller.Equals(Node):
                Answered(message);
                break;
            case MessageKind.SentOn when message.Caller.Equals(Node):
                SentOn(message, _silo.Membership.IsDead(message.AnsweredBy!) && !_silo.Links.IsConnectedTo(message.AnsweredBy!));
                break;
            case MessageKind.Response or MessageKind.SentOn:
                SendResponse(message);
                break;
            case MessageKind.Cancel:
                if (TryCancel(message) is { } sentOn)
                {
                    SendTo(sentOn, message);
                }

                break;
            default:
                if (connection.Peer.Silo is null)
                {
                    message.Gateway = _silo.Address;
                    if (message.Call is RelayedCall)
                    {
                        _relays.Begin(message);
                        break;
                    }
                }
                else
                {
                    if (message.CameBy is not null && message.Caller.Silo is null)
                    {
                        message.CameBy = _silo.Links.FindClient(message.Caller.Client) ?? connection;
                    }

                    if (!IsExpected(message))
                    {
                        // The sender's knowledge is old. Ours may be as old: the directory knows.
                        ForgetLocation(message.Target);
                        SendOn(message);
                        break;
                    }
                }

                SendRequest(message);
                break;
        }
    }

    /// <summary>A client's request that was held up goes on its way.</summary>
    public void GoOn(Message request) => SendRequest(request);

    /// <summary>A request that its activation can no longer take.</summary>
    public void SendOn(Message request)
    {
        if (++request.Hops > MaxHops)
        {
            Reject(request, new OrleansMessageRejectionException(
                $"{request.Target} was not found where it was looked for, {request.Hops} times in a row: it comes and goes faster than calls travel. Try again."));
            return;
        }

        request.NewPlacement = false;
        SendRequest(request);
    }

    public override void Undelivered(Message request, Exception reason)
    {
        if (NodeGrains.IsNodeBound(request.Target) || _silo.IsStopped || request.Hops >= MaxHops)
        {
            Reject(request, reason);
        }
        else
        {
            ForgetLocation(request.Target);
            SendOn(request);
        }
    }

    /// <summary>What is node-bound and not an observer is the silos' own, and known to all of them.</summary>
    public override bool Takes(Message request) =>
        NodeGrains.IsNodeBound(request.Target)
            ? NodeGrains.IsSystem(request.Target) || NodeGrains.IsObserverOf(request.Target, Node)
            : IsExpected(request);

    private bool IsExpected(Message request) =>
        (request.NewPlacement && !_silo.IsStopping)
        || _silo.Find(request.Target) is not null
        || NodeGrains.IsNodeBound(request.Target)
        || _silo.Catalog.Find(request.Target.Type) is { IsStatelessWorker: true };

    public override void TurnFailed(string where, Exception exception) => LogTurnFailed(exception, where);

    public override void Lost(Message message, Exception reason) => LogLost(message.Kind, message.Target, reason.Message);

    protected override GrainType ResolveGrainType(Type interfaceType, string? classPrefix) => _silo.ClusterGrains.Resolve(interfaceType, classPrefix);

    protected override void SendRequest(Message request)
    {
        var target = request.Target;
        if (_silo.Find(target) is { } activation)
        {
            activation.Accept(request);
        }
        else if (NodeGrains.IsNodeBound(target))
        {
            SendToNode(request);
        }
        else if (_silo.Catalog.Find(target.Type) is { IsStatelessWorker: true } worker)
        {
            _silo.Worker(target, worker).Accept(request);
        }
        else if (request.NewPlacement && _silo.Activate(target) is { } made)
        {
            made.Accept(request);
        }
        else if (_locations.TryGetValue(target, out var silo) && !_silo.Membership.IsDead(silo))
        {
            SendTo(silo, request);
        }
        else
        {
            Address(request);
        }
    }

    protected override void SendResponse(Message response)
    {
        if (response.Caller.Silo is { } silo)
        {
            SendTo(silo, response);
        }
        else if (!_silo.Links.TrySend(response.Caller.Client, response))
        {
            if (response.Gateway is { } gateway && !gateway.Equals(_silo.Address))
            {
                SendTo(gateway, response);
            }
            else
            {
                Lost(response, new OrleansException("the client is gone"));
            }
        }
    }

    protected override void SendCancel(Message cancel, NodeAddress sentTo)
    {
        if (sentTo.Silo is { } silo)
        {
            if (silo.Equals(_silo.Address))
            {
                TryCancel(cancel);
            }
            else
            {
                SendTo(silo, cancel);
            }
        }
        else
        {
            _silo.Links.TrySend(sentTo.Client, cancel);
        }
    }

    protected override void Dropped(Message message, Exception reason) => LogDropped(message.Kind, message.Target, reason.Message);

    private void SendTo(SiloAddress silo, Message message)
    {
        if (message.LocalCaller is { } caller)
        {
            caller.SentTo = _silo.NodeOf(silo);
        }

        if (message.Kind == MessageKind.Request)
        {
            if (message.IsGivenUp)
            {
                Finished(message);
                return;
            }

            // A cancel that comes later follows it.
            message.SentOnAt = CoarseNow;
            message.SentOnTo = silo;
        }

        _silo.Links.Send(silo, message);
        if (message.Kind == MessageKind.Request && !message.Caller.Equals(Node))
        {
            // If that silo dies, its caller is the only one who can know what to fail.
            SendResponse(new Message { Kind = MessageKind.SentOn, Id = message.Id, Caller = message.Caller, Gateway = message.Gateway, AnsweredBy = silo });
        }
    }

    private void SendToNode(Message request)
    {
        NodeAddress node;
        try
        {
            node = NodeGrains.NodeOf(request.Target);
        }
        catch (FormatException e)
        {
            Reject(request, new OrleansMessageRejectionException($"{request.Target} is no address of a silo or client. {e.Message}"));
            return;
        }

        if (node.Equals(Node))
        {
            Observers.Deliver(request);
        }
        else if (node.Silo is { } silo)
        {
            SendTo(silo, request);
        }
        else if (request.LocalCaller is { } caller)
        {
            caller.SentTo = node;
            SendToClient(node.Client, request);
        }
        else
        {
            SendToClient(node.Client, request);
        }
    }

    private void SendToClient(Guid client, Message request)
    {
        if (_silo.Links.TrySend(client, request))
        {
            return;
        }

        if (request.Kind == MessageKind.OneWay && request.Target.Type.Value == Membership.TargetType)
        {
            // It left while it was being told. Connected to others, it hears there what they know.
            Lost(request, new SiloUnavailableException("the client left"));
            return;
        }

        // Clients connect to every gateway they know; one that is new to us may be known to the others already.
        var others = _silo.Membership.Table.Entries.Where(e => e.Status == SiloStatus.Active && e.GatewayPort != 0 && !e.Silo.Equals(_silo.Address)).ToArray();
        if (request.Hops < Math.Min(others.Length, 8))
        {
            var next = others[request.Hops++ % others.Length];
            SendTo(next.Silo, request);
        }
        else
        {
            Reject(request, new SiloUnavailableException($"The client behind {request.Target} is not connected to any silo asked. It may be gone, or its observer with it."));
        }
    }

    [LoggerMessage(LogLevel.Error, "{Where} failed outside a call")]
    private partial void LogTurnFailed(Exception exception, string where);

    [LoggerMessage(LogLevel.Debug, "{Kind} to {Target} was lost: {Reason}")]
    private partial void LogLost(MessageKind kind, GrainId target, string reason);

    [LoggerMessage(LogLevel.Warning, "{Kind} to {Target} was dropped: {Reason}")]
    private partial void LogDropped(MessageKind kind, GrainId target, string reason);
}
