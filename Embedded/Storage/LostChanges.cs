using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Orleans.Embedded;

/// <summary>
/// Changes of records of which nobody knows whether they were carried out, or will be yet. Their callers were told so, and hold the
/// version from before.
/// </summary>
internal sealed class LostChanges
{
    private const int MaxRecords = 10_000;
    private readonly ConcurrentDictionary<RecordName, Lost> _records = new();

    /// <param name="name">The record.</param>
    /// <param name="from">The version that was to be changed; null: there was no record.</param>
    /// <param name="to">The version it was to have then; null: it was to be cleared.</param>
    public void Add(RecordName name, string? from, string? to)
    {
        if (_records.Count >= MaxRecords)
        {
            // Who is forgotten here hears at worst that somebody else has written, and reads again.
            _records.Clear();
        }

        _records.AddOrUpdate(
            name,
            static (_, change) => new Lost(change.from, [change.to ?? ""]),
            static (_, lost, change) => lost.From == change.from ? lost with { To = lost.To.Add(change.to ?? "") } : new Lost(change.from, [change.to ?? ""]),
            (from, to));
    }

    /// <summary>Whether there are any of this record.</summary>
    public bool Knows(RecordName name) => _records.ContainsKey(name);

    /// <summary>Whether one of these changes may have made <paramref name="present"/> of <paramref name="from"/>.</summary>
    public bool Made(RecordName name, string? from, string? present) =>
        _records.TryGetValue(name, out var lost) && lost.From == from && lost.To.Contains(present ?? "");

    /// <summary>The record was read: unless it is as it was, it was one of them or none, and no other can follow.</summary>
    public void Seen(RecordName name, string? version)
    {
        if (_records.TryGetValue(name, out var lost) && lost.From != version)
        {
            _records.TryRemove(KeyValuePair.Create(name, lost));
        }
    }

    public void Forget(RecordName name) => _records.TryRemove(name, out _);

    private sealed record Lost(string? From, ImmutableHashSet<string> To);
}
