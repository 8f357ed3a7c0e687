using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Grains.Tasks;

/// <summary>Key of a value's grain: <c>session/layer[index]</c>.</summary>
internal readonly record struct ValueKey(SessionId Session, TaskKey Key)
{
    public override string ToString() => $"{Session.Value}/{Key}";

    public static bool TryParse(string? text, out ValueKey key)
    {
        var slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (slash <= 0 || text![^1] != ']' || text.LastIndexOf('[') < slash)
        {
            key = default;
            return false;
        }

        try
        {
            key = new ValueKey(new SessionId(text[..slash]), TaskKey.Parse(text[(slash + 1)..]));
            return true;
        }
        catch (FormatException)
        {
            // The caller says what it expected.
            key = default;
            return false;
        }
    }

    /// <exception cref="FormatException">Not of that form.</exception>
    public static ValueKey Parse(string text) =>
        TryParse(text, out var key) ? key : throw new FormatException($"'{text}' is no key of a value's grain. Expected session/layer[index], such as s1/sum-1f0c9a[3].");
}
