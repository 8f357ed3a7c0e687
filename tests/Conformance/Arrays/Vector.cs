using System.Text.Json;

namespace Orleans.Dask.Conformance.Arrays;

/// <summary>One line of array.jsonl or own.jsonl: a question and its recorded answer.</summary>
public sealed class Vector
{
    private Vector(JsonElement line)
    {
        Line = line;
        Id = line.GetProperty("id").GetString()!;
    }

    public JsonElement Line { get; }

    public string Id { get; }

    /// <summary>The part of the id after the file: creation, elementwise, …</summary>
    public string Family => Id.Split('/')[1];

    public bool IsFixed => Line.TryGetProperty("chunking", out var c) && c.GetString() == "fixed";

    public double Tolerance => Line.TryGetProperty("tol", out var t) ? t.GetDouble() : 0;

    public double Absolute => Line.TryGetProperty("atol", out var t) ? t.GetDouble() : 0;

    public string? Error => Line.TryGetProperty("error", out var e) ? e.GetString() : null;

    public static IReadOnlyList<Vector> All { get; } = Read();

    public override string ToString() => Id;

    /// <summary>Names of the operations an expression applies.</summary>
    public IEnumerable<string> Operations() => Operations(Line.GetProperty("expr"));

    private static IEnumerable<string> Operations(JsonElement expression)
    {
        if (expression.ValueKind != JsonValueKind.Array || expression.GetArrayLength() == 0)
        {
            yield break;
        }

        yield return expression[0].GetString()!;
        foreach (var argument in expression.EnumerateArray().Skip(1))
        {
            foreach (var operation in Operations(argument))
            {
                yield return operation;
            }
        }
    }

    private static List<Vector> Read()
    {
        var folder = Environment.GetEnvironmentVariable("CONFORMANCE_DIR") ?? Path.Combine(AppContext.BaseDirectory, "Data");

        // Recorded by ourselves, by the program beside it.
        string[] files = [Path.Combine(folder, "array.jsonl"), Path.Combine(AppContext.BaseDirectory, "Data", "own.jsonl")];
        return [.. files.SelectMany(File.ReadLines).Select(line => new Vector(JsonDocument.Parse(line).RootElement))];
    }
}
