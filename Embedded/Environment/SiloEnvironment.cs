namespace Orleans.Embedded;

/// <summary>
/// Everything of the outside world that a silo or client touches, each behind one small interface: on a laptop the real thing,
/// in a simulation one seeded thread. Nothing in this engine reaches around it.
/// </summary>
internal sealed record SiloEnvironment
{
    public TimeProvider Time { get; init; } = TimeProvider.System;

    public ITurnScheduler Turns { get; init; } = PoolTurnScheduler.Instance;

    public INetwork Network { get; init; } = ProcessNetwork.Instance;

    public IDisk Disk { get; init; } = RealDisk.Instance;

    public IRandomness Randomness { get; init; } = SystemRandomness.Instance;

    public IExecutor Executor { get; init; } = PoolExecutor.Instance;

    /// <summary>Calls to a silo or client that died wait out their timeout, as they may with Microsoft Orleans: a simulation's way to see that nobody relies on more.</summary>
    public bool CallsOutliveTheirSilo { get; init; }
}
