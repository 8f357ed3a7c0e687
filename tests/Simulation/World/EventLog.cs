using System.Globalization;

namespace Orleans.Dask.Simulation.World;

/// <summary>Every event of a run in order: always as a hash, as text where somebody wants to read it.</summary>
internal sealed class EventLog(TextWriter? text)
{
    private const ulong Prime = 1099511628211;
    private ulong _hash = 14695981039346656037;

    public long Count { get; private set; }

    public ulong Hash => _hash;

    public bool IsText => text is not null;

    public void Add(long ticks, string process, string kind, string? what, string? more = null)
    {
        Count++;
        Mix((ulong)ticks);
        Mix(process);
        Mix(kind);
        Mix(what);
        Mix(more);
        if (text is not null)
        {
            text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{ticks / 1e7,14:0.0000000} {process,-8} {kind,-8} {what}{(more is null ? "" : " ")}{more}"));
        }
    }

    /// <summary>For readers only: no part of the hash, which must not depend on who reads.</summary>
    public void Remark(long ticks, string process, string what) =>
        text?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{ticks / 1e7,14:0.0000000} {process,-8} {"#",-8} {what}"));

    private void Mix(ulong value) => _hash = (_hash ^ value) * Prime;

    private void Mix(string? value)
    {
        if (value is null)
        {
            Mix(0xFF);
            return;
        }

        foreach (var c in value)
        {
            Mix(c);
        }

        Mix((ulong)value.Length);
    }
}
