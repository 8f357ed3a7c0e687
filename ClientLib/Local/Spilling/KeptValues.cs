using Orleans.Dask.Arrays;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Spilling;

/// <summary>
/// The values of one persisted graph under a memory limit. They count towards it, and go to the disk when a run has no room: first
/// what was not asked for longest. What lies there is read for whoever asks, and stays there.
/// </summary>
/// <remarks>A run that asks for one counts it as a value of its own while it has it; only then is it safe to let ours go at any moment.</remarks>
internal sealed class KeptValues : IDisposable
{
    private readonly Lock _gate = new();
    private readonly MemoryBudget _budget;
    private readonly SpillFile _file;
    private readonly Footprints _footprints;
    private readonly Slot[] _slots;
    private long _counted;
    private long _clock;
    private bool _isDisposed;

    /// <param name="budget">Which counts them already.</param>
    /// <param name="file">Where some are and others may go; it is theirs from now on.</param>
    /// <param name="footprints">Of those in memory.</param>
    /// <param name="values">Per value its number there, itself if it is in memory, and what it is on the disk if it is there.</param>
    public KeptValues(MemoryBudget budget, SpillFile file, Footprints footprints, IEnumerable<(int Id, object? Value, SpilledValue? Spilled)> values)
    {
        (_budget, _file, _footprints, _counted) = (budget, file, footprints, footprints.Kept);
        _slots = [.. values.Select(v => new Slot { Id = v.Id, Value = v.Value, Spilled = v.Spilled })];
        budget.Add(this);
    }

    // Whoever persisted them need not dispose. The file has a finalizer of its own.
    ~KeptValues() => _budget.Change(-_counted, 0);

    /// <summary>A value, from wherever it is.</summary>
    /// <exception cref="SpillException">The disk does not give it back.</exception>
    public object Read(int index)
    {
        SpilledValue spilled;
        lock (_gate)
        {
            var slot = _slots[index];
            slot.LastUse = ++_clock;
            if (slot.Value is { } value)
            {
                // Somebody has it who will not say when he is done.
                slot.IsShown = true;
                return value;
            }

            spilled = slot.Spilled ?? throw new ObjectDisposedException(nameof(PersistedGraph));
        }

        try
        {
            return spilled.Read();
        }
        catch (IOException thrown)
        {
            throw new SpillException($"A persisted value could not be read back from the disk ({_file.Folder}): {thrown.Message}", thrown);
        }
    }

    /// <summary>One that a run wants the memory of; it is to be written, or put back.</summary>
    /// <returns>False where none is left.</returns>
    /// <param name="index">Which.</param>
    /// <param name="freed">What its going frees: the run's, though nobody else knows yet.</param>
    public bool TryTake(out int index, out long freed)
    {
        lock (_gate)
        {
            var before = _footprints.Kept;
            index = -1;
            for (var i = 0; i < _slots.Length; i++)
            {
                if (_slots[i] is { Value: { } value, IsLeaving: false, Stays: false } slot && (index < 0 || slot.LastUse < _slots[index].LastUse) && _footprints.IsWorthSpilling(slot.Id, value))
                {
                    index = i;
                }
            }

            if (index >= 0)
            {
                _slots[index].IsLeaving = true;
                _footprints.Leave(_slots[index].Id, _slots[index].Value);
            }

            freed = before - _footprints.Kept;
            return index >= 0;
        }
    }

    /// <summary>It stays after all.</summary>
    public void PutBack(int index)
    {
        lock (_gate)
        {
            Stay(_slots[index]);
            Count();
        }
    }

    /// <summary>Tells the budget what went.</summary>
    public void Count()
    {
        lock (_gate)
        {
            var kept = _footprints.Kept;
            _budget.Change(kept - _counted, 0);
            _counted = kept;
        }
    }

    /// <summary>Puts one that was taken on the disk. What can't be encoded stays.</summary>
    /// <exception cref="SpillException">The disk does not take it.</exception>
    public void Write(int index)
    {
        var slot = _slots[index];
        try
        {
            if (slot.Spilled is null && slot.Value is { } value)
            {
                var spilled = SpilledValue.Write(_file, value);
                _budget.AddSpilled(_footprints.SizeOf(slot.Id, value));
                lock (_gate)
                {
                    slot.Spilled = spilled;
                }
            }
        }
        catch (PayloadException)
        {
            slot.Stays = true;
        }
        catch (Exception thrown) when (!Volatile.Read(ref _isDisposed))
        {
            throw new SpillException($"A persisted value could not be put on the disk ({_file.Folder ?? "no folder could be made"}): {thrown.Message} Make room there, name another spill folder, or raise the limit.", thrown);
        }
        catch (Exception)
        {
            // They have been let go meanwhile, and their file with them: the memory is free all the same.
            return;
        }
        finally
        {
            lock (_gate)
            {
                Stay(slot);
                if (slot.Spilled is not null)
                {
                    Forget(slot);
                }

                Count();
            }
        }
    }

    public void Dispose()
    {
        Volatile.Write(ref _isDisposed, true);
        lock (_gate)
        {
            foreach (var slot in _slots)
            {
                Forget(slot);
                slot.Spilled = null;
            }

            Count();
        }

        _file.Dispose();
        GC.SuppressFinalize(this);
    }

    private void Stay(Slot slot)
    {
        if (slot is { IsLeaving: true, Value: not null })
        {
            _footprints.Stay(slot.Id, slot.Value);
        }

        slot.IsLeaving = false;
    }

    private void Forget(Slot slot)
    {
        if (slot.Value is null)
        {
            return;
        }

        Stay(slot);
        _footprints.Remove(slot.Id, slot.Value);
        if (!slot.IsShown)
        {
            Lent.LetGo(slot.Value);
        }

        slot.Value = null;
    }

    private sealed class Slot
    {
        public required int Id { get; init; }
        public object? Value;
        public SpilledValue? Spilled;
        public long LastUse;
        public bool IsShown;     // its memory is never anybody else's
        public bool IsLeaving;   // a run writes it
        public bool Stays;       // it can't be encoded
    }
}
