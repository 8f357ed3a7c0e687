using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Grains.Execution;

/// <summary>The last epochs of sessions that have ended here: a message that was long under way must not begin one again. Knows the latest few thousand.</summary>
internal sealed class EndedSessions
{
    private const int Most = 4_096;

    private readonly Lock _gate = new();
    private readonly Dictionary<SessionId, long> _epochs = [];
    private readonly Queue<SessionId> _oldestFirst = new();

    public void Add(SessionId session, long epoch)
    {
        lock (_gate)
        {
            if (_epochs.TryGetValue(session, out var known))
            {
                _epochs[session] = Math.Max(known, epoch);
                return;
            }

            _epochs.Add(session, epoch);
            _oldestFirst.Enqueue(session);
            if (_oldestFirst.Count > Most)
            {
                _epochs.Remove(_oldestFirst.Dequeue());
            }
        }
    }

    /// <summary>Whether the session has ended, in this epoch or a later one.</summary>
    public bool Includes(SessionId session, long epoch)
    {
        lock (_gate)
        {
            return _epochs.TryGetValue(session, out var ended) && epoch <= ended;
        }
    }
}
