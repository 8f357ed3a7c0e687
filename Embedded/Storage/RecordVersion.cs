using System.Buffers.Binary;
using System.Globalization;
using Orleans.Storage;

namespace Orleans.Embedded;

/// <summary>
/// The version of a record, its ETag: how often it was written, which tells older from newer, and a number drawn for each write,
/// so that no version comes twice, not even when a record is cleared and begun anew.
/// </summary>
internal readonly record struct RecordVersion(long Count, ulong Tag)
{
    public static RecordVersion First(IRandomness randomness) => new(1, Draw(randomness));

    /// <param name="present">An ETag, whoever made it; null: there is no record.</param>
    public static RecordVersion After(string? present, IRandomness randomness) =>
        TryParse(present, out var version) ? new(version.Count + 1, Draw(randomness)) : First(randomness);

    public static bool TryParse(string? text, out RecordVersion version)
    {
        version = default;
        var dash = text?.IndexOf('-', StringComparison.Ordinal) ?? -1;
        if (dash < 0
            || !long.TryParse(text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || !ulong.TryParse(text.AsSpan(dash + 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var tag))
        {
            return false;
        }

        version = new RecordVersion(count, tag);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Count}-{Tag:x16}");

    /// <summary>The error of a writer that expects another version than the one stored.</summary>
    /// <param name="name">The record.</param>
    /// <param name="place">Where it is kept.</param>
    /// <param name="stored">Null: there is no record.</param>
    /// <param name="expected">What the writer read last; null: no record.</param>
    public static InconsistentStateException Conflict(RecordName name, string place, string? stored, string? expected)
    {
        var older = TryParse(expected, out var mine) && TryParse(stored, out var theirs) && theirs.Count < mine.Count;
        return new InconsistentStateException(
            older ? $"The record {name} in {place} is older than what was read or written before. Was an old copy put back, or was it begun anew?"
            : stored is null ? $"The record {name} in {place} was cleared by another activation."
            : $"The record {name} in {place} was written by another activation.",
            stored,
            expected);
    }

    private static ulong Draw(IRandomness randomness)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        randomness.FillSecret(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }
}
