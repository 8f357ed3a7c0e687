namespace Orleans.Embedded.Serialization;

/// <summary>Comparers that a dictionary or set may carry over the wire.</summary>
internal enum WireComparer : byte
{
    Default = 0,
    Ordinal = 1,
    OrdinalIgnoreCase = 2,
}

/// <summary>Finds a comparer's number and the comparer of a number; any other comparer is code, and code does not travel.</summary>
internal static class WireComparers
{
    public static WireComparer Of<T>(IEqualityComparer<T>? comparer, Type owner) =>
        comparer is null || comparer.Equals(EqualityComparer<T>.Default) ? WireComparer.Default : Named(comparer, owner);

    public static WireComparer Of<T>(IComparer<T>? comparer, Type owner) =>
        comparer is null || comparer.Equals(Comparer<T>.Default) ? WireComparer.Default : Named(comparer, owner);

    public static IEqualityComparer<T>? Equality<T>(int number) => (IEqualityComparer<T>?)Known<T>(number);

    public static IComparer<T>? Order<T>(int number) => (IComparer<T>?)Known<T>(number);

    private static WireComparer Named(object comparer, Type owner) =>
        ReferenceEquals(comparer, StringComparer.Ordinal) ? WireComparer.Ordinal
        : ReferenceEquals(comparer, StringComparer.OrdinalIgnoreCase) ? WireComparer.OrdinalIgnoreCase
        : throw new WireException($"A {owner.DisplayName()} uses {comparer.GetType().DisplayName()}, which cannot cross the wire. Use the default comparer, StringComparer.Ordinal or StringComparer.OrdinalIgnoreCase.");

    private static StringComparer? Known<T>(int number) => (WireComparer)number switch
    {
        WireComparer.Default => null,
        WireComparer.Ordinal when typeof(T) == typeof(string) => StringComparer.Ordinal,
        WireComparer.OrdinalIgnoreCase when typeof(T) == typeof(string) => StringComparer.OrdinalIgnoreCase,
        _ => throw new WireException($"Comparer {number} is none for {typeof(T).DisplayName()}."),
    };
}
