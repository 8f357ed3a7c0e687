using BenchmarkDotNet.Running;
using Orleans.Dask.Benchmarks;
using Orleans.Dask.Benchmarks.Memory;
using Orleans.Dask.Benchmarks.Micro;
using Orleans.Dask.Benchmarks.Tables;

// dotnet run -c Release --project tests/Benchmarks -- SCENARIO...   one JSON object a line, as compare.py reads them
//                                                  -- list          the scenarios there are
//                                                  -- million       a million tasks: what memory they take, and what comes back; a table
//                                                  -- cost          what a task costs, from a thousand to a million of them; a table
//                                                  -- deaths        silo processes killed: when the others and a client know; a table
//                                                  -- bdn ...       BenchmarkDotNet, with its own arguments
//                                                  -- memory ...    operations on arrays of 8 times the memory limit
if (args is ["bdn", .. var rest])
{
    BenchmarkSwitcher.FromAssembly(typeof(Scenario).Assembly).Run(rest, ShortRuns.Config);
    return 0;
}

if (args is [LargerThanMemory.Command, .. var memory])
{
    return await LargerThanMemory.RunAsync(memory, Console.Out);
}

if (args is [BareSilo.Command, .. var primary])
{
    return await BareSilo.ServeAsync(primary.FirstOrDefault());
}

if (args is [DeathTable.Command])
{
    return await DeathTable.RunAsync(Console.Out);
}

if (args is [DroppingSilo.Command])
{
    return await DroppingSilo.ServeAsync();
}

if (args is [MillionTable.Command])
{
    return await MillionTable.RunAsync(Console.Out);
}

if (args is [CostTable.Command])
{
    return await CostTable.RunAsync(Console.Out);
}

return await ScenarioRunner.RunAsync(args, Console.Out);
