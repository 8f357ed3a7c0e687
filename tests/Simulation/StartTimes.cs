using System.Diagnostics;
using System.Globalization;
using Orleans.Dask.Simulation.Cluster;
using Orleans.Dask.Simulation.World;

namespace Orleans.Dask.Simulation;

/// <summary>How long a simulated silo takes to start, by the clock on the wall: composed by hand, no generic host, no look through assemblies.</summary>
internal static class StartTimes
{
    /// <summary>Clusters of one silo, one after the other; and how long a second and third one in a cluster of three take, with what they tell each other.</summary>
    public static string Measure(int count)
    {
        var (first, further) = (new double[count], new double[count]);
        for (var i = 0; i < count; i++)
        {
            first[i] = Time(i, silos: 1);
            further[i] = (Time(i, silos: 3) - first[i]) / 2;
        }

        return string.Create(CultureInfo.InvariantCulture,
            $"a silo starts in {Median(first):0.00} ms (median of {count}, 90 % within {At(first, 0.9):0.00} ms); one more in a cluster of three in {Median(further):0.00} ms");
    }

    private static double Time(long seed, int silos)
    {
        var cluster = new SimCluster(new SimWorld(seed, null), new ClusterShape(silos, 0, 1, TimeSpan.FromMilliseconds(2), false));
        var began = Stopwatch.GetTimestamp();
        cluster.Start();
        var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        cluster.World.End();
        return took;
    }

    private static double Median(double[] times) => At(times, 0.5);

    private static double At(double[] times, double part) => times.Order().ElementAt((int)(times.Length * part));
}
