namespace Orleans.Dask.Conformance.Arrays;

/// <summary>Operations of the vectors that have no method yet. This list only shrinks: a test fails when one of them has come.</summary>
internal static class NotYet
{
    public static IReadOnlySet<string> Operations { get; } = new HashSet<string>
    {
    };
}
