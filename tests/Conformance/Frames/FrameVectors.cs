using System.Text.Json;
using Orleans.Dask.TestKit;

namespace Orleans.Dask.Conformance.Frames;

/// <summary>Asks what a vector asks, through the public interface. Operations that are not built yet are told by <see cref="NotBuiltException"/>.</summary>
internal sealed class FrameVectors(IGraphScheduler scheduler, TemporaryFolder folder)
{
    private readonly Dictionary<string, DaskFrame> _inputs = [];

    /// <summary>The answer: a <see cref="Frame"/>, <see cref="Series"/>, or text of a plain value.</summary>
    public async Task<object> AskAsync(JsonElement vector, Func<int[], int[]> cut)
    {
        _inputs.Clear();
        var answer = await EvaluateAsync(vector.GetProperty("expr"), vector.GetProperty("inputs"), cut);
        return answer switch
        {
            DaskFrame frame => await frame.ComputeAsync(scheduler),
            DaskSeries series => await series.ComputeAsync(scheduler),
            Frame or Series or string => answer,
            _ => throw new NotBuiltException("a constant"),
        };
    }

    private async Task<object> EvaluateAsync(JsonElement expression, JsonElement inputs, Func<int[], int[]> cut)
    {
        switch (expression.ValueKind)
        {
            case JsonValueKind.Number:
                return expression.GetRawText().AsSpan().IndexOfAny(".eE") < 0 ? (object)expression.GetInt64() : expression.GetDouble();
            case JsonValueKind.String when expression.GetString() is ['$', .. var name]:
                return inputs.GetProperty(name) is var input && input.TryGetProperty("columns", out _) ? Input(name, input, cut) : input;
            case JsonValueKind.Array:
                break;
            default:
                throw new NotBuiltException($"constant {expression.ValueKind}");
        }

        var operation = expression[0].GetString()!;
        var last = expression[expression.GetArrayLength() - 1];
        var keywords = last.ValueKind == JsonValueKind.Object ? last : default;
        var arguments = new List<object>();
        foreach (var argument in expression.EnumerateArray().Skip(1).Where(argument => argument.ValueKind != JsonValueKind.Object))
        {
            arguments.Add(await EvaluateAsync(argument, inputs, cut));
        }

        return await CallAsync(operation, arguments, new Keywords(keywords));
    }

    private DaskFrame Input(string name, JsonElement input, Func<int[], int[]> cut) =>
        _inputs.TryGetValue(name, out var frame) ? frame : _inputs[name] = FrameInput.Read(input, cut);

    private static bool IsNumber(object argument) => argument is long or double or DaskSeries { Type: ColumnType.Int64 or ColumnType.Float64 };

    private async Task<object> CallAsync(string operation, List<object> arguments, Keywords keywords) => (operation, arguments) switch
    {
        ("col", [DaskFrame frame]) => frame[keywords.Text("name")],
        ("cols", [DaskFrame frame]) when keywords.Texts("names") is { Length: > 0 } names => frame.Select(names),
        ("filter", [DaskFrame frame, DaskSeries mask]) => frame[mask],
        ("assign", [DaskFrame frame, .. var values]) when values.All(value => value is DaskSeries) =>
            values.Zip(keywords.Texts("names")).Aggregate(frame, (result, next) => result.Assign(next.Second, (DaskSeries)next.First)),
        ("head", [DaskFrame frame]) when keywords.Integer("npartitions", 1) == 1 => await frame.HeadAsync((int)keywords.Integer("n", 5), scheduler),
        ("npartitions", [DaskFrame frame]) => $"{frame.Partitions}",
        ("columns", [DaskFrame frame]) => JsonSerializer.Serialize(frame.Columns),
        ("add" or "sub" or "mul" or "div", _) when !arguments.TrueForAll(IsNumber) => throw new NotBuiltException($"{operation} of texts, times and truth values"),
        ("add" or "sub" or "mul" or "div", [DaskSeries left, DaskSeries right]) when keywords.IsEmpty => operation switch { "add" => left + right, "sub" => left - right, "mul" => left * right, _ => left / right },
        ("add" or "sub" or "mul" or "div", [DaskSeries left, long right]) when keywords.IsEmpty => operation switch { "add" => left + right, "sub" => left - right, "mul" => left * right, _ => left / right },
        ("add" or "sub" or "mul" or "div", [DaskSeries left, double right]) when keywords.IsEmpty => operation switch { "add" => left + right, "sub" => left - right, "mul" => left * right, _ => left / right },
        ("add" or "sub" or "mul" or "div", [long left, DaskSeries right]) when keywords.IsEmpty => operation switch { "add" => left + right, "sub" => left - right, "mul" => left * right, _ => left / right },
        ("add" or "sub" or "mul" or "div", [double left, DaskSeries right]) when keywords.IsEmpty => operation switch { "add" => left + right, "sub" => left - right, "mul" => left * right, _ => left / right },
        ("eq", [DaskSeries left, DaskSeries right]) => left.EqualTo(right),
        ("eq", [DaskSeries left, long or double]) => left.EqualTo(arguments[1]),
        ("ne", [DaskSeries left, DaskSeries right]) => left.NotEqualTo(right),
        ("ne", [DaskSeries left, long or double]) => left.NotEqualTo(arguments[1]),
        ("lt" or "le" or "gt" or "ge", [DaskSeries left, DaskSeries right]) => operation switch { "lt" => left < right, "le" => left <= right, "gt" => left > right, _ => left >= right },
        ("lt" or "le" or "gt" or "ge", [DaskSeries left, long right]) => operation switch { "lt" => left < right, "le" => left <= right, "gt" => left > right, _ => left >= right },
        ("lt" or "le" or "gt" or "ge", [DaskSeries left, double right]) => operation switch { "lt" => left < right, "le" => left <= right, "gt" => left > right, _ => left >= right },
        ("and", [DaskSeries left, DaskSeries right]) => left & right,
        ("or", [DaskSeries left, DaskSeries right]) => left | right,
        ("not", [DaskSeries mask]) => !mask,
        ("dt.hour", [DaskSeries times]) => times.Dt.Hour,
        ("dt.weekday" or "dt.dayofweek", [DaskSeries times]) => times.Dt.Weekday,
        ("groupby", [DaskFrame frame]) when keywords.Only("by", "sort") && keywords.Texts("by") is [var key] => (object)frame.GroupBy(key),
        ("groupby", [DaskFrame frame, DaskSeries key]) when keywords.Only("sort") => frame.GroupBy(key),
        ("gb.col", [DaskGroupBy groups]) => groups[keywords.Text("name")],
        ("gb.mean", [DaskSeriesGroupBy values]) => values.Mean(),
        ("read_csv", _) when keywords.Only("blocksize", "parse_dates", "sep", "dtype") => ReadCsv([.. arguments.Cast<JsonElement>()], keywords),
        _ => throw new NotBuiltException($"{operation} {keywords} of {string.Join(", ", arguments.Select(argument => argument.GetType().Name))}"),
    };

    private DaskFrame ReadCsv(JsonElement[] texts, Keywords keywords)
    {
        var name = $"{Guid.NewGuid():N}";
        for (var i = 0; i < texts.Length; i++)
        {
            folder.Write($"{name}-{i}.csv", texts[i].GetProperty("text").GetString()!);
        }

        return DaskFrame.ReadCsv(
            Path.Combine(folder.Path, $"{name}-*.csv"),
            keywords.Texts("parse_dates"),
            keywords.Integer("blocksize", 64 << 20),
            keywords.Types("dtype"),
            keywords.TextOr("sep", ",")[0]);
    }
}

/// <summary>A vector needs something that is not built yet.</summary>
internal sealed class NotBuiltException(string what) : Exception(what);

/// <summary>The keywords of an operation.</summary>
internal readonly struct Keywords(JsonElement members)
{
    private readonly Dictionary<string, JsonElement> _members = members.ValueKind == JsonValueKind.Object
        ? members.EnumerateObject().ToDictionary(member => member.Name, member => member.Value)
        : [];

    public bool IsEmpty => _members.Count == 0;

    public bool Only(params string[] names) => _members.Keys.All(names.Contains);

    public string Text(string name) => _members[name].GetString()!;

    public string TextOr(string name, string otherwise) => _members.TryGetValue(name, out var value) ? value.GetString()! : otherwise;

    public string[] Texts(string name) => _members.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(text => text.GetString()!)] : [];

    public long Integer(string name, long otherwise) => _members.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : otherwise;

    public Dictionary<string, ColumnType> Types(string name) => !_members.TryGetValue(name, out var value) ? []
        : value.ValueKind != JsonValueKind.Object ? throw new NotBuiltException("one dtype for all columns")
        : value.EnumerateObject().ToDictionary(member => member.Name, member => FrameInput.Type(member.Value.GetString()!));

    public override string ToString() => string.Join(' ', _members.Select(member => $"{member.Key}={member.Value}"));
}
