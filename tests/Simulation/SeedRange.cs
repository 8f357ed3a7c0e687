namespace Orleans.Dask.Simulation;

/// <summary>Many seeds, a few worlds at a time: worlds share nothing but what the runtime has emitted and read once.</summary>
internal static class SeedRange
{
    /// <param name="from">The first seed.</param>
    /// <param name="count">How many.</param>
    /// <param name="threads">Worlds at a time.</param>
    /// <param name="options">What to run for a seed.</param>
    /// <param name="take">Gets each result, one at a time; false: enough.</param>
    public static void Run(long from, long count, int threads, Func<long, SimOptions> options, Func<SimResult, bool> take)
    {
        var next = from - 1;
        var gate = new Lock();
        var workers = Enumerable.Range(0, threads).Select(_ => new Thread(() =>
        {
            for (var seed = Interlocked.Increment(ref next); seed < from + count; seed = Interlocked.Increment(ref next))
            {
                var result = SimRun.Execute(options(seed));
                lock (gate)
                {
                    if (!take(result))
                    {
                        next = from + count;
                    }
                }
            }
        })).ToArray();
        foreach (var worker in workers)
        {
            worker.Start();
        }

        foreach (var worker in workers)
        {
            worker.Join();
        }
    }
}
