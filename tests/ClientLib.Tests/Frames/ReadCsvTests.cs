using System.Globalization;
using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.TestKit;

namespace Orleans.Dask.ClientLib.Tests.Frames;

public sealed class ReadCsvTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static readonly SynchronousScheduler s_scheduler = new();

    [Fact]
    public async Task Types_follow_from_the_values()
    {
        var frame = await Read("i,d,s,b,t,m\n1,2.5,x,True,2019-03-23 20:21:09,\n-2,1e3,,false,2019-03-24,NA\n");
        Assert.Equal([ColumnType.Int64, ColumnType.Float64, ColumnType.String, ColumnType.Boolean, ColumnType.String, ColumnType.Float64], Types(frame));
        Assert.Equal([1L, -2L], Values(frame, "i"));
        Assert.Equal([2.5, 1000.0], Values(frame, "d"));
        Assert.Equal(["x", null], Values(frame, "s"));
        Assert.Equal([true, false], Values(frame, "b"));
        Assert.Equal([null, null], Values(frame, "m"));
    }

    [Fact]
    public async Task Dates_are_parsed_where_asked()
    {
        var frame = await Read("t\n2019-03-23 20:21:09\n2019-03-24\n1969-12-31T23:59:59.123456789\n\n", parseDates: ["t"]);
        Assert.Equal([ColumnType.Timestamp], Types(frame));
        Assert.Equal([1553372469L * 1_000_000_000, 1553385600L * 1_000_000_000, -1_000_000_000 + 123_456_789], ((TimestampColumn)frame["t"].Values).Values.ToArray());
    }

    [Fact]
    public async Task Quotes_carriage_returns_byte_order_marks_and_a_missing_last_newline()
    {
        var frame = await Read("\uFEFFname,note\r\n\"Smith, J\",\"said \"\"hi\"\"\"\r\n\"line1\r\nline2\",plain\r\n\r\nlast,\"\"");
        Assert.Equal(["name", "note"], frame.Columns);
        Assert.Equal(["Smith, J", "line1\r\nline2", "last"], Values(frame, "name"));
        Assert.Equal(["said \"hi\"", "plain", null], Values(frame, "note"));
    }

    [Fact]
    public async Task A_quote_within_a_field_is_text()
    {
        var frame = await Read("a,b\n5\" pipe,1\n\"x\"y,2\n");
        Assert.Equal(["5\" pipe", "xy"], Values(frame, "a"));
    }

    [Fact]
    public async Task Rows_that_are_too_short_end_in_missing_values()
    {
        var frame = await Read("a,b,c\n1,2,3\n4,5\n6\n");
        Assert.Equal([3L, null, null], Values(frame, "c"));
        Assert.Equal([2L, 5L, null], Values(frame, "b"));
    }

    [Fact]
    public async Task A_row_that_is_too_long_names_file_and_line()
    {
        var path = _folder.Write("long.csv", string.Concat(Enumerable.Repeat("1,2\n", 100_000)).Insert(0, "a,b\n") + "1,2,3\n");
        var thrown = await Assert.ThrowsAsync<TaskFailedException>(() => DaskFrame.ReadCsv(path).ComputeAsync(s_scheduler));
        Assert.Contains("long.csv, line 100002: 3 fields, expected 2", Assert.IsType<CsvException>(thrown.InnerException).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1000L)]
    public async Task A_value_of_another_type_names_file_line_column_and_value(long? blockSize)
    {
        var path = _folder.Write("rides.csv", "id,tip\n" + string.Concat(Enumerable.Range(0, 60_000).Select(i => $"{i},{(i == 50_000 ? "a lot" : "2")}\n")));
        var thrown = await Assert.ThrowsAsync<TaskFailedException>(() => DaskFrame.ReadCsv(path, blockSize: blockSize).ComputeAsync(s_scheduler));
        var message = Assert.IsType<CsvException>(thrown.InnerException).Message;
        Assert.Contains("rides.csv, line 50002, column 'tip': 'a lot' is not of type Int64.", message, StringComparison.Ordinal);
        Assert.Contains("[\"tip\"] = ColumnType.String", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unclosed_quote_names_file_and_line()
    {
        var path = _folder.Write("open.csv", "a,b\n1,2\n\"3,4\n5,6\n");
        var thrown = await Assert.ThrowsAsync<CsvException>(() => Task.FromResult(DaskFrame.ReadCsv(path)));
        Assert.Contains("open.csv, line 3: a quoted field is not closed", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_columns_and_files_are_errors_at_the_call()
    {
        var path = _folder.Write("a.csv", "pickup,fare\n2019-01-01,1\n");
        Assert.Contains("'pickup', 'fare'", Assert.Throws<FrameException>(() => DaskFrame.ReadCsv(path, parseDates: ["dropoff"])).Message, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'fare'?", Assert.Throws<FrameException>(() => DaskFrame.ReadCsv(path)["Fare"]).Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => DaskFrame.ReadCsv(Path.Combine(_folder.Path, "none-*.csv")));
    }

    [Fact]
    public async Task Blocks_of_any_size_give_the_rows_of_the_whole()
    {
        const int Seed = 5;
        var random = new Random(Seed);
        var text = new System.Text.StringBuilder("id,word\n");
        for (var i = 0; i < 200; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{i},{Word(random)}{(random.Next(3) == 0 ? "\r\n" : "\n")}{(random.Next(10) == 0 ? "\n" : "")}");
        }

        var path = _folder.Write("blocks.csv", text.ToString());
        var whole = await DaskFrame.ReadCsv(path, blockSize: null).ComputeAsync(s_scheduler);
        Assert.Equal(200, whole.Length);
        for (var size = 1; size < 700; size += random.Next(1, 9))
        {
            var blocks = await DaskFrame.ReadCsv(path, blockSize: size).ComputeAsync(s_scheduler);
            Assert.True(
                Values(whole, "id").SequenceEqual(Values(blocks, "id")) && Values(whole, "word").SequenceEqual(Values(blocks, "word")),
                $"Seed {Seed}, blocks of {size} bytes: {blocks.Length} rows of {whole.Length}.");
        }

        static string Word(Random random) => random.Next(4) switch
        {
            0 => "plain",
            1 => "\"" + string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ => "xy,\n\r"[random.Next(5)])) + "\"",
            2 => "\"say \"\"hi\"\"\n\"\"\"",
            _ => "",
        };
    }

    [Fact]
    public async Task A_stray_quote_that_would_mislead_blocks_is_an_error()
    {
        var path = _folder.Write("stray.csv", "id,size\n" + string.Concat(Enumerable.Range(0, 300).Select(i => $"{i},{(i == 100 ? "5\" pipe" : "small")}\n")));
        Assert.Equal(300, (await DaskFrame.ReadCsv(path, blockSize: null).ComputeAsync(s_scheduler)).Length);
        var thrown = await Assert.ThrowsAsync<TaskFailedException>(() => DaskFrame.ReadCsv(path, blockSize: 500).ComputeAsync(s_scheduler));
        Assert.Contains("blockSize: null", thrown.InnerException!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Records_longer_than_a_window_are_read()
    {
        var giant = new string('x', 700_000);
        var frame = await Read($"a,b\n1,{giant}\n2,\"{giant}\n{giant}\"\n3,z\n");
        Assert.Equal([giant, $"{giant}\n{giant}", "z"], Values(frame, "b"));
    }

    [Fact]
    public async Task A_pattern_reads_files_in_the_order_of_their_names()
    {
        _folder.Write("part-2.csv", "a\n3\n");
        _folder.Write("part-1.csv", "a\n1\n2\n");
        var frame = DaskFrame.ReadCsv(Path.Combine(_folder.Path, "part-*.csv"));
        Assert.Equal(2, frame.Partitions);
        Assert.Equal([1L, 2L, 3L], Values(await frame.ComputeAsync(s_scheduler), "a"));
        _folder.Write("part-3.csv", "b\n4\n");
        Assert.Contains("columns b, expected a", Assert.Throws<CsvException>(() => DaskFrame.ReadCsv(Path.Combine(_folder.Path, "part-*.csv"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Numbers_are_read_as_NET_reads_them()
    {
        const int Seed = 17;
        var random = new Random(Seed);
        var texts = Enumerable.Range(0, 20_000).Select(i => (i % 4) switch
        {
            0 => BitConverter.Int64BitsToDouble(random.NextInt64()) is var any && double.IsFinite(any) ? any.ToString("R", CultureInfo.InvariantCulture) : "0.5",
            1 => random.NextDouble().ToString("R", CultureInfo.InvariantCulture),
            2 => Math.Round((random.NextDouble() - 0.5) * 1e6, random.Next(0, 8)).ToString(CultureInfo.InvariantCulture),
            _ => random.NextInt64().ToString(CultureInfo.InvariantCulture) + "." + random.NextInt64().ToString(CultureInfo.InvariantCulture),
        }).ToArray();
        var frame = await Read("x\n" + string.Join('\n', texts) + "\n");
        var expected = texts.Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(expected, ((Float64Column)frame["x"].Values).Values.ToArray());
    }

    private async Task<Frame> Read(string text, string[]? parseDates = null) =>
        await DaskFrame.ReadCsv(_folder.Write("text.csv", text), parseDates).ComputeAsync(s_scheduler);

    private static object?[] Values(Frame frame, string column) => [.. Enumerable.Range(0, frame.Length).Select(row => frame[column][row])];

    private static ColumnType[] Types(Frame frame) => [.. frame.Columns.Select(column => frame[column].Type)];
}
