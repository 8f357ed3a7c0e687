using System.Globalization;
using Orleans.Dask.Grains.Interfaces;
using Spectre.Console;

namespace Orleans.Dask.Silo.Commands.Demo;

/// <summary>Bars, tables and lines; plain lines where the output is redirected.</summary>
internal sealed class DemoConsole
{
    private readonly IAnsiConsole _out = AnsiConsole.Create(new AnsiConsoleSettings());

    private bool IsPlain => Console.IsOutputRedirected || !_out.Profile.Capabilities.Interactive;

    /// <summary>As it is: the console may wrap it, we don't.</summary>
    public static void Line(string text) => Console.WriteLine(text);

    public void Heading(string text)
    {
        Line("");
        _out.Write(new Rule(Markup.Escape(text)) { Justification = Justify.Left });
    }

    public static void Error(string text) => Console.Error.WriteLine(text);

    /// <summary>The message; what is inside a failed task is the user's business, our own stack is not.</summary>
    public static void Error(Exception failed) => Console.Error.WriteLine(
        failed is TaskFailedException { InnerException: { } inner } ? $"{failed.Message}\n{inner.StackTrace}" : $"{failed.GetType().Name}: {failed.Message}");

    public static string Seconds(long begun) => string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetElapsedTime(begun).TotalSeconds:0.00} s");

    /// <summary>Runs something that tells how much of <paramref name="total"/> is done.</summary>
    public async Task ProgressAsync(string title, int total, Func<Action<int>, Task> run)
    {
        if (!IsPlain)
        {
            await _out.Progress().StartAsync(async progress =>
            {
                var task = progress.AddTask(Markup.Escape(title), maxValue: total);
                await run(done => task.Value = done);
                task.Value = total;
            });
            return;
        }

        var (quarter, gate) = (0, new Lock());
        await run(done =>
        {
            lock (gate)
            {
                while (quarter < 4 && done >= total * (quarter + 1L) / 4)
                {
                    quarter++;
                    Line($"{title}: {quarter * 25}%");
                }
            }
        });
    }

    public void Table(string[] columns, IEnumerable<string[]> rows)
    {
        var table = new Table { Border = IsPlain ? TableBorder.Ascii : TableBorder.Rounded };
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(Markup.Escape(column)) { Alignment = Justify.Right });
        }

        foreach (var row in rows)
        {
            table.AddRow([.. row.Select(Markup.Escape)]);
        }

        _out.Write(table);
    }

    /// <summary>One horizontal bar a value, the longest over the width.</summary>
    public static void Bars(string title, IReadOnlyList<(string Label, double Value)> bars)
    {
        const int Width = 50;
        var (labels, most) = (bars.Max(bar => bar.Label.Length), bars.Max(bar => bar.Value));
        Line(title);
        foreach (var (label, value) in bars)
        {
            var length = most > 0 ? (int)Math.Round(value / most * Width) : 0;
            Line(string.Create(CultureInfo.InvariantCulture, $"{label.PadLeft(labels)} | {new string('█', length)} {value:0.000}"));
        }
    }
}
