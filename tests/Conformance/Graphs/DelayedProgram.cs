using System.Text.Json;
using Orleans.Dask.Conformance.Streams;

namespace Orleans.Dask.Conformance.Graphs;

/// <summary>A program of lazy values, through <see cref="Delayed"/>: lists of them are left for it to look into.</summary>
internal sealed class DelayedProgram
{
    private readonly Dictionary<string, Delayed<object?>> _lets = [];

    public DelayedProgram(JsonElement lets)
    {
        foreach (var let in lets.EnumerateArray())
        {
            var value = Evaluate(let[1]);
            _lets[let[0].GetString()!] = value as Delayed<object?> ?? Delayed.Invoke<object?>(Identity, value);
        }
    }

    public Delayed<object?> this[string name] => _lets[name];

    private object? Evaluate(JsonElement expression)
    {
        if (expression.ValueKind == JsonValueKind.String && expression.GetString() is ['$', .. var name])
        {
            return _lets[name];
        }

        if (expression.ValueKind != JsonValueKind.Array)
        {
            return Items.Value(expression);
        }

        var function = expression[0].GetString()!;
        object arguments = expression.EnumerateArray().Skip(1).Select(Evaluate).ToArray();
        return function == "list" ? arguments
            : Delayed.Invoke<object?>((string function, object?[] arguments) => GraphFunction.Call(function, arguments), function.Replace("op:", "", StringComparison.Ordinal), arguments);
    }

    private static object? Identity(object? value) => value;
}
