using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>
/// Where grains are. Every active silo owns the part that the ring gives it; the silos' own activations are the truth, so the
/// directory needs no storage: when the ring changes each silo tells the new owners what it hosts of theirs.
/// </summary>
/// <remarks>
/// Three rules keep a grain from living twice while no silo fails:
/// 1. An owner answers for a ring only when every silo has told it what it hosts at that version (<see cref="DirectoryView"/>).
/// 2. A registration counts only if its silo is still at the version that granted it: the check and the mark on the activation are
///    one step under <see cref="_lock"/>, and so is the step to a new version. Hence what a silo tells a new owner is exactly what
///    it may run; one that was still asking asks the new owner.
/// 3. An activation is taken out only of a part that is ready, so its removal can't be overtaken by its own silo's telling.
/// With failures a second activation may live for a moment. Every change of the ring makes each silo tell everything it hosts; the
/// owner keeps the one it heard of first and names the others in its answer, and these are deactivated: none is left for good.
/// </remarks>
internal sealed partial class GrainDirectory : IDirectoryTarget
{
    public const string TargetType = "sys.directory";

    private readonly EmbeddedSilo _silo;
    private readonly ILogger _logger;

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
            ? new ValueTask<SiloAddress?>(LivingSilo(view.Part.Find(grain)))
            : LookupElsewhereAsync(grain);
    }

    /// <summary>Enters an activation of this silo.</summary>
    /// <returns>Null when it is in; else the silo of the activation that was there before.</returns>
    public ValueTask<SiloAddress?> RegisterAsync(Activation activation) =>
        TryRegisterHere(activation, out var winner) ? new ValueTask<SiloAddress?>(winner) : RegisterElsewhereAsync(activation);

    /// <summary>Takes an activation out, wherever it was entered.</summary>
    public ValueTask UnregisterAsync(Activation activation)
    {
        lock (_lock)
        {
            // From here on it is told to no new owner.
            activation.IsRegistered = false;
            if (_view.IsReady && _silo.Address.Equals(_view.Ring.OwnerOf(activation.GrainId)))
            {
                _view.Part.Unregister(activation.GrainId, RegistrationOf(activation));
                return default;
            }
        }

        return UnregisterElsewhereAsync(activation);
    }

    async ValueTask<DirectoryAnswer> IDirectoryTarget.LookupAsync(GrainId grain, long version)
    {
        var view = await ViewAtAsync(version);
        return _silo.Address.Equals(view.Ring.OwnerOf(grain))
            ? new DirectoryAnswer(LivingSilo(view.Part.Find(grain)), false, view.Version)
            : new DirectoryAnswer(null, true, view.Version);
    }

    async ValueTask<DirectoryAnswer> IDirectoryTarget.RegisterAsync(GrainId grain, SiloAddress silo, long number, long version)
    {
        var view = await ViewAtAsync(version);
        if (!_silo.Address.Equals(view.Ring.OwnerOf(grain)) || _silo.Membership.IsDead(silo))
        {
            return new DirectoryAnswer(null, true, view.Version);
        }

        var wanted = new Registration(silo, number);
        var present = view.Part.Register(grain, wanted, _silo.Membership.IsDead);
        return new DirectoryAnswer(present == wanted ? null : present.Silo, false, view.Version);
    }

    async ValueTask IDirectoryTarget.UnregisterAsync(GrainId grain, SiloAddress silo, long number, long version)
    {
        var view = await ViewAtAsync(version);
        view.Part.Unregister(grain, new Registration(silo, number));
    }

    private static Registration RegistrationOf(Activation activation) => new(activation.Silo.Address, activation.Number);

    private SiloAddress? LivingSilo(SiloAddress? silo) => silo is null || _silo.Membership.IsDead(silo) ? null : silo;

    /// <returns>False when the part is not this silo's, or not ready.</returns>
    private bool TryRegisterHere(Activation activation, out SiloAddress? winner)
    {
        lock (_lock)
        {
            if (!_view.IsReady || !_silo.Address.Equals(_view.Ring.OwnerOf(activation.GrainId)))
            {
                winner = null;
                return false;
            }

            var wanted = RegistrationOf(activation);
            var present = _view.Part.Register(activation.GrainId, wanted, _silo.Membership.IsDead);
            activation.IsRegistered = present == wanted;
            winner = activation.IsRegistered ? null : present.Silo;
            return true;
        }
    }

    /// <returns>Whether the grant is of the version at which this silo still is; else it is worth nothing.</returns>
    private bool TryTakeGrant(Activation activation, long version)
    {
        lock (_lock)
        {
            return activation.IsRegistered = _view.Version == version;
        }
    }

    private async ValueTask<SiloAddress?> LookupElsewhereAsync(GrainId grain)
    {
        DirectoryAnswer? before = null;
        while (true)
        {
            var (view, owner) = await OwnerAsync(grain, before);
            if (owner.Equals(_silo.Address))
            {
                return LivingSilo(view.Part.Find(grain));
            }

            before = await AskAsync(Target(owner).LookupAsync(grain, view.Version), view);
            if (before is { Stale: false, Silo: var silo })
            {
                return silo;
            }
        }
    }

    private async ValueTask<SiloAddress?> RegisterElsewhereAsync(Activation activation)
    {
        DirectoryAnswer? before = null;
        while (true)
        {
            var (view, owner) = await OwnerAsync(activation.GrainId, before);
            if (TryRegisterHere(activation, out var winner))
            {
                return winner;
            }

            if (owner.Equals(_silo.Address))
            {
                continue;
            }

            before = await AskAsync(Target(owner).RegisterAsync(activation.GrainId, _silo.Address, activation.Number, view.Version), view);
            if (before is { Stale: false, Silo: { } other })
            {
                return other;
            }

            if (before is { Stale: false, Version: var granted } && TryTakeGrant(activation, granted))
            {
                return null;
            }
        }
    }

    private async ValueTask UnregisterElsewhereAsync(Activation activation)
    {
        var grain = activation.GrainId;
        var view = _view;
        var owner = view.Ring.OwnerOf(grain);
        try
        {
            if (_silo.Address.Equals(owner))
            {
                await view.Ready;
                view.Part.Unregister(grain, RegistrationOf(activation));
            }
            else if (owner is not null)
            {
                await Target(owner).UnregisterAsync(grain, _silo.Address, activation.Number, view.Version);
            }
        }
        catch (Exception e) when (e is OrleansException or TimeoutException)
        {
            // The owner is going away; the next one is told only of what is hosted then.
            LogUnregisterFailed(grain, owner!, e.Message);
        }
    }

    /// <summary>Who owns the grain, by a view that is ready and no older than the last answer asks for.</summary>
    private async ValueTask<(DirectoryView View, SiloAddress Owner)> OwnerAsync(GrainId grain, DirectoryAnswer? before)
    {
        var least = before?.Version ?? 0;
        while (true)
        {
            var view = await ViewAtAsync(least);
            if (view.Ring.OwnerOf(grain) is { } owner)
            {
                return (view, owner);
            }

            // Not in the cluster yet.
            least = view.Version + 1;
        }
    }

    /// <returns>Null when the owner did not answer, or knew no better; membership has changed then, or a moment has passed.</returns>
    private async ValueTask<DirectoryAnswer?> AskAsync(ValueTask<DirectoryAnswer> asking, DirectoryView view)
    {
        DirectoryAnswer? answer = null;
        try
        {
            answer = await asking;
        }
        catch (Exception e) when (e is SiloUnavailableException or TimeoutException)
        {
            // Calls to the grain wait for this one. If question or answer was lost, another will do: the owner answers, or is found to be dead.
        }

        if (answer is null || (answer.Value.Stale && answer.Value.Version <= view.Version))
        {
            await _silo.Membership.UntilChangedAsync(_silo.Environment.Time);
        }

        return answer;
    }

    private IDirectoryTarget Target(SiloAddress silo) => _silo.Runtime.SystemTarget<IDirectoryTarget>(TargetType, new NodeAddress(silo));

    [LoggerMessage(LogLevel.Debug, "Entry of {Grain} was not removed from the directory on {Owner}: {Reason}")]
    private partial void LogUnregisterFailed(GrainId grain, SiloAddress owner, string reason);
}
