using Orleans.Embedded;

namespace Orleans.Runtime;

/// <summary>Small values that travel with a call and with the calls it makes. Changes made by the callee stay there.</summary>
public static class RequestContext
{
    private static readonly AsyncLocal<ContextValues?> Current = new();

    /// <summary>Names of the values set here.</summary>
    public static IEnumerable<string> Keys => Values?.Keys ?? Enumerable.Empty<string>();

    /// <summary>Not empty: grains that this call chain passed may be entered again by it.</summary>
    public static Guid ReentrancyId
    {
        get => Get(ReentrancyKey) is Guid id ? id : Guid.Empty;
        set
        {
            if (value == Guid.Empty)
            {
                Remove(ReentrancyKey);
            }
            else
            {
                Set(ReentrancyKey, value);
            }
        }
    }

    internal static ContextValues? Values
    {
        get => Current.Value;
        set
        {
            // Writing an AsyncLocal allocates; most calls carry nothing.
            if (!ReferenceEquals(Current.Value, value))
            {
                Current.Value = value;
            }
        }
    }

    internal const string ReentrancyKey = "#reentrancy";

    public static object? Get(string key) => Values is { } values && values.TryGetValue(key, out var value) ? value : null;

    public static void Set(string key, object value) => Values = ContextValues.With(Values, key, value);

    /// <returns>Whether there was such a value.</returns>
    public static bool Remove(string key)
    {
        if (Values is not { } values || !values.ContainsKey(key))
        {
            return false;
        }

        Values = ContextValues.Without(values, key);
        return true;
    }

    public static void Clear() => Values = null;

    /// <summary>Until disposed, calls made from here may come back into this grain although it waits for them.</summary>
    public static ReentrancySection AllowCallChainReentrancy()
    {
        var before = ReentrancyId;
        var activation = Activation.Running;
        var id = before != Guid.Empty || activation is null ? before : activation.Silo.Environment.Randomness.NewGuid();
        if (activation is not null)
        {
            activation.EnterReentrancy(id);
            ReentrancyId = id;
        }

        return new ReentrancySection(activation, before, id);
    }

    /// <summary>Ends what <see cref="AllowCallChainReentrancy"/> began.</summary>
    public readonly struct ReentrancySection : IDisposable
    {
        private readonly Activation? _activation;
        private readonly Guid _before;
        private readonly Guid _id;

        internal ReentrancySection(Activation? activation, Guid before, Guid id)
        {
            _activation = activation;
            _before = before;
            _id = id;
        }

        public void Dispose()
        {
            if (_activation is not null)
            {
                _activation.LeaveReentrancy(_id);
                ReentrancyId = _before;
            }
        }
    }
}
