using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>Answers from the table of the silo it happens to be on.</summary>
[StatelessWorker, PreferLocalPlacement, Alias("sys_management")]
internal sealed class ManagementGrain(ISiloStatusOracle silos) : Grain, IManagementGrain
{
    public Task<Dictionary<SiloAddress, SiloStatus>> GetHosts(bool onlyActive = false) => Task.FromResult(silos.GetApproximateSiloStatuses(onlyActive));
}
