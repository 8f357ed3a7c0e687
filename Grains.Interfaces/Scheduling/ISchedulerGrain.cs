using Orleans.Concurrency;

namespace Orleans.Dask.Grains.Interfaces;

/// <summary>
/// Schedules all graphs of one session; its key is the session. Everything it decides, it decides in a pure state machine;
/// every call carries the epoch of its caller, and one of an older epoch is refused.
/// </summary>
[Alias("dask.ISchedulerGrain")]
public interface ISchedulerGrain : IGrainWithStringKey
{
    /// <summary>Begins the session, or begins it again under a later epoch after this grain was lost.</summary>
    /// <exception cref="VersionException">The client is of a version that this silo does not work with.</exception>
    [Alias("Open")]
    Task<SessionOpened> OpenAsync(OpenSession request);

    /// <summary>Takes over tasks, and keys no longer wanted. Repeating a batch of the same sequence number changes nothing.</summary>
    [Alias("Submit")]
    Task<SubmitAnswer> SubmitAsync(SubmitBatch batch);

    /// <summary>
    /// What became of the session's wanted keys since <paramref name="seen"/>; waits up to 8 s for the first news.
    /// News are kept until a later call shows that they were seen. Polling is the session's sign of life.
    /// </summary>
    [Alias("Poll"), AlwaysInterleave]
    Task<SessionNews> PollAsync(long epoch, long seen);

    /// <summary>A worker's completions, repeated until answered; one seen before changes nothing.</summary>
    [Alias("Report"), AlwaysInterleave]
    Task<ReportAnswer> ReportAsync(WorkerReport report);

    /// <summary>Asks that a value be there, making it again if it must; answers where it is now. Never waits for the work.</summary>
    [Alias("Ensure"), AlwaysInterleave]
    Task<ValueState> EnsureAsync(TaskKey key);

    /// <summary>Where a value is. Asks for nothing.</summary>
    [Alias("Where"), AlwaysInterleave]
    Task<ValueState> WhereAsync(TaskKey key);

    /// <summary>Ends the session: what runs is cancelled, all values go.</summary>
    [Alias("Close")]
    Task CloseAsync(long epoch);
}

/// <summary>What a client says when it opens a session.</summary>
/// <param name="Epoch">Greater than any the client used for this session before.</param>
/// <param name="ClientVersion">Version of the client library, as three numbers. One that the silo does not work with is refused: below 1.0 major and minor must be the same, from then on the major number.</param>
/// <param name="Lease">How long the session outlives its last poll. Default 60 s.</param>
/// <param name="Process">The client's process, as <see cref="ProcessIdentity.Current"/>: where all is in one process, values travel as objects.</param>
[GenerateSerializer, Immutable, Alias("dask.OpenSession")]
public sealed record OpenSession(
    [property: Id(0)] long Epoch,
    [property: Id(1)] string ClientVersion,
    [property: Id(2)] TimeSpan Lease,
    [property: Id(3)] string Process);

/// <summary>What the cluster is when a session opens.</summary>
/// <param name="Epoch">The epoch in force.</param>
/// <param name="Workers">The silos that run tasks.</param>
[GenerateSerializer, Immutable, Alias("dask.SessionOpened")]
public sealed record SessionOpened(
    [property: Id(0)] long Epoch,
    [property: Id(1)] WorkerInfo[] Workers);

/// <summary>Whether a batch was taken.</summary>
/// <param name="EpochInForce">Differs from the caller's where the session has moved on, or is not open here (0): the caller opens it again and repeats what it still wants.</param>
[GenerateSerializer, Immutable, Alias("dask.SubmitAnswer")]
public sealed record SubmitAnswer([property: Id(0)] long EpochInForce);

/// <summary>Tasks of a client, and what it wants of them.</summary>
/// <param name="Epoch">The client's epoch.</param>
/// <param name="Sequence">Counts a session's batches from 1 within an epoch.</param>
/// <param name="Layers">Names that <see cref="WireKey.Layer"/> refers to.</param>
/// <param name="Functions">Functions that are new to this session and epoch, by number.</param>
/// <param name="Tasks">Dependencies before dependants; in order of preference.</param>
/// <param name="Wanted">Keys whose outcome the client waits for, and which are kept for it.</param>
/// <param name="Unwanted">Keys that no future of the client holds any longer.</param>
/// <param name="Cancelled">Keys to be given up, whoever wants them, and what depends on them.</param>
/// <param name="Scattered">Values that the client has written into stores; they come before <paramref name="Tasks"/>.</param>
/// <param name="More">Further batches of the same graph follow: until the last has come, nothing is forgotten that they may refer to. Then what is neither wanted nor leads to something wanted goes.</param>
[GenerateSerializer, Immutable, Alias("dask.SubmitBatch")]
public sealed record SubmitBatch(
    [property: Id(0)] long Epoch,
    [property: Id(1)] long Sequence,
    [property: Id(2)] string[] Layers,
    [property: Id(3)] FunctionSpec[] Functions,
    [property: Id(4)] TaskSpec[] Tasks,
    [property: Id(5)] WireKey[] Wanted,
    [property: Id(6)] WireKey[] Unwanted,
    [property: Id(7)] WireKey[] Cancelled,
    [property: Id(8)] ScatteredValue[] Scattered,
    [property: Id(9)] bool More);

/// <summary>A value that a client wrote with <see cref="IWorkerGrain.WriteAsync"/>. It has no recipe: lost with all its holders, it stays lost, unless its client kept it.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Worker">Address of the worker that keeps it; kept twice, it stands here twice.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="IsKept">The client has it still: told <see cref="TaskStatusCode.Lost"/>, it writes it once more.</param>
[GenerateSerializer, Immutable, Alias("dask.ScatteredValue")]
public sealed record ScatteredValue(
    [property: Id(0)] WireKey Key,
    [property: Id(1)] string Worker,
    [property: Id(2)] long Bytes,
    [property: Id(3)] bool IsKept = false);

/// <summary>A task key whose layer's name stands once per message.</summary>
/// <param name="Layer">Place in the message's table of layer names.</param>
/// <param name="Index">As <see cref="TaskKey.Index"/>.</param>
[GenerateSerializer, Immutable, Alias("dask.WireKey")]
public readonly record struct WireKey([property: Id(0)] int Layer, [property: Id(1)] int Index);

/// <summary>A function that tasks of a session name by number.</summary>
/// <param name="Number">Given by the client, from 1; never means another function within the session.</param>
/// <param name="Function">The <see cref="TaskFunction"/>.</param>
[GenerateSerializer, Immutable, Alias("dask.FunctionSpec")]
public sealed record FunctionSpec([property: Id(0)] int Number, [property: Id(1)] Payload Function);

/// <summary>One node on the wire.</summary>
/// <param name="Key">The value it makes.</param>
/// <param name="Function">Number of its function; 0: the value is <paramref name="Arguments"/> itself (data); -1: it is that of its only dependency (alias).</param>
/// <param name="Dependencies">As <see cref="TaskNode.Dependencies"/>.</param>
/// <param name="Arguments">As <see cref="CallNode.Arguments"/>; null where the dependencies are the arguments.</param>
[GenerateSerializer, Immutable, Alias("dask.TaskSpec")]
public sealed record TaskSpec(
    [property: Id(0)] WireKey Key,
    [property: Id(1)] int Function,
    [property: Id(2)] WireKey[] Dependencies,
    [property: Id(3)] Payload? Arguments);

/// <summary>What became of wanted keys.</summary>
/// <param name="EpochInForce">As <see cref="SubmitAnswer.EpochInForce"/>.</param>
/// <param name="Version">To be passed as "seen" next time; all of this is told again until then.</param>
/// <param name="Outcomes">In the order in which they came.</param>
/// <param name="Workers">The silos, where they have changed since "seen"; else null.</param>
/// <param name="CodeWanted">SHA-256 of assemblies that silos miss and cannot find any more: upload them again.</param>
[GenerateSerializer, Immutable, Alias("dask.SessionNews")]
public sealed record SessionNews(
    [property: Id(0)] long EpochInForce,
    [property: Id(1)] long Version,
    [property: Id(2)] Outcome[] Outcomes,
    [property: Id(3)] WorkerInfo[]? Workers,
    [property: Id(4)] string[] CodeWanted);

/// <summary>The end of a task, as its client sees it.</summary>
/// <param name="Key">Which.</param>
/// <param name="Status">How it ended; <see cref="TaskStatusCode.Lost"/> where a value that was there has to be made again.</param>
/// <param name="Bytes">Size of the value.</param>
/// <param name="Value">The value, where it is small enough to ride along.</param>
/// <param name="Error">What was thrown.</param>
[GenerateSerializer, Immutable, Alias("dask.Outcome")]
public sealed record Outcome(
    [property: Id(0)] TaskKey Key,
    [property: Id(1)] TaskStatusCode Status,
    [property: Id(2)] long Bytes,
    [property: Id(3)] Payload? Value,
    [property: Id(4)] TaskError? Error);

/// <summary>Where a value's making stands.</summary>
[GenerateSerializer, Alias("dask.TaskStatusCode")]
public enum TaskStatusCode
{
    /// <summary>The session knows of no such key.</summary>
    Unknown,

    /// <summary>Waits for inputs, a slot, or runs.</summary>
    Pending,

    /// <summary>The value is in some silo's store.</summary>
    Finished,

    /// <summary>The task threw, or one it depends on did.</summary>
    Failed,

    /// <summary>Given up on request.</summary>
    Cancelled,

    /// <summary>The value was lost with its silo and is being made again.</summary>
    Lost,
}

/// <summary>A failure of user code, or of running it.</summary>
/// <param name="Failed">The task that threw, which may be one that the asked-for task depends on.</param>
/// <param name="Worker">The silo it ran on.</param>
/// <param name="Attempt">From 1.</param>
/// <param name="Exception">What was thrown, with its remote stack.</param>
[GenerateSerializer, Immutable, Alias("dask.TaskError")]
public sealed record TaskError(
    [property: Id(0)] TaskKey Failed,
    [property: Id(1)] string Worker,
    [property: Id(2)] int Attempt,
    [property: Id(3)] Payload Exception);

/// <summary>Where a value is.</summary>
/// <param name="Status">Whether it is there.</param>
/// <param name="Holders">Workers whose stores hold it, by address.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Error">Why it never will be there.</param>
[GenerateSerializer, Immutable, Alias("dask.ValueState")]
public sealed record ValueState(
    [property: Id(0)] TaskStatusCode Status,
    [property: Id(1)] string[] Holders,
    [property: Id(2)] long Bytes,
    [property: Id(3)] TaskError? Error);
