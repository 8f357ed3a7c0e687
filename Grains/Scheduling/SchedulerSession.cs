using Microsoft.Extensions.Logging;
using Orleans.Dask.Grains.Execution;
using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Grains.Placement;
using Orleans.Dask.Grains.Storage;

namespace Orleans.Dask.Grains.Scheduling;

/// <summary>
/// One session in one epoch, on the turns of its <see cref="SchedulerGrain"/>: the state, what is on its way to workers, what is
/// on its way to the client.
/// </summary>
internal sealed partial class SchedulerSession
{
    // What a task takes here, roughly, with its edges and its outcome.
    private const int BytesPerTask = 250;

    private static readonly TimeSpan s_joinDeadline = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_longestJoin = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan s_joinPause = TimeSpan.FromMilliseconds(50);

    private readonly IGrainFactory _grains;
    private readonly InventoryView _inventories;
    private readonly MemoryReturn _memory;
    private readonly ILogger _logger;
    private readonly Dictionary<int, FunctionSpec> _functions = [];
    private readonly Dictionary<int, WorkerOutbox> _outboxes = [];
    private readonly HashSet<string> _joining = new(StringComparer.Ordinal);
    private readonly HashSet<string> _joined = new(StringComparer.Ordinal);
    private readonly long _began;
    private readonly bool _clientIsHere;
    private long _lastPoll;

    public SchedulerSession(SessionId id, OpenSession open, string process, SchedulerOptions options, IGrainFactory grains, InventoryView inventories, MemoryReturn memory, TimeProvider time, ILogger logger)
    {
        Id = id;
        Epoch = open.Epoch;
        Lease = open.Lease > TimeSpan.Zero ? open.Lease : TimeSpan.FromSeconds(60);
        Time = time;
        _clientIsHere = open.Process == process;
        SharedProcess = _clientIsHere ? process : "";
        _grains = grains;
        _inventories = inventories;
        _memory = memory;
        _logger = logger;
        _began = _lastPoll = time.GetTimestamp();
        State = new SchedulerState(Encode, options with { Process = process });
    }

    public SessionId Id { get; }

    public long Epoch { get; }

    public TimeSpan Lease { get; }

    public TimeProvider Time { get; }

    /// <summary>As <see cref="CommandBatch.SharedProcess"/>.</summary>
    public string SharedProcess { get; }

    public SchedulerState State { get; }

    public NewsLog News { get; } = new();

    public bool Closed { get; private set; }

    /// <summary>Its client has not polled for longer than the lease.</summary>
    public bool LeaseIsOver => Time.GetElapsedTime(_lastPoll) > Lease;

    public IWorkerGrain Grain(string worker) => _grains.GetGrain<IWorkerGrain>(worker);

    public FunctionSpec? Function(int number) => _functions.GetValueOrDefault(number);

    public void Polled() => _lastPoll = Time.GetTimestamp();

    /// <exception cref="GraphException">The batch is malformed; nothing of it was taken.</exception>
    public void Submit(SubmitBatch batch)
    {
        MessageCheck.Require(batch, State.Tasks, _functions.ContainsKey);
        foreach (var function in batch.Functions)
        {
            _functions.TryAdd(function.Number, function);
        }

        Apply(new BatchSubmitted(batch));
    }

    /// <summary>One event: its commands go to the outboxes, its outcomes to the news, and the turn ends.</summary>
    public void Apply(SchedulerEvent happened)
    {
        var before = State.TaskCount;
        State.Apply(happened, Time.GetElapsedTime(_began).Ticks);
        if (State.TaskCount < before)
        {
            _memory.Released((before - State.TaskCount) * BytesPerTask);
        }

        foreach (var command in State.Commands)
        {
            if (_outboxes.TryGetValue(command.Worker, out var outbox))
            {
                outbox.Add(command);
            }
        }

        // Outcomes last: a poll that waits for them goes on within this very call.
        var outcomes = State.Outcomes;
        if (State.Commands.Count > 0)
        {
            foreach (var outbox in _outboxes.Values)
            {
                outbox.Flush();
            }
        }

        News.Add(outcomes);
    }

    /// <exception cref="ArgumentException">The report is malformed; nothing of it was taken.</exception>
    public void Report(WorkerReport report)
    {
        try
        {
            MessageCheck.Require(report);
        }
        catch (ArgumentException)
        {
            // What it meant to say is not known: as if it had been lost with its runs. It joins again with the next look at the silos.
            if (_joined.Contains(report.Worker))
            {
                Lose(report.Worker);
            }

            throw;
        }

        NoteLarge(report);
        var stayed = !State.IsLeaving(report.Worker);
        Apply(new WorkerReported(report));
        if (stayed && State.IsLeaving(report.Worker))
        {
            LogLeaves(Id.Value, report.Worker);
            News.Add([.. State.Workers]);
        }

        News.Add(report.CodeWanted);
    }

    /// <summary>What still ties a leaving worker. As long as silos have yet to join, what nobody can take may be taken by one of them.</summary>
    public LeaveProgress? Progress(string worker, string[] silos)
    {
        var progress = State.Progress(worker);
        return progress is { StuckValues: > 0 } && !AllHaveJoined(silos)
            ? new LeaveProgress(progress.Tasks, progress.Values + progress.StuckValues, progress.Bytes + progress.StuckBytes, 0, 0)
            : progress;
    }

    /// <summary>Compares the silos that are there with the workers there were: joins new ones, gives up lost ones. Complete when those that join now have answered or failed; it never fails itself.</summary>
    public async Task FollowAsync(IReadOnlyCollection<string> silos)
    {
        foreach (var gone in _joined.Where(worker => !silos.Contains(worker)).ToArray())
        {
            Lose(gone);
        }

        await Task.WhenAll(silos.Where(silo => !_joined.Contains(silo) && _joining.Add(silo)).ToArray().Select(JoinAsync));
    }

    /// <summary>
    /// Completes when the living silos that the batch names as holders of values have joined: in a new epoch they may not have
    /// yet, which is no reason to take their values for lost; of one that is gone, another may have taken them over. Waits at most 8 s, however long a join takes; a silo without slots never joins.
    /// </summary>
    public async Task HoldersJoinedAsync(SubmitBatch batch, Func<string[]> activeSilos)
    {
        var began = Time.GetTimestamp();
        var holders = batch.Scattered?.Select(value => value?.Worker).OfType<string>().ToArray() ?? [];
        while (!Closed && !AllHaveJoined(holders) && Time.GetElapsedTime(began) < s_longestJoin && activeSilos() is var silos && !AllHaveJoined(silos))
        {
            _ = FollowAsync(silos);
            await Task.Delay(s_joinPause, Time);
        }
    }

    private bool AllHaveJoined(string[] silos) => Array.TrueForAll(silos, _joined.Contains);

    public async Task CloseAsync()
    {
        if (Closed)
        {
            return;
        }

        Abandon();
        await Task.WhenAll(_joined.Select(CloseAtAsync));
    }

    /// <summary>Sends nothing more: a later epoch has begun, or this activation ends.</summary>
    public void Abandon()
    {
        Closed = true;
        foreach (var outbox in _outboxes.Values)
        {
            outbox.Closed = true;
        }

        News.Wake();
    }

    /// <summary>A worker takes our commands no longer.</summary>
    public void Refused(WorkerOutbox outbox, CommandAnswer answer)
    {
        if (answer.EpochInForce > Epoch)
        {
            // A later scheduler of this session is at work: this one is of the past.
            Abandon();
            return;
        }

        LogRefused(Id.Value, outbox.Worker.Address);
        Lose(outbox.Worker.Address);
    }

    public void SendFailed(string worker, Exception exception) => LogSendFailed(Id.Value, worker, exception.Message, exception.Unexpected);

    private void NoteLarge(WorkerReport report)
    {
        SiloAddress? silo = null;
        foreach (var finished in report.Finished)
        {
            if (finished.Bytes >= ChunkStore.AnnouncedBytes)
            {
                silo ??= SiloAddress.FromParsableString(report.Worker);
                _inventories.Note(Id, KeyTable.Read(report.Layers, finished.Key), silo);
            }
        }
    }

    private void Lose(string worker)
    {
        var silo = SiloAddress.FromParsableString(worker);
        _inventories.Forget(silo);
        _joined.Remove(worker);
        foreach (var (number, outbox) in _outboxes.Where(entry => entry.Value.Worker.Address == worker).ToArray())
        {
            outbox.Closed = true;
            _outboxes.Remove(number);
        }

        Apply(new WorkerLost(worker, _inventories.IsLeaving(silo)));
        News.Add([.. State.Workers]);
    }

    private async Task JoinAsync(string silo)
    {
        try
        {
            var parts = new List<Inventory>();
            for (var from = 0; parts.Count == 0 || parts[^1].More; from += parts[^1].Values.Length)
            {
                parts.Add(await Grain(silo).InventoryAsync(Id, Epoch, from).WaitAsync(s_joinDeadline, Time));
                MessageCheck.Require(parts[^1]);
                if (Closed || parts[^1].Worker.Slots <= 0)
                {
                    return;
                }
            }

            _joined.Add(silo);
            var number = State.NextWorker;
            _outboxes.Add(number, new WorkerOutbox(this, parts[0].Worker));
            foreach (var part in parts)
            {
                Apply(new WorkerJoined(part.Worker, part));
            }

            News.Add([.. State.Workers]);
        }
        catch (Exception exception)
        {
            // Asked again with the next look at the silos.
            LogJoinFailed(Id.Value, silo, exception.Message, exception.Unexpected);
        }
        finally
        {
            _joining.Remove(silo);
        }
    }

    private async Task CloseAtAsync(string worker)
    {
        for (var attempt = 0; attempt < 3; attempt++)
        {
            try
            {
                await Grain(worker).CloseAsync(Id, Epoch).WaitAsync(TimeSpan.FromSeconds(3), Time);
                return;
            }
            catch (Exception exception)
            {
                // A worker that cannot be told finds out by itself that nobody answers for the session.
                LogCloseFailed(Id.Value, worker, exception.Message, exception.Unexpected);
            }
        }
    }

    private Payload Encode(Exception exception)
    {
        var payload = Payload.Of(exception);
        if (!_clientIsHere)
        {
            payload.Encode();
        }

        return payload;
    }

    [LoggerMessage(1, LogLevel.Warning, "Session {Session}: commands did not reach {Worker}; they are sent again. {Reason}")]
    private partial void LogSendFailed(string session, string worker, string reason, Exception? exception);

    [LoggerMessage(2, LogLevel.Warning, "Session {Session}: {Worker} did not join. {Reason}")]
    private partial void LogJoinFailed(string session, string worker, string reason, Exception? exception);

    [LoggerMessage(3, LogLevel.Warning, "Session {Session}: {Worker} could not be told that it is over. {Reason}")]
    private partial void LogCloseFailed(string session, string worker, string reason, Exception? exception);

    [LoggerMessage(5, LogLevel.Information, "Session {Session}: {Worker} is leaving, and gets nothing new.")]
    private partial void LogLeaves(string session, string worker);

    [LoggerMessage(4, LogLevel.Warning, "Session {Session}: {Worker} has lost what it was told; it joins anew.")]
    private partial void LogRefused(string session, string worker);
}
