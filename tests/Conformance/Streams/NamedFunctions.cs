namespace Orleans.Dask.Conformance.Streams;

/// <summary>The functions that vectors name, over items. A function given a kind of value it is not made for throws.</summary>
internal static class NamedFunctions
{
    private static readonly Dictionary<string, Func<object?[], object?>> s_functions = new()
    {
        ["identity"] = a => a[0],
        ["inc"] = a => Sum(a[0], 1L),
        ["dec"] = a => Sum(a[0], -1L),
        ["double"] = a => Product(a[0], 2L),
        ["square"] = a => Product(a[0], a[0]),
        ["neg"] = a => Product(a[0], -1L),
        ["half"] = a => Number(a[0]) / 2,
        ["inverse"] = a => Divide(1L, a[0]),
        ["mod3"] = a => (((long)a[0]! % 3) + 3) % 3,
        ["is_even"] = a => (long)a[0]! % 2 == 0,
        ["is_odd"] = a => (long)a[0]! % 2 != 0,
        ["is_positive"] = a => Number(a[0]) > 0,
        ["is_small"] = a => Number(a[0]) is > -5 and < 5,
        ["len"] = a => (long)(a[0] is string text ? text.Length : ((object?[])a[0]!).Length),
        ["first"] = a => ((object?[])a[0]!)[0],
        ["second"] = a => ((object?[])a[0]!)[1],
        ["last"] = a => ((object?[])a[0]!)[^1],
        ["lower"] = a => ((string)a[0]!).ToLowerInvariant(),
        ["upper"] = a => ((string)a[0]!).ToUpperInvariant(),
        ["sum_list"] = a => ((object?[])a[0]!).Aggregate((object?)0L, Sum),
        ["pair_with_self"] = a => new[] { a[0], a[0] },
        ["key_mod3"] = a => new object?[] { (((long)a[0]! % 3) + 3) % 3, a[0] },
        ["add"] = a => Sum(a[0], a[1]),
        ["sub"] = a => Sum(a[0], Product(a[1], -1L)),
        ["mul"] = a => Product(a[0], a[1]),
        ["div"] = a => Divide(a[0], a[1]),
        ["max2"] = a => Number(a[1]) > Number(a[0]) ? a[1] : a[0],
        ["min2"] = a => Number(a[1]) < Number(a[0]) ? a[1] : a[0],
        ["pair"] = a => new[] { a[0], a[1] },
        ["append"] = a => new List<object?>((object?[])a[0]!) { a[1] }.ToArray(),
        ["count_step"] = a => (long)a[0]! + 1,
        ["add_len"] = a => (long)a[0]! + (a[1] is string text ? text.Length : ((object?[])a[1]!).Length),
        ["add_second"] = a => Sum(a[0], ((object?[])a[1]!)[1]),
        ["less_than"] = a => Number(a[0]) < Number(a[1]),
        ["add3"] = a => Sum(Sum(a[0], a[1]), a[2]),
        ["sum_args"] = a => a.Aggregate((object?)0L, Sum),
        ["max_args"] = a => a.MaxBy(Number),
        ["boom"] = _ => throw new InvalidOperationException("boom"),
        ["mean_state"] = a => a[0] is object?[] state
            ? new object?[] { new[] { Sum(state[0], 1L), Sum(state[1], a[1]) }, Divide(Sum(state[1], a[1]), Sum(state[0], 1L)) }
            : throw new ArgumentException("mean_state needs a state."),
        ["delta_state"] = a => new[] { a[1], Sum(a[1], Product(a[0], -1L)) },
        ["count_state"] = a => new object?[] { (long)a[0]! + 1, new object?[] { (long)a[0]! + 1, a[1] } },
    };

    public static bool Knows(string name) => s_functions.ContainsKey(name);

    public static object? Call(string name, params object?[] arguments) => s_functions[name](arguments);

    private static double Number(object? value) => value is long integer ? integer : (double)value!;

    private static object? Sum(object? left, object? right) => (left, right) switch
    {
        (long l, long r) => l + r,
        (string l, string r) => l + r,
        (object?[] l, object?[] r) => l.Concat(r).ToArray(),
        _ => Number(left) + Number(right),
    };

    private static object? Product(object? left, object? right) => left is long l && right is long r ? (object)(l * r) : Number(left) * Number(right);

    private static object Divide(object? left, object? right) => Number(right) == 0 ? throw new DivideByZeroException() : Number(left) / Number(right);
}
