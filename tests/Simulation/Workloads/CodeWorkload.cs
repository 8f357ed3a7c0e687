using System.Reflection;
using Orleans.Dask.Simulation.Cluster;
using Orleans.Dask.Simulation.World;

namespace Orleans.Dask.Simulation.Workloads;

/// <summary>Functions of a program that no silo has: its code is sent, looked for, and sent again where it was lost.</summary>
internal sealed class CodeWorkload : Workload
{
    private static readonly Lazy<(string Name, Delegate Function)[]> s_functions = new(Load);

    public override async Task RunAsync(SimClient client, SeededRandom random)
    {
        var functions = s_functions.Value.ToDictionary(f => f.Name, f => f.Function);
        for (var round = random.Next(1, 4); round > 0; round--)
        {
            try
            {
                var plain = Enumerable.Range(0, random.Next(1, 6)).Select(i => (i, Keep(client.Dask.Submit((Func<int, int>)functions["plain"], i)))).ToArray();
                var captured = Keep(client.Dask.Submit((Func<string, double>)functions["captures"], "THREE"));
                Same(34.5, await captured, "what captures things");
                foreach (var (i, future) in plain)
                {
                    Same(i + 1, await future, "what captures nothing");
                }
            }
            catch (Exception e) when (IsExcused(e))
            {
                // Deaths enough.
            }

            await PauseAsync(client, random);
        }
    }

    private static (string, Delegate)[] Load()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "..", "..", "Stranger", Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')));
        var assembly = Assembly.LoadFrom(Path.GetFullPath(Path.Combine(folder, "Orleans.Dask.Stranger.dll")));
        var all = assembly.GetType("Orleans.Dask.Stranger.Functions")!.GetProperty("All", BindingFlags.Public | BindingFlags.Static)!;
        return [.. (IEnumerable<(string, Delegate)>)all.GetValue(null)!];
    }
}
