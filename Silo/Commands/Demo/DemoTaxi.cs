using System.Globalization;

namespace Orleans.Dask.Silo.Commands.Demo;

/// <summary>A dataframe from CSV: when is it best to drive a taxi? The mean fraction of the fare that is tipped, by hour of pickup.</summary>
internal sealed class DemoTaxi : IDemoPart
{
    public string Name => "taxi";

    public string Title => "Dataframe: tip as a fraction of the fare, by hour of pickup";

    public async Task RunAsync(DemoContext context, CancellationToken cancellationToken)
    {
        if (context.Options.Data is { } data)
        {
            await AnalyseAsync(context, data.FullName, cancellationToken);
            return;
        }

        var folder = Directory.CreateTempSubdirectory("orleans-dask-demo-");
        try
        {
            var path = Path.Combine(folder.FullName, "rides.csv");
            await context.Console.ProgressAsync("generating rides", context.Options.Rows, report =>
            {
                TaxiRides.Write(path, context.Options.Rows, seed: 7, report, cancellationToken);
                return Task.CompletedTask;
            });
            await AnalyseAsync(context, path, cancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task AnalyseAsync(DemoContext context, string path, CancellationToken cancellationToken)
    {
        var console = context.Console;
        var begun = TimeProvider.System.GetTimestamp();

        // Several blocks a silo, so that none waits for another's last one.
        var bytes = new FileInfo(path).Length;
        var blockSize = Math.Max(64 << 10, bytes / (4 * context.Options.Silos));
        var rides = DaskFrame.ReadCsv(path, parseDates: ["pickup"], blockSize: blockSize);
        DemoConsole.Line((await rides.Select("pickup", "fare", "tip").HeadAsync(3, cancellationToken: cancellationToken)).ToString());
        rides = rides.Assign("tip_fraction", rides["tip"] / rides["fare"]);
        var byHour = await rides.GroupBy(rides["pickup"].Dt.Hour)["tip_fraction"].Mean().ComputeAsync(cancellationToken: cancellationToken);
        DemoConsole.Line(string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB in {rides.Partitions} partitions read and grouped in {DemoConsole.Seconds(begun)}"));

        var hours = Enumerable.Range(0, byHour.Length).Select(row => ($"{byHour.Index.Levels[0][row]}", (double?)byHour[row] ?? double.NaN)).ToArray();
        console.Table(["hour", "tip_fraction"], hours.Select(hour => new[] { hour.Item1, hour.Item2.ToString("0.000000", CultureInfo.InvariantCulture) }));
        DemoConsole.Bars("Tip fraction by hour", [.. hours.Where(hour => double.IsFinite(hour.Item2))]);
        var (best, fraction) = hours.MaxBy(hour => hour.Item2);
        DemoConsole.Line(string.Create(CultureInfo.InvariantCulture, $"Best hour: {best}, {fraction:P1} of the fare."));
    }
}
