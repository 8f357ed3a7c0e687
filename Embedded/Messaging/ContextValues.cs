namespace Orleans.Embedded;

/// <summary>The request context of one call: an immutable set of names and values, shared by all calls that carry the same.</summary>
internal sealed class ContextValues
{
    private readonly Dictionary<string, object> _values;

    private ContextValues(Dictionary<string, object> values) => _values = values;

    public IEnumerable<string> Keys => _values.Keys;

    public int Count => _values.Count;

    public bool ContainsKey(string key) => _values.ContainsKey(key);

    public bool TryGetValue(string key, out object? value) => _values.TryGetValue(key, out value);

    /// <summary>A copy its receiver may change.</summary>
    public Dictionary<string, object> ToDictionary() => new(_values);

    public static ContextValues? From(Dictionary<string, object> values) => values.Count == 0 ? null : new ContextValues(values);

    public static ContextValues With(ContextValues? before, string key, object value) =>
        new(before is null ? new Dictionary<string, object> { [key] = value } : new Dictionary<string, object>(before._values) { [key] = value });

    public static ContextValues? Without(ContextValues before, string key)
    {
        if (before.Count == 1)
        {
            return null;
        }

        var values = before.ToDictionary();
        values.Remove(key);
        return new ContextValues(values);
    }
}
