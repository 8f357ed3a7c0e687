using System.Collections.Concurrent;
using Orleans.Dask.Conformance.Streams;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Conformance.Graphs;

/// <summary>A named function of the vectors as the code of a task; counts its calls.</summary>
internal sealed class GraphFunction(string name, ConcurrentDictionary<string, int> calls) : TaskFunction
{
    public override string Name { get; } = name;

    public override ValueTask<object?> InvokeAsync(object?[] arguments, in TaskContext context)
    {
        if (Name != "list")
        {
            calls.AddOrUpdate(Name, 1, (_, count) => count + 1);
        }

        return new(Call(Name, arguments));
    }

    /// <summary>Those that only graphs use, and those of all vectors.</summary>
    public static object? Call(string name, object?[] arguments) => name switch
    {
        "list" => arguments.ToArray(),
        "object" => Enumerable.Range(0, arguments.Length / 2).ToDictionary(i => (string)arguments[2 * i]!, i => arguments[(2 * i) + 1]),
        "split_words" => ((string)arguments[0]!).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToArray<object?>(),
        "first" when arguments[0] is string text => text[..1],
        "len" when arguments[0] is Dictionary<string, object?> map => (long)map.Count,
        "mod" => Mod((long)arguments[0]!, (long)arguments[1]!),
        "getitem" when arguments[0] is Dictionary<string, object?> map => map[(string)arguments[1]!],
        "getitem" => ((object?[])arguments[0]!)[(long)arguments[1]!],
        "gt" => (long)arguments[0]! > (long)arguments[1]!,
        "eq" => Equals(arguments[0], arguments[1]),
        _ => NamedFunctions.Call(name, arguments),
    };

    private static long Mod(long left, long right) => ((left % right) + right) % right;
}
