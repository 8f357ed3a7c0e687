using Orleans.Dask.Streams;

namespace Orleans.Dask.Silo.Tests.ReadMe;

/// <summary>The examples of README.md, as they stand there between the markers: compiled here, run by <see cref="ReadMeTests"/>.</summary>
internal static class ReadMeExamples
{
    public static async Task FirstScreen()
    {
        // README: first
        await using var cluster = await LocalCluster.StartAsync(silos: 2);      // two silo processes, gone with this scope

        var rides = DaskFrame.FromFrame(new Frame(("hour", Column.Of(9L, 8, 9, 8)), ("fare", Column.Of(10.0, 20, 5, 8)), ("tip", Column.Of(1.0, 4, 1, 2))), partitions: 2);
        rides = rides.Assign("tip_fraction", rides["tip"] / rides["fare"]);
        Console.WriteLine(await rides.GroupBy("hour")["tip_fraction"].Mean().ComputeAsync());

        var x = DaskArray.FromFunction((i, j) => (i + j) % 7.0, (1_000, 1_000), chunks: (500, 500));
        Console.WriteLine($"{await (x + x.T - x.Mean(axis: 0)).Std().ComputeAsync():0.0000}");

        Future<int> y = cluster.Client.Submit(a => a + 1, cluster.Client.Submit((a, b) => a * b, 6, 7));
        Console.WriteLine(await y);
        // README: end
    }

    public static async Task Csv(string path)
    {
        // README: csv
        var rides = DaskFrame.ReadCsv(path, parseDates: ["pickup"]);                         // a file or a pattern; lazy
        rides = rides[rides["fare"] > 0];
        rides = rides.Assign("tip_fraction", rides["tip"] / rides["fare"]);
        Series byHour = await rides.GroupBy(rides["pickup"].Dt.Hour)["tip_fraction"].Mean().ComputeAsync();
        Console.WriteLine(byHour);
        // README: end
    }

    public static async Task Arrays(string path)
    {
        // README: arrays
        var t = DaskArray.FromFunction((day, place) => 10.0 + (day % 7) - (place % 5), (364, 100), chunks: (91, 100));
        await t.ToZarrAsync(path);                                   // a file a chunk, written side by side

        var again = DaskArray.FromZarr<double>(path);                // reads the metadata and nothing else
        Console.WriteLine(again);
        Console.WriteLine(await again[..7, ^1].ComputeAsync());      // reads the chunk it touches
        Console.WriteLine(await again.MaskedLess(7).Mean(axis: 0)[..5].ComputeAsync());
        // README: end
    }

    public static async Task Seeing(string folder)
    {
        // README: seeing
        var x = DaskArray.Ones((1_000, 800), chunks: (250, 200)) / 3.0;
        File.WriteAllText(Path.Combine(folder, "chunks.html"), x.ToHtml());   // a table beside a drawing of the chunks; ToSvg: the drawing
        x.Sum(axis: 0).Visualize(Path.Combine(folder, "tasks.svg"));          // the graph, a box a task; also .html and .dot
        Console.WriteLine((await x.ComputeAsync()).ToString(new PrintOptions { Precision = 2, EdgeItems = 2 }));
        // README: end
    }

    public static void Stream()
    {
        // README: stream
        var source = new StreamSource<int>();
        var sums = source.Map(x => x + 13).Zip(source.Map(x => 2 * x)).Map(pair => pair.Item1 + pair.Item2);
        sums.Accumulate((total, sum) => total + sum).Sink(total => Console.WriteLine($"total so far={total}"));
        for (var i = 0; i < 4; i++)
        {
            source.Emit(i);
        }
        // README: end
    }
}
