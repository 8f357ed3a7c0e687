using System.Diagnostics;
using System.Globalization;
using System.Text;
using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Simulation.Faults;

namespace Orleans.Dask.Simulation;

/// <summary>Replays one seed, or tries many. See README.md beside this file.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        var (from, count, threads) = (1L, 1L, 1);
        string? workload = null;
        string? log = null;
        Profile? profile = null;
        var untilCaught = false;
        var starts = 0;
        for (var i = 0; i < args.Length; i++)
        {
            string Next() => ++i < args.Length ? args[i] : throw new ArgumentException($"{args[i - 1]} wants a value.");
            long Number() => long.Parse(Next(), CultureInfo.InvariantCulture);
            switch (args[i])
            {
                case "--seed":
                    from = Number();
                    break;
                case "--seeds":
                    count = Number();
                    break;
                case "--threads":
                    threads = (int)Number();
                    break;
                case "--workload":
                    workload = Next();
                    break;
                case "--profile":
                    profile = Enum.Parse<Profile>(Next(), ignoreCase: true);
                    break;
                case "--planted":
                    // Before anything of the product has run: it reads the name once.
                    AppContext.SetData(Planted.Switch, Next());
                    break;
                case "--until-caught":
                    untilCaught = true;
                    break;
                case "--starts":
                    starts = (int)Number();
                    break;
                case "--log":
                    log = Next();
                    break;
                default:
                    Console.Error.WriteLine($"Unknown: {args[i]}. There are --seed N, --seeds COUNT, --threads T, --workload NAME, --profile calm|embedded|leaves|orleans, --planted NAME, --until-caught, --starts COUNT and --log FILE.");
                    return 2;
            }
        }

        using var text = log is null ? null : new StreamWriter(log, append: false, new UTF8Encoding(false));
        var began = Stopwatch.GetTimestamp();
        var pool = ThreadPool.CompletedWorkItemCount;
        var failed = 0;
        if (starts > 0)
        {
            Console.WriteLine(StartTimes.Measure(starts));
            return 0;
        }

        if (count == 1)
        {
            var result = SimRun.Execute(new SimOptions(from, workload, profile, text, IsAlone: true));
            Console.WriteLine(result);
            if (ThreadPool.CompletedWorkItemCount - pool is > 0 and var escaped)
            {
                Console.WriteLine($"  {escaped} works ran on the thread pool, expected none");
            }

            return result.Held ? 0 : 1;
        }

        var tally = new Tally();
        SeedRange.Run(from, count, threads, seed => new SimOptions(seed, workload, profile), result =>
        {
            tally.Add(result);
            if (!result.Held)
            {
                failed++;
                Console.WriteLine(result);
            }

            return !(untilCaught && failed > 0);
        });
        foreach (var unheard in Unobserved.Take())
        {
            failed++;
            Console.WriteLine($"{unheard}\n  in one of these seeds: each run alone (--seed N) tells which.");
        }

        Console.WriteLine(tally);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} seeds from {from}, {failed} failed, {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s"));
        return failed == 0 ? 0 : 1;
    }
}
