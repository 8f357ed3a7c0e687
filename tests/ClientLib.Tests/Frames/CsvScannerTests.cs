using System.Text;
using Orleans.Dask.Frames;

namespace Orleans.Dask.ClientLib.Tests.Frames;

public class CsvScannerTests
{
    private const int Seed = 20260821;

    [Fact]
    public void The_vector_scanner_finds_what_the_careful_one_finds()
    {
        var random = new Random(Seed);
        var alphabet = "aa,,\"\"\n\nb\r";
        for (var run = 0; run < 20_000; run++)
        {
            var text = new StringBuilder();
            var length = random.Next(1, 300);
            for (var i = 0; i < length; i++)
            {
                text.Append(random.Next(8) == 0 ? alphabet[random.Next(alphabet.Length)] : (char)('c' + random.Next(5)));
            }

            var bytes = Encoding.UTF8.GetBytes(text.ToString());
            var (fast, careful) = (new CsvRows(3), new CsvRows(3));
            fast.Reset();
            careful.Reset();
            CsvScanner.Scan(bytes, (byte)',', (byte)'"', fast);
            CsvCarefulScanner.Scan(bytes, (byte)',', (byte)'"', careful);
            Assert.True(
                Describe(fast) == Describe(careful),
                $"Seed {Seed}, run {run}: {Encoding.UTF8.GetString(bytes)}\nvector  {Describe(fast)}\ncareful {Describe(careful)}");
        }
    }

    [Fact]
    public void Well_formed_quotes_need_no_second_look()
    {
        var random = new Random(Seed);
        var rows = new CsvRows(2);
        for (var run = 0; run < 2_000; run++)
        {
            var lines = Enumerable.Range(0, random.Next(1, 20)).Select(_ => new[] { Field(random), Field(random) }).ToArray();
            var bytes = Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => string.Join(',', line.Select(Quoted)) + "\n")));
            CsvScanner.Scan(bytes, (byte)',', (byte)'"', rows);
            Assert.True(lines.Length == rows.Count, $"Seed {Seed}, run {run}: {rows.Count} rows of {lines.Length} in {Encoding.UTF8.GetString(bytes)}");
        }

        static string Field(Random random) => "x" + string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => "ab,\"\n\r"[random.Next(6)]));
        static string Quoted(string field) => $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static string Describe(CsvRows rows) =>
        $"{rows.Count} rows, too many {rows.TooManyFields}, starts {string.Join(' ', rows.Starts[..rows.Count])}, ends {string.Join(' ', rows.Ends[..(rows.Count * rows.Columns)])}";
}
