using Orleans.Dask.Silo;

// ClientProgram hold       starts a cluster, prints the process ids of its silos, and waits to be killed
// ClientProgram closures   submits lambdas that captured an array, a dictionary and a delegate, and prints what came back
switch (args)
{
    case ["hold"]:
        {
            await using var cluster = await LocalCluster.StartAsync(silos: 2);
            Console.WriteLine(string.Join(' ', cluster.ProcessIds));
            await Task.Delay(Timeout.Infinite);
            return 0;
        }

    case ["closures", .. var where]:
        {
            await using var cluster = await LocalCluster.StartAsync(silos: 2, processes: where is not ["here"]);
            var client = cluster.Client;
            double[] weights = [0.5, 1.5, 2.5];
            var names = new Dictionary<string, int> { ["one"] = 1, ["two"] = 2 };
            Func<double, double> square = x => x * x;
            Console.WriteLine(await client.Submit(() => weights.Sum()));
            Console.WriteLine(await client.Submit(name => names[name], "two"));
            Console.WriteLine(await client.Submit(x => square(x) + 1, 3.0));
            Console.WriteLine(await client.Submit(point => new Point(point.Y, point.X), new Point(1, 2)));
            return 0;
        }

    default:
        Console.Error.WriteLine("usage: ClientProgram hold | closures");
        return 2;
}

internal sealed record Point(int X, int Y);
