using System.Globalization;
using Orleans.Dask;
using Orleans.Dask.Cluster;
using Orleans.Dask.Silo;

// ClientProgram hold       starts a cluster, prints the process ids of its silos, and waits to be killed
// ClientProgram load       reads where a cluster is, and computes there until its input ends; prints a line for each step
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

    case ["load"]:
        {
            var where = Console.ReadLine()!.Split(' ');
            await using var client = await DaskClient.ConnectAsync(
                where[0], new DaskClientOptions { ClusterId = where[1], Secret = where[2], Lease = TimeSpan.FromSeconds(int.Parse(where[3], CultureInfo.InvariantCulture)) });
            var kept = client.Submit(() => new byte[100_000]);
            await kept;
            Console.WriteLine($"{client.Session} {kept.Key}");
            var load = new FaultLoad(client, () => Console.WriteLine("step"));
            var running = load.RunAsync();
            await Task.WhenAny(running, Console.In.ReadLineAsync());
            load.End();
            await running;
            Console.WriteLine((await kept).Length);
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
        Console.Error.WriteLine("usage: ClientProgram hold | load | closures");
        return 2;
}

internal sealed record Point(int X, int Y);
