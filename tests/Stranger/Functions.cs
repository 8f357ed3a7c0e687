namespace Orleans.Dask.Stranger;

/// <summary>A type of the client alone.</summary>
public sealed record Reading(string Station, double[] Values, DateOnly Day)
{
    /// <summary>Mean of the values.</summary>
    public double Mean => Values.Average();
}

internal static class Functions
{
    private static readonly int[] Weights = [1, 2, 3];

    public static IEnumerable<(string Name, Delegate Function)> All
    {
        get
        {
            double[] array = [0.5, 1.5, 2.5];
            var dictionary = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase) { ["two"] = 2, ["three"] = 3 };
            Func<int, int> another = x => x * 10;
            yield return ("captures", (Func<string, double>)(name => array.Sum() + another(dictionary[name])));
            yield return ("plain", (Func<int, int>)(x => x + 1));
            yield return ("statics", (Func<int>)(() => Weights.Sum()));
            yield return ("record", (Func<double, object>)(x => new Reading("north", [x, x + 1], new DateOnly(2015, 1, 2))));
            yield return ("generic", (Func<IEnumerable<int>, int>)Largest);
            yield return ("async", (Func<int, Task<int>>)(async x =>
            {
                await Task.Yield();
                return another(x) + array.Length;
            }));
        }
    }

    private static T Largest<T>(IEnumerable<T> items)
        where T : IComparable<T> => items.Aggregate((a, b) => a.CompareTo(b) > 0 ? a : b);
}
