using System.Collections.Concurrent;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>Where grains are: what answers told, what the directory knows, and what their placement directors choose.</summary>
internal sealed partial class SiloRuntime
{
    private const int MaxLocations = 200_000;

    private readonly ConcurrentDictionary<GrainId, SiloAddress> _locations = new();
    private readonly ConcurrentDictionary<GrainId, Addressing> _addressing = new();
    private int _locationCount;

    public void Learned(GrainId grain, SiloAddress silo) => Learn(grain, silo);

    private void ForgetLocation(GrainId grain)
    {
        if (_locations.TryRemove(grain, out _))
        {
            Interlocked.Decrement(ref _locationCount);
        }
    }

    /// <summary>Forgets where grains were that a dead silo hosted.</summary>
    public void ForgetLocations(SiloAddress dead)
    {
        foreach (var location in _locations)
        {
            if (location.Value.Equals(dead) && _locations.TryRemove(location))
            {
                Interlocked.Decrement(ref _locationCount);
            }
        }
    }

    protected override void Learn(GrainId grain, SiloAddress silo)
    {
        // Nearly every answer says what is known.
        if ((_locations.TryGetValue(grain, out var known) && known.Equals(silo)) || silo.Equals(_silo.Address) || _silo.Membership.IsDead(silo))
        {
            return;
        }

        if (_locations.TryAdd(grain, silo))
        {
            // Rebuilt by use; a bounded memory is worth more than a perfect one.
            if (Interlocked.Increment(ref _locationCount) > MaxLocations)
            {
                _locations.Clear();
                Volatile.Write(ref _locationCount, 0);
            }
        }
        else
        {
            _locations[grain] = silo;
        }

        if (_silo.Membership.IsDead(silo))
        {
            // It died after the first look; who forgets the dead may have passed already.
            ForgetLocation(grain);
        }
    }

    /// <summary>Finds or makes a place for the grain; requests that come meanwhile share the answer.</summary>
    private void Address(Message request)
    {
        request.TakeCall(this);
        while (true)
        {
            var mine = new Addressing(request);
            var present = _addressing.GetOrAdd(request.Target, mine);
            if (ReferenceEquals(present, mine))
            {
                _ = AddressAsync(mine, request.Target);
                return;
            }

            if (present.TryAdd(request))
            {
                return;
            }
        }
    }

    private async Task AddressAsync(Addressing addressing, GrainId grain)
    {
        SiloAddress? silo = null;
        Activation? activation = null;
        Exception? failure = null;
        var isNew = false;

        // How grains are placed that this silo cannot host, those know that can: any of them sees to it.
        var isGuess = false;
        try
        {
            while (true)
            {
                silo = await _silo.Directory.LookupAsync(grain);
                isNew = silo is null;
                isGuess = isNew && _silo.Catalog.Find(grain.Type) is null;
                silo ??= await _silo.Placement.ChooseAsync(addressing.First);
                if (silo.Equals(_silo.Address) ? (activation = _silo.Activate(grain)) is not null : !_silo.Membership.IsDead(silo))
                {
                    break;
                }

                // Chosen while it leaves: the next table says so, and then another is.
                await _silo.Membership.UntilChangedAsync(_silo.Environment.Time);
                if (_silo.IsStopped)
                {
                    throw new SiloUnavailableException($"{_silo.Address} has stopped.");
                }
            }
        }
        catch (Exception e)
        {
            failure = e;
        }

        _addressing.TryRemove(KeyValuePair.Create(grain, addressing));
        foreach (var request in addressing.Close())
        {
            if (failure is not null)
            {
                Reject(request, failure);
            }
            else if (activation is not null)
            {
                activation.Accept(request);
            }
            else
            {
                request.NewPlacement = isNew && !isGuess;
                SendTo(silo!, request);
            }
        }

        if (failure is null && !isGuess)
        {
            Learn(grain, silo!);
        }
    }

    /// <summary>Requests to one grain while its place is sought.</summary>
    private sealed class Addressing(Message first)
    {
        private List<Message>? _requests = [first];

        public Message First => first;

        public bool TryAdd(Message request)
        {
            lock (this)
            {
                _requests?.Add(request);
                return _requests is not null;
            }
        }

        public List<Message> Close()
        {
            lock (this)
            {
                var requests = _requests!;
                _requests = null;
                return requests;
            }
        }
    }
}
