using System.Text.Json;

namespace Orleans.Dask.Conformance.Arrays;

/// <summary>
/// Evaluates a vector's expression. Most operations are the public method of the same name (PascalCase for snake_case,
/// camelCase for keywords); <see cref="SpecialForms"/> hold those that C# writes otherwise.
/// </summary>
internal sealed class Interpreter(Vector vector, Func<long[], long[][], ChunkSpec> chunking)
{
    private readonly Dictionary<string, object> _inputs = [];

    public object? Evaluate() => Evaluate(vector.Line.GetProperty("expr"));

    private object? Evaluate(JsonElement expression)
    {
        switch (expression.ValueKind)
        {
            case JsonValueKind.String when expression.GetString()!.StartsWith('$'):
                return Input(expression.GetString()![1..]);
            case JsonValueKind.Null:
                return null;
            case JsonValueKind.Array:
                return Apply(expression);
            default:
                return new Weak(Values.Number(expression));
        }
    }

    private object Input(string name)
    {
        if (!_inputs.TryGetValue(name, out var array))
        {
            array = _inputs[name] = Make(vector.Line.GetProperty("inputs").GetProperty(name));
        }

        return array;
    }

    private object Make(JsonElement input)
    {
        var type = Values.Type(input.GetProperty("dtype").GetString()!);
        var shape = Values.Lengths(input.GetProperty("shape"));
        var chunks = input.GetProperty("chunks").EnumerateArray().Select(Values.Lengths).ToArray();
        var data = Values.Data(input.GetProperty("data"), type);
        var lengths = Array.ConvertAll(shape, l => (int)l);
        var array = Typed.Call<DaskArray>(type, nameof(Typed.FromArray), data, lengths, chunking(shape, chunks));
        return input.TryGetProperty("mask", out var mask)
            ? Typed.Call<object>(type, nameof(Typed.Masked), array, Typed.FromArray<bool>(Values.Mask(mask), lengths, chunking(shape, chunks)))
            : array;
    }

    private object? Apply(JsonElement expression)
    {
        var operation = expression[0].GetString()!;
        var parts = expression.EnumerateArray().Skip(1).ToList();
        var keywords = new Dictionary<string, JsonElement>();
        if (parts.Count > 0 && parts[^1].ValueKind == JsonValueKind.Object)
        {
            keywords = parts[^1].EnumerateObject().ToDictionary(m => m.Name, m => m.Value);
            parts.RemoveAt(parts.Count - 1);
        }

        var arguments = parts.Select(Evaluate).ToList();
        return MaskedForms.TryApply(operation, arguments, keywords, out var masked) ? masked
            : SpecialForms.TryApply(operation, arguments, keywords, out var result)
            ? result
            : Operation.Apply(operation, arguments, keywords);
    }
}
