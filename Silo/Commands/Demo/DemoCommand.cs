using System.CommandLine;

namespace Orleans.Dask.Silo.Commands.Demo;

/// <summary>Starts a local cluster, runs one job of each kind on it, and shuts it down.</summary>
internal static class DemoCommand
{
    /// <summary>In the order in which they run.</summary>
    private static readonly IDemoPart[] s_parts = [new DemoFutures(), new DemoTaxi(), new DemoArray(), new DemoStream()];

    public static Command Build()
    {
        var silos = new Option<int>("--silos") { Description = "Silo processes, one slot each.", DefaultValueFactory = _ => 2 };
        var rows = new Option<int>("--rows") { Description = "Taxi rides to generate where no --data is given.", DefaultValueFactory = _ => 500_000 };
        var data = new Option<FileInfo?>("--data") { Description = "A CSV file of taxi rides with columns pickup, fare and tip." };
        var only = new Option<string?>("--only") { Description = "One part alone." }.AcceptOnlyFromAmong([.. s_parts.Select(part => part.Name)]);
        var repeats = new Option<int>("--repeats") { Description = "How often the futures program runs its four functions.", DefaultValueFactory = _ => 200 };
        AtLeastOne(silos);
        AtLeastOne(rows);
        AtLeastOne(repeats);
        var command = new Command("demo", "Runs futures, a dataframe, an array and a stream on a local cluster; under a minute.") { silos, rows, data, only, repeats };
        command.SetAction((arguments, cancellationToken) => RunAsync(
            new DemoOptions(arguments.GetValue(silos), arguments.GetValue(rows), arguments.GetValue(data), arguments.GetValue(repeats)),
            [.. s_parts.Where(part => arguments.GetValue(only) is not { } name || part.Name == name)],
            new DemoConsole(),
            cancellationToken));
        return command;
    }

    private static void AtLeastOne(Option<int> option) => option.Validators.Add(result =>
    {
        // What is no number at all is refused by the parser.
        if (result.Tokens is [var token] && int.TryParse(token.Value, out var value) && value < 1)
        {
            result.AddError($"{option.Name} is {value}, expected 1 or more.");
        }
    });

    private static async Task<int> RunAsync(DemoOptions options, IDemoPart[] parts, DemoConsole console, CancellationToken cancellationToken)
    {
        try
        {
            if (options.Data is { Exists: false } missing)
            {
                throw new FileNotFoundException($"No file {missing.FullName}. Give --data a CSV file of taxi rides, or leave it out: rides are then generated.");
            }

            var begun = TimeProvider.System.GetTimestamp();
            DemoConsole.Line($"Starting {options.Silos} silo process{(options.Silos == 1 ? "" : "es")} ...");
            await using (var cluster = await LocalCluster.StartAsync(options.Silos, cancellationToken: cancellationToken))
            {
                DemoConsole.Line($"{cluster.Client} after {DemoConsole.Seconds(begun)}; processes {string.Join(", ", cluster.ProcessIds)}");
                foreach (var part in parts)
                {
                    console.Heading(part.Title);
                    await part.RunAsync(new DemoContext(options, cluster, console), cancellationToken);
                }
            }

            DemoConsole.Line("");
            DemoConsole.Line($"All silos have stopped. The whole demo took {DemoConsole.Seconds(begun)}.");
            return 0;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            DemoConsole.Error("Interrupted; all silos have stopped.");
            return 130;
        }
        catch (Exception failed)
        {
            DemoConsole.Error(failed);
            return 1;
        }
    }
}
