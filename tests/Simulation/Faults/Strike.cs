namespace Orleans.Dask.Simulation.Faults;

/// <summary>What strikes in runs, by name. Each is counted where it has its effect, not where it was drawn.</summary>
internal static class Strike
{
    public const string Crash = "silo crashed";
    public const string MachineCrash = "silo crashed with its machine";
    public const string KeeperCrash = "keeper of the table crashed";
    public const string Restart = "silo restarted";
    public const string FirstRestart = "first silo restarted";
    public const string Leave = "silo left";
    public const string KeeperLeave = "keeper of the table left";
    public const string DeclaredDead = "silo declared dead while it lived";
    public const string ClientCrash = "client crashed";
    public const string Hang = "process hung";
    public const string KeeperHang = "keeper of the table hung";
    public const string OneWayCut = "link cut one way";
    public const string Cut = "link cut both ways";
    public const string HeldBack = "message held back by a cut";
    public const string Healed = "message released by healing";
    public const string Broken = "connection broken";
    public const string Lost = "message lost";
    public const string Overtaken = "message overtaken";
    public const string Late = "message delayed by weather";
    public const string Repeated = "message came once more";
    public const string Dropped = "activation dropped";
    /// <summary>In harsh workloads only.</summary>
    public const string Succession = "scheduler gone with a worker cut";
    public const string FullDisk = "write refused by a full disk";
    public const string SlowDisk = "slow work of a disk";
    public const string SlowTask = "slow work of an executor";
    public const string OldEpoch = "command of an older epoch";
    public const string LateFailure = "call that outlived its silo";
    public const string SecondActivation = "grain active twice";
    public const string ObserverLost = "call of an observer lost";
    public const string SequenceExpired = "sequence expired";
    public const string StreamEmptied = "event of a memory stream lost";

    /// <summary>All kinds there are: each has to strike now and then.</summary>
    public static readonly string[] All =
    [
        Crash, MachineCrash, KeeperCrash, Restart, FirstRestart, Leave, KeeperLeave, DeclaredDead, ClientCrash, Hang, KeeperHang, OneWayCut, Cut, HeldBack, Healed, Broken,
        Lost, Overtaken, Late, Repeated, Dropped, FullDisk, SlowDisk, SlowTask, OldEpoch, LateFailure, SecondActivation, ObserverLost, SequenceExpired, StreamEmptied,
    ];
}
