using System.Globalization;

namespace Orleans.Dask;

/// <summary>What stands beyond the ends of an axis: nothing, a mirror image, the other end, the last value, or a number.</summary>
public readonly struct Boundary
{
    private readonly string? _text;

    private Boundary(string text) => _text = text;

    /// <summary>Nothing: chunks at the ends are not grown there.</summary>
    public static Boundary None => new("none");

    /// <summary>The array mirrored, its last element repeated.</summary>
    public static Boundary Reflect => new("reflect");

    /// <summary>The other end of the array.</summary>
    public static Boundary Periodic => new("periodic");

    /// <summary>The last element, again and again.</summary>
    public static Boundary Nearest => new("nearest");

    /// <summary>A number.</summary>
    public static implicit operator Boundary(double value) => new(value.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>By name: none, reflect, periodic, nearest.</summary>
    public static implicit operator Boundary(string name) => name is "none" or "reflect" or "periodic" or "nearest" ? new(name)
        : throw new ArrayException($"Boundary '{name}' is unknown. Pass \"none\", \"reflect\", \"periodic\", \"nearest\" or a number.");

    internal string Text => _text ?? "none";
}
