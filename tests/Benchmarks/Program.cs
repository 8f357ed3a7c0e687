using BenchmarkDotNet.Running;
using Orleans.Dask.Benchmarks;
using Orleans.Dask.Benchmarks.Micro;

// dotnet run -c Release --project tests/Benchmarks -- SCENARIO...   one JSON object a line, as compare.py reads them
//                                                  -- list          the scenarios there are
//                                                  -- bdn ...       BenchmarkDotNet, with its own arguments
if (args is ["bdn", .. var rest])
{
    BenchmarkSwitcher.FromAssembly(typeof(Scenario).Assembly).Run(rest, ShortRuns.Config);
    return 0;
}

if (args is [BareSilo.Command])
{
    return await BareSilo.ServeAsync();
}

if (args is [DroppingSilo.Command])
{
    return await DroppingSilo.ServeAsync();
}

return await ScenarioRunner.RunAsync(args, Console.Out);
