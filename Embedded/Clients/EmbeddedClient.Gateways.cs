using System.Net;
using Orleans.Runtime;
using Orleans.Runtime.Messaging;

namespace Orleans.Embedded;

/// <summary>Which silos there are, and the way to them.</summary>
internal sealed partial class EmbeddedClient
{
    private void Accept(MembershipTable table)
    {
        lock (_tableLock)
        {
            // Without a connection it has lost that cluster, and takes whichever it finds at its gateways.
            if (_table is { } known && table.Version <= known.Version && !_isLost)
            {
                return;
            }

            _isLost = false;
            _table = table;
            _open = OpenIn(table);
        }

        // One that was succeeded at its address need not stand in the table any more: calls would go to it for ever.
        foreach (var silo in _links.ConnectedSilos.Where(table.IsDead).Where(silo => table.Find(silo) is null).Order().ToArray())
        {
            _links.Drop(silo, "it is dead");
            Forget(silo, $"{silo} died before it answered. Whether the call ran is not known.");
        }

        foreach (var entry in table.Entries)
        {
            if (entry is { Status: SiloStatus.Dead, Left: false })
            {
                _links.Drop(entry.Silo, "it is dead");
                Forget(entry.Silo, $"{entry.Silo} died before it answered. Whether the call ran is not known.");
            }
            else if (entry.Status != SiloStatus.Active)
            {
                // It sends on what it still gets, and closes its connection itself.
                ForgetLocations(entry.Silo);
            }
        }

        ConnectToAll();
        _firstTable.TrySetResult();
    }

    /// <summary>Silos with a connection that are not about to leave.</summary>
    private SiloAddress[] OpenIn(MembershipTable? table) =>
        [.. _links.ConnectedSilos.Where(silo => table?.Find(silo) is null or { Status: SiloStatus.Active or SiloStatus.Joining }).Order()];

    private void Forget(SiloAddress silo, string reason)
    {
        ForgetLocations(silo);
        FailCallsTo(new NodeAddress(silo), () => new SiloUnavailableException(reason));
    }

    private void ForgetLocations(SiloAddress silo)
    {
        foreach (var location in _locations)
        {
            if (location.Value.Equals(silo))
            {
                _locations.TryRemove(location);
            }
        }
    }

    private void ConnectToAll()
    {
        foreach (var entry in _table?.Entries ?? [])
        {
            if (entry.Status == SiloStatus.Active && entry.GatewayPort != 0 && !_links.IsConnectedTo(entry.Silo))
            {
                _ = ConnectAsync(GatewayOf(entry.Silo)!);
            }
        }

        if (_open.Length == 0)
        {
            foreach (var gateway in _setup.Gateways)
            {
                _ = ConnectAsync(gateway);
            }
        }
    }

    private async Task ConnectAsync(IPEndPoint gateway)
    {
        try
        {
            await _links.ConnectAsync(gateway, CancellationToken.None);
        }
        catch (Exception e) when (e is ConnectionFailedException or OperationCanceledException)
        {
            // Tried again with the next look.
            LogNoGateway(gateway, e.Message);
        }
    }

    /// <summary>
    /// A machine that is gone, or a process that hangs, breaks no connection: calls would go there for ever, and when all gateways are
    /// gone like that nobody is left to tell of others.
    /// </summary>
    private async Task ProbeAsync(SiloAddress silo)
    {
        var began = Environment.Time.GetTimestamp();
        try
        {
            var node = _nodes.GetOrAdd(silo, static silo => new NodeAddress(silo));
            await SystemTarget<IMembershipTarget>(Membership.TargetType, node).ProbeAsync().AsTask().WaitAsync(SilentAtMost, Environment.Time);
        }
        catch (TimeoutException) when (Environment.Time.GetElapsedTime(began) < SilentAtMost * 2)
        {
            _links.Drop(silo, $"it has been silent for {SilentAtMost.TotalSeconds} s");
            Forget(silo, $"{silo} has been silent for {SilentAtMost.TotalSeconds} s. Whether the call ran is not known.");
        }
        catch (Exception e) when (e is OrleansException or TimeoutException)
        {
            // It went, or this process was asleep and is no judge of others.
            LogNotProbed(silo, e.Message);
        }
        finally
        {
            _probed.TryRemove(silo, out _);
        }
    }

    private IPEndPoint? GatewayOf(SiloAddress silo) =>
        _table?.Find(silo) is { GatewayPort: not 0 } entry ? new IPEndPoint(silo.Endpoint.Address, entry.GatewayPort) : null;

    private SiloAddress AnyGateway(GrainId grain)
    {
        var open = _open;
        return open.Length == 0
            ? throw new SiloUnavailableException("The client is connected to no gateway. It keeps trying; try again in a moment.")
            : open[(int)(StableHash.Of(grain) % (ulong)open.Length)];
    }
}
