using System.Globalization;
using Orleans.Dask.Simulation.Faults;
using Orleans.Dask.Simulation.Workloads;

namespace Orleans.Dask.Simulation;

/// <summary>What struck in many runs, by kind and workload.</summary>
internal sealed class Tally
{
    private readonly Dictionary<(string Kind, string Workload), long> _strikes = [];
    private readonly Dictionary<string, int> _runs = new(StringComparer.Ordinal);

    public void Add(SimResult result)
    {
        foreach (var (kind, times) in result.Strikes)
        {
            _strikes[(kind, result.Workload)] = Of(kind, result.Workload) + times;
            _runs[kind] = _runs.GetValueOrDefault(kind) + 1;
        }
    }

    public long Of(string kind, string workload) => _strikes.GetValueOrDefault((kind, workload));

    public long Of(string kind) => Workload.All.Keys.Sum(workload => Of(kind, workload));

    public override string ToString()
    {
        var names = Workload.All.Keys.ToArray();
        var lines = Strike.All.Select(kind => string.Create(CultureInfo.InvariantCulture,
            $"{kind,-34} {Of(kind),9} {_runs.GetValueOrDefault(kind),6}  {string.Concat(names.Select(name => Of(kind, name).ToString(CultureInfo.InvariantCulture).PadLeft(Width(name))))}"));
        return $"{"what struck",-34} {"times",9} {"runs",6}  {string.Concat(names.Select(name => name.PadLeft(Width(name))))}\n{string.Join('\n', lines)}";
    }
    private static int Width(string name) => Math.Max(9, name.Length + 2);
}
