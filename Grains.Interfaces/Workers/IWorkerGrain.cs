using Orleans.Concurrency;

namespace Orleans.Dask.Grains.Interfaces;

/// <summary>
/// The door to one silo's executor and chunk store; its key is the silo's address and it is always activated there.
/// All calls answer at once: "accepted", never "done".
/// </summary>
[Alias("dask.IWorkerGrain")]
public interface IWorkerGrain : IGrainWithStringKey
{
    /// <summary>What the silo offers.</summary>
    [Alias("Describe"), AlwaysInterleave]
    Task<WorkerInfo> DescribeAsync();

    /// <summary>Commands of one session's scheduler, in order. A batch seen before changes nothing; one of an older epoch is refused.</summary>
    [Alias("Command"), AlwaysInterleave]
    Task<CommandAnswer> CommandAsync(CommandBatch batch);

    /// <summary>
    /// What the store holds of a session, and its beginning or a new epoch: from now on older ones are refused, what has not begun is
    /// forgotten, commands count anew, and what runs is reported to who asks.
    /// </summary>
    /// <param name="session">Whose values.</param>
    /// <param name="epoch">The epoch of who asks.</param>
    /// <param name="from">0 to begin; then as many values as have come, while <see cref="Inventory.More"/> says that there are more.</param>
    [Alias("Inventory"), AlwaysInterleave]
    Task<Inventory> InventoryAsync(SessionId session, long epoch, int from);

    /// <summary>
    /// A piece of a value's bytes, or, for a reader in the same process, the value itself.
    /// Stateless: any piece may be asked for at any time, by anyone.
    /// </summary>
    /// <param name="session">Whose value.</param>
    /// <param name="key">Which.</param>
    /// <param name="offset">First byte wanted.</param>
    /// <param name="readerProcess">Identity of the reader's process, as <see cref="WorkerInfo.Process"/>; null: bytes in any case.</param>
    /// <returns>At most 1 MB; null where the store does not hold the value.</returns>
    [Alias("Read"), AlwaysInterleave]
    Task<ValuePiece?> ReadAsync(SessionId session, TaskKey key, long offset, string? readerProcess);

    /// <summary>The first pieces of many values, as <see cref="ReadAsync"/> answers them, as many as fit in 1 MB.</summary>
    /// <returns>In the order asked for; shorter than the request where it would be too much: ask again for the rest. A <see cref="ValuePiece.Total"/> of -1 stands for a value that is not held.</returns>
    [Alias("ReadMany"), AlwaysInterleave]
    Task<ValuePiece[]> ReadManyAsync(ReadRequest request);

    /// <summary>Keeps a value that a client scatters, in pieces of at most 1 MB; complete when all bytes have come.</summary>
    [Alias("Write"), AlwaysInterleave]
    Task WriteAsync(SessionId session, TaskKey key, ValuePiece piece);

    /// <summary>Ends a session here: what runs for it is cancelled, its values and its code go. An older epoch has no effect.</summary>
    [Alias("Close"), AlwaysInterleave]
    Task CloseAsync(SessionId session, long epoch);

    /// <summary>What another silo's store has gained and lost, for this silo's placement of activations.</summary>
    [Alias("Announce"), AlwaysInterleave]
    Task AnnounceAsync(InventoryChange change);

    /// <summary>
    /// Another silo is about to leave: from now on nothing is placed there while one that stays may have it. Told until answered, and
    /// again is no harm; forgotten when that silo is gone. It commits nobody: one that stays after all is placed on again only under a new address.
    /// </summary>
    /// <param name="silo">Its address, as <see cref="WorkerInfo.Address"/>.</param>
    /// <returns>This silo, with what its store holds now: the other chooses by it who takes its values over.</returns>
    [Alias("Leaves"), AlwaysInterleave]
    Task<WorkerInfo> LeavesAsync(string silo);
}

/// <summary>Several values wanted from one store.</summary>
/// <param name="Session">Whose.</param>
/// <param name="Layers">Names that <see cref="WireKey.Layer"/> refers to.</param>
/// <param name="Keys">Which.</param>
/// <param name="ReaderProcess">As in <see cref="IWorkerGrain.ReadAsync"/>.</param>
[GenerateSerializer, Immutable, Alias("dask.ReadRequest")]
public sealed record ReadRequest(
    [property: Id(0)] SessionId Session,
    [property: Id(1)] string[] Layers,
    [property: Id(2)] WireKey[] Keys,
    [property: Id(3)] string? ReaderProcess);

/// <summary>Larger values that came to and went from one silo's store, and how much work it has.</summary>
/// <param name="Worker">Address of that silo.</param>
/// <param name="Sequence">Counts this silo's changes from 1; after a gap the view of it begins anew.</param>
/// <param name="Session">Whose values.</param>
/// <param name="Layers">Names that <see cref="WireKey.Layer"/> refers to.</param>
/// <param name="Came">Values held now.</param>
/// <param name="Went">Values held no longer.</param>
[GenerateSerializer, Immutable, Alias("dask.InventoryChange")]
public sealed record InventoryChange(
    [property: Id(0)] string Worker,
    [property: Id(1)] long Sequence,
    [property: Id(2)] SessionId Session,
    [property: Id(3)] string[] Layers,
    [property: Id(4)] WireKey[] Came,
    [property: Id(5)] WireKey[] Went)
{
    /// <summary>Ticks (100 ns) of work that the silo has and has not done, as far as it can tell.</summary>
    [Id(6)]
    public long QueuedTicks { get; init; }

    /// <summary>Tasks the silo runs at a time.</summary>
    [Id(7)]
    public int Slots { get; init; }
}

/// <summary>A silo that runs tasks.</summary>
/// <param name="Address">Its address as text, the key of its <see cref="IWorkerGrain"/>.</param>
/// <param name="Slots">Tasks it runs at a time.</param>
/// <param name="Process">Its process, as <see cref="ProcessIdentity.Current"/>.</param>
/// <param name="Version">Version of its grains.</param>
/// <param name="MemoryLimit">Bytes its values may take.</param>
/// <param name="Stored">Bytes its values took when it said this.</param>
/// <param name="Leaving">It is about to leave: it takes no new tasks and no values, and hands over those it has.</param>
[GenerateSerializer, Immutable, Alias("dask.WorkerInfo")]
public sealed record WorkerInfo(
    [property: Id(0)] string Address,
    [property: Id(1)] int Slots,
    [property: Id(2)] string Process,
    [property: Id(3)] string Version,
    [property: Id(4)] long MemoryLimit,
    [property: Id(5)] long Stored = 0,
    [property: Id(6)] bool Leaving = false);

/// <summary>Commands of a session's scheduler to one worker.</summary>
/// <param name="Session">Whose.</param>
/// <param name="Epoch">The scheduler's epoch.</param>
/// <param name="Sequence">Counts the batches to this worker from 1 within an epoch.</param>
/// <param name="Layers">Names that <see cref="WireKey.Layer"/> refers to.</param>
/// <param name="Functions">Functions this worker has not been told of yet.</param>
/// <param name="Workers">Addresses that <see cref="TaskRun.Holders"/> refers to.</param>
/// <param name="Run">Tasks to run, best first. Every one of them is answered by exactly one entry of a report: finished, failed, cancelled, revoked or missing an input.</param>
/// <param name="Revoke">Tasks to give back unless begun: they are wanted elsewhere. Carried out, like the next two, before <paramref name="Run"/>.</param>
/// <param name="Release">Values to let go.</param>
/// <param name="Cancel">Tasks nobody wants any more.</param>
/// <param name="SharedProcess">The process that scheduler and client share; empty where they are in two, so that results must travel as bytes.</param>
/// <param name="Copy">Values to be fetched and kept, null for none. Each is answered: by an end with attempt 0, or as missing an input that is the value itself.</param>
[GenerateSerializer, Immutable, Alias("dask.CommandBatch")]
public sealed record CommandBatch(
    [property: Id(0)] SessionId Session,
    [property: Id(1)] long Epoch,
    [property: Id(2)] long Sequence,
    [property: Id(3)] string[] Layers,
    [property: Id(4)] FunctionSpec[] Functions,
    [property: Id(5)] string[] Workers,
    [property: Id(6)] TaskRun[] Run,
    [property: Id(7)] WireKey[] Revoke,
    [property: Id(8)] WireKey[] Release,
    [property: Id(9)] WireKey[] Cancel,
    [property: Id(10)] string SharedProcess,
    [property: Id(11)] ValueCopy[]? Copy = null);

/// <summary>A value to be fetched from another worker and kept, although no task here takes it.</summary>
/// <param name="Key">Which.</param>
/// <param name="Holder">Place of its holder in <see cref="CommandBatch.Workers"/>.</param>
[GenerateSerializer, Immutable, Alias("dask.ValueCopy")]
public readonly record struct ValueCopy([property: Id(0)] WireKey Key, [property: Id(1)] int Holder);

/// <summary>A task to be run.</summary>
/// <param name="Key">The value it makes.</param>
/// <param name="Attempt">From 1.</param>
/// <param name="Priority">Smaller runs first.</param>
/// <param name="Function">As <see cref="TaskSpec.Function"/>.</param>
/// <param name="Dependencies">Its inputs.</param>
/// <param name="Holders">For each input, a worker that holds it.</param>
/// <param name="Arguments">As <see cref="TaskSpec.Arguments"/>.</param>
/// <param name="ReturnValue">Whether a small result is wanted with the completion.</param>
[GenerateSerializer, Immutable, Alias("dask.TaskRun")]
public sealed record TaskRun(
    [property: Id(0)] WireKey Key,
    [property: Id(1)] int Attempt,
    [property: Id(2)] long Priority,
    [property: Id(3)] int Function,
    [property: Id(4)] WireKey[] Dependencies,
    [property: Id(5)] int[] Holders,
    [property: Id(6)] Payload? Arguments,
    [property: Id(7)] bool ReturnValue);

/// <summary>Whether a worker took a batch.</summary>
/// <param name="EpochInForce">Differs from the batch's where a later scheduler has spoken: the sender is of the past and stops.</param>
/// <param name="NextSequence">The batch the worker expects next; commands before it are done with.</param>
[GenerateSerializer, Immutable, Alias("dask.CommandAnswer")]
public sealed record CommandAnswer([property: Id(0)] long EpochInForce, [property: Id(1)] long NextSequence);

/// <summary>What a worker's store holds of a session.</summary>
/// <param name="Worker">Which worker.</param>
/// <param name="Layers">Names that <see cref="WireKey.Layer"/> refers to.</param>
/// <param name="Values">Values held.</param>
/// <param name="Bytes">Their sizes, in the same order.</param>
/// <param name="More">There are more than one message takes: ask again from where this one ends.</param>
/// <param name="Running">Tasks that have begun here and go on; with the first part only. Whoever still wants them need not begin them elsewhere.</param>
[GenerateSerializer, Immutable, Alias("dask.Inventory")]
public sealed record Inventory(
    [property: Id(0)] WorkerInfo Worker,
    [property: Id(1)] string[] Layers,
    [property: Id(2)] WireKey[] Values,
    [property: Id(3)] long[] Bytes,
    [property: Id(4)] bool More,
    [property: Id(5)] WireKey[]? Running = null);

/// <summary>Completions of one worker for one session.</summary>
/// <param name="Worker">Address of the worker.</param>
/// <param name="Epoch">The epoch whose commands it has carried out.</param>
/// <param name="Sequence">Counts its reports from 1 within the epoch.</param>
/// <param name="Layers">Names that <see cref="WireKey.Layer"/> refers to.</param>
/// <param name="Finished">Tasks that ended.</param>
/// <param name="Revoked">Tasks given back without having begun.</param>
/// <param name="Missing">Inputs that no holder named had any more: (task, input) pairs.</param>
/// <param name="CodeWanted">SHA-256 of assemblies that are nowhere to be had.</param>
/// <param name="Leaving">The worker is about to leave; null: it is not.</param>
[GenerateSerializer, Immutable, Alias("dask.WorkerReport")]
public sealed record WorkerReport(
    [property: Id(0)] string Worker,
    [property: Id(1)] long Epoch,
    [property: Id(2)] long Sequence,
    [property: Id(3)] string[] Layers,
    [property: Id(4)] TaskFinished[] Finished,
    [property: Id(5)] WireKey[] Revoked,
    [property: Id(6)] MissingInput[] Missing,
    [property: Id(7)] string[] CodeWanted,
    [property: Id(9)] LeavingWorker? Leaving = null)
{
    /// <summary>How fast inputs have come to this worker from others lately; 0 where none have.</summary>
    [Id(8)]
    public long BytesPerSecond { get; init; }
}

/// <summary>What a worker that is about to leave tells each of its schedulers, with every report.</summary>
/// <param name="Written">Values that clients wrote into its store, of which a scheduler may not have heard yet; each is told once.</param>
/// <param name="Bytes">Their sizes, in the same order.</param>
/// <param name="Others">The other silos as they answered <see cref="IWorkerGrain.LeavesAsync"/>; each told once in an epoch.</param>
[GenerateSerializer, Immutable, Alias("dask.LeavingWorker")]
public sealed record LeavingWorker(
    [property: Id(0)] WireKey[] Written,
    [property: Id(1)] long[] Bytes,
    [property: Id(2)] WorkerInfo[] Others);

/// <summary>Whether a report was taken.</summary>
/// <param name="EpochInForce">As <see cref="SubmitAnswer.EpochInForce"/>: where it differs, the report is of the past and is dropped.</param>
/// <param name="Leave">To a worker that is leaving: what still ties it to the session; null where this scheduler does not count it among its workers.</param>
[GenerateSerializer, Immutable, Alias("dask.ReportAnswer")]
public sealed record ReportAnswer([property: Id(0)] long EpochInForce, [property: Id(1)] LeaveProgress? Leave = null);

/// <summary>What still ties a leaving worker to a session. With no tasks and no values it may go.</summary>
/// <param name="Tasks">Tasks it was handed and has not answered.</param>
/// <param name="Values">Values that only leaving workers hold, and that others are fetching.</param>
/// <param name="Bytes">Their sizes together.</param>
/// <param name="StuckValues">Values that only leaving workers hold, and that nobody can take: no other worker is there, or they cannot travel.</param>
/// <param name="StuckBytes">Their sizes together.</param>
[GenerateSerializer, Immutable, Alias("dask.LeaveProgress")]
public sealed record LeaveProgress(
    [property: Id(0)] int Tasks,
    [property: Id(1)] int Values,
    [property: Id(2)] long Bytes,
    [property: Id(3)] int StuckValues,
    [property: Id(4)] long StuckBytes);

/// <summary>The end of one task on one worker.</summary>
/// <param name="Key">Which.</param>
/// <param name="Attempt">Which try; 0: no run of a task, but a <see cref="ValueCopy"/> that is here now.</param>
/// <param name="Status"><see cref="TaskStatusCode.Finished"/>, <see cref="TaskStatusCode.Failed"/> or <see cref="TaskStatusCode.Cancelled"/>.</param>
/// <param name="Bytes">Size of the value in the worker's store.</param>
/// <param name="RunTime">Ticks (100 ns) its function ran.</param>
/// <param name="Value">The value where it was wanted and is at most a few kB.</param>
/// <param name="Exception">What it threw.</param>
[GenerateSerializer, Immutable, Alias("dask.TaskFinished")]
public sealed record TaskFinished(
    [property: Id(0)] WireKey Key,
    [property: Id(1)] int Attempt,
    [property: Id(2)] TaskStatusCode Status,
    [property: Id(3)] long Bytes,
    [property: Id(4)] long RunTime,
    [property: Id(5)] Payload? Value,
    [property: Id(6)] Payload? Exception);

/// <summary>An input that was not where the scheduler thought.</summary>
/// <param name="Task">Who needs it; it goes back to the scheduler.</param>
/// <param name="Input">What is missing.</param>
/// <param name="Holder">Address of the worker that did not have it.</param>
/// <param name="Unreachable">The worker did not say so: it could not be asked.</param>
[GenerateSerializer, Immutable, Alias("dask.MissingInput")]
public sealed record MissingInput(
    [property: Id(0)] WireKey Task,
    [property: Id(1)] WireKey Input,
    [property: Id(2)] string Holder,
    [property: Id(3)] bool Unreachable = false);

/// <summary>A piece of a value.</summary>
/// <param name="Total">Bytes of the whole encoded value.</param>
/// <param name="Offset">Where this piece begins.</param>
/// <param name="Bytes">The piece; empty where <paramref name="Whole"/> is given.</param>
/// <param name="Whole">The value itself, inside one process.</param>
[GenerateSerializer, Immutable, Alias("dask.ValuePiece")]
public sealed record ValuePiece(
    [property: Id(0)] long Total,
    [property: Id(1)] long Offset,
    [property: Id(2)] byte[] Bytes,
    [property: Id(3)] Payload? Whole);
