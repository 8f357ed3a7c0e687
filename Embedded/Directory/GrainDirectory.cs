using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>
/// Where grains are. Every active silo owns the part that the ring gives it; the silos' own activations are the truth, so the
/// directory needs no storage: when the ring changes each silo tells the new owners what it hosts of theirs.
/// </summary>
/// <remarks>
/// An owner answers for a new ring only when all silos have told it (or died, or took longer than <see cref="Patience"/>). Without
/// failures a grain therefore has one activation at any time. With failures a second may live for a moment: the owner keeps the
/// one it heard of first and tells the other to go.
/// </remarks>
internal sealed partial class GrainDirectory : IDirectoryTarget
{
    public const string TargetType = "sys.directory";

    private readonly EmbeddedSilo _silo;
    private readonly ILogger _logger;
    private readonly DirectoryPartition _partition = new();

    public GrainDirectory(EmbeddedSilo silo)
    {
        _silo = silo;
        _logger = silo.Logger;
    }

    /// <summary>Looks the grain up. Completes at once when this silo owns it.</summary>
    /// <returns>Null: it has no activation.</returns>
    public ValueTask<SiloAddress?> LookupAsync(GrainId grain)
    {
        var view = _view;
        return view.IsReady && _silo.Address.Equals(view.Ring.OwnerOf(grain))
            ? new ValueTask<SiloAddress?>(LivingSilo(_partition.Find(grain)))
            : AskAsync(grain, null);
    }

    /// <summary>Enters an activation of this silo.</summary>
    /// <returns>Null when it is in; else the silo of the activation that was there before.</returns>
    public ValueTask<SiloAddress?> RegisterAsync(Activation activation)
    {
        var view = _view;
        return view.IsReady && _silo.Address.Equals(view.Ring.OwnerOf(activation.GrainId))
            ? new ValueTask<SiloAddress?>(WinnerOver(activation, RegisterHere(activation.GrainId, RegistrationOf(activation))))
            : RegisterElsewhereAsync(activation);
    }

    public async ValueTask UnregisterAsync(Activation activation)
    {
        var owner = _view.Ring.OwnerOf(activation.GrainId);
        if (_silo.Address.Equals(owner))
        {
            _partition.Unregister(activation.GrainId, RegistrationOf(activation));
        }
        else if (owner is not null)
        {
            try
            {
                await Target(owner).UnregisterAsync(activation.GrainId, _silo.Address, activation.Number);
            }
            catch (Exception e) when (e is OrleansException or TimeoutException)
            {
                // The owner is going away; the next one is told only of what is hosted then.
                LogUnregisterFailed(activation.GrainId, owner, e.Message);
            }
        }
    }

    async ValueTask<DirectoryAnswer> IDirectoryTarget.LookupAsync(GrainId grain, long version)
    {
        var view = await ViewAtAsync(version);
        return _silo.Address.Equals(view.Ring.OwnerOf(grain))
            ? new DirectoryAnswer(LivingSilo(_partition.Find(grain)), false, view.Version)
            : new DirectoryAnswer(null, true, view.Version);
    }

    async ValueTask<DirectoryAnswer> IDirectoryTarget.RegisterAsync(GrainId grain, SiloAddress silo, long number, long version)
    {
        var view = await ViewAtAsync(version);
        if (!_silo.Address.Equals(view.Ring.OwnerOf(grain)))
        {
            return new DirectoryAnswer(null, true, view.Version);
        }

        var present = RegisterHere(grain, new Registration(silo, number));
        return new DirectoryAnswer(present == new Registration(silo, number) ? null : present.Silo, false, view.Version);
    }

    ValueTask IDirectoryTarget.UnregisterAsync(GrainId grain, SiloAddress silo, long number)
    {
        _partition.Unregister(grain, new Registration(silo, number));
        return default;
    }

    ValueTask IDirectoryTarget.HandoffAsync(SiloAddress from, long version, DirectoryEntry[] entries, bool last)
    {
        Enter(from, entries);
        if (last)
        {
            Told(from, version);
        }

        return default;
    }

    ValueTask IDirectoryTarget.LostAsync(GrainId grain, long number, SiloAddress winner)
    {
        if (_silo.Find(grain) is { } activation && activation.Number == number)
        {
            _silo.Runtime.Learned(grain, winner);
            activation.Deactivate(new DeactivationReason(DeactivationReasonCode.DuplicateActivation, $"An older activation lives on {winner}."));
        }

        return default;
    }

    private static Registration RegistrationOf(Activation activation) => new(activation.Silo.Address, activation.Number);

    private Registration RegisterHere(GrainId grain, Registration wanted) => _partition.Register(grain, wanted, _silo.Membership.IsDead);

    private SiloAddress? LivingSilo(SiloAddress? silo) => silo is null || _silo.Membership.IsDead(silo) ? null : silo;

    private static SiloAddress? WinnerOver(Activation activation, Registration registered) =>
        registered == RegistrationOf(activation) ? null : registered.Silo;

    private async ValueTask<SiloAddress?> AskAsync(GrainId grain, Activation? activation)
    {
        var least = 0L;
        while (true)
        {
            var view = await ViewAtAsync(least);
            var owner = view.Ring.OwnerOf(grain);
            if (owner is null)
            {
                // Not in the cluster yet.
                least = view.Version + 1;
                continue;
            }

            if (owner.Equals(_silo.Address))
            {
                if (activation is null)
                {
                    return LivingSilo(_partition.Find(grain));
                }

                return WinnerOver(activation, RegisterHere(grain, RegistrationOf(activation)));
            }

            DirectoryAnswer answer;
            try
            {
                answer = activation is null
                    ? await Target(owner).LookupAsync(grain, view.Version)
                    : await Target(owner).RegisterAsync(grain, _silo.Address, activation.Number, view.Version);
            }
            catch (SiloUnavailableException)
            {
                await _silo.Membership.UntilChangedAsync(_silo.Environment.Time);
                continue;
            }

            if (!answer.Stale)
            {
                return answer.Silo;
            }

            least = Math.Max(answer.Version, view.Version);
            if (answer.Version <= view.Version)
            {
                // The other one is behind; it will hear of our version.
                await _silo.Membership.UntilChangedAsync(_silo.Environment.Time);
            }
        }
    }

    private ValueTask<SiloAddress?> RegisterElsewhereAsync(Activation activation) => AskAsync(activation.GrainId, activation);

    private IDirectoryTarget Target(SiloAddress silo) => _silo.Runtime.SystemTarget<IDirectoryTarget>(TargetType, new NodeAddress(silo));

    [LoggerMessage(LogLevel.Debug, "Entry of {Grain} was not removed from the directory on {Owner}: {Reason}")]
    private partial void LogUnregisterFailed(GrainId grain, SiloAddress owner, string reason);
}
