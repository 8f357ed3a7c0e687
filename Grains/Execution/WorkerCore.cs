using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Orleans.Dask.Grains.Code;
using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Grains.Storage;
using Orleans.Dask.Grains.Workers;

namespace Orleans.Dask.Grains.Execution;

/// <summary>What a silo does as a worker; one a silo, and it outlives every activation of the grain that is its door.</summary>
internal sealed partial class WorkerCore : IDisposable
{
    private static readonly TimeSpan s_greetAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_orphanedAfter = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan s_lookEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<SessionId, WorkerSession> _sessions = new();
    private readonly EndedSessions _ended = new();
    private readonly IGrainFactory _grains;
    private readonly ILogger _logger;
    private readonly ITimer _look;
    private readonly ITimer _second;
    private long _received;
    private int _roused;
    private bool _isLeaving;

    public WorkerCore(WorkerOptions options, string address, IGrainFactory grains, IExecutor executor, ChunkStore store, SessionCodes codes, TimeProvider time, ILogger<WorkerCore> logger)
    {
        _grains = grains;
        _logger = logger;
        Options = options;
        Executor = executor;
        Store = store;
        Codes = codes;
        Time = time;
        Inputs = new InputFetcher(this);
        Frozen = options.ChecksFrozenValues ? new FrozenValues() : null;
        Copier = new ValueCopier(this);

        // Not a timer of the worker's grain: its activation may vanish at any turn, and nobody might call it again.
        _look = time.CreateTimer(static core => ((WorkerCore)core!).LookAfterSessions(), this, s_lookEvery, s_lookEvery);
        _second = time.CreateTimer(static core => ((WorkerCore)core!).SecondPassed(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        store.Memory.Wake = Rouse;
        Info = new WorkerInfo(address, options.Slots, options.Process, typeof(WorkerCore).Assembly.GetName().Version?.ToString() ?? "", options.MemoryLimit);
    }

    public WorkerOptions Options { get; }

    public WorkerInfo Info { get; }

    public IExecutor Executor { get; }

    public ChunkStore Store { get; }

    public SessionCodes Codes { get; }

    public TimeProvider Time { get; }

    public InputFetcher Inputs { get; }

    public WorkerLoad Load { get; } = new();

    /// <summary>Ticks of work that is here and not done. Takes no lock: it is asked for under others'.</summary>
    public long QueuedTicks => Load.Expected(_sessions.Sum(session => session.Value.TaskCount));

    /// <summary>Called every second while there is work, and once more when there is none.</summary>
    public Action? WorkPassed { get; set; }

    /// <summary>Called every 10 s.</summary>
    public Action? Looked { get; set; }

    /// <summary>Where it is asked for: finds who changes what others share.</summary>
    public FrozenValues? Frozen { get; }

    public ValueCopier Copier { get; }

    /// <summary>Sessions that are open here, in order.</summary>
    public IEnumerable<WorkerSession> Sessions => _sessions.Values.OrderBy(session => session.Id.Value, StringComparer.Ordinal);

    /// <summary>The silo has been asked to stop, and hands over what it has.</summary>
    public bool IsLeaving { get => Volatile.Read(ref _isLeaving); set => Volatile.Write(ref _isLeaving, value); }

    /// <summary>Bytes of inputs that came from other processes.</summary>
    public long BytesReceived => Interlocked.Read(ref _received);

    public void Dispose()
    {
        _look.Dispose();
        _second.Dispose();
        Inputs.Dispose();
    }

    public ISchedulerGrain Scheduler(SessionId session) => _grains.GetGrain<ISchedulerGrain>(session.Value);

    public IWorkerGrain Worker(string address) => _grains.GetGrain<IWorkerGrain>(address);

    /// <summary>What the silo offers now.</summary>
    public WorkerInfo Describe() => Info with { Stored = Store.Bytes, Leaving = IsLeaving };

    public CommandAnswer Command(CommandBatch batch)
    {
        if (_ended.Includes(batch.Session, batch.Epoch))
        {
            return new CommandAnswer(0, 0);
        }

        if (batch.Run.Length > 0)
        {
            Rouse();
        }

        return Session(batch.Session).Command(batch);
    }

    public Inventory Inventory(SessionId session, long epoch, int from) =>
        _ended.Includes(session, epoch) ? new Inventory(Info with { Slots = 0 }, [], [], [], false) : Session(session).Inventory(epoch, from, Describe());

    /// <summary>Takes a piece of a scattered value. One that comes after its session's end is dropped; else the session is looked after from now on.</summary>
    /// <exception cref="SiloUnavailableException">The silo is about to leave: another is to keep the value.</exception>
    public Task WriteAsync(SessionId session, TaskKey key, ValuePiece piece)
    {
        if (IsLeaving)
        {
            throw new SiloUnavailableException($"The silo {Info.Address} is about to leave and keeps no new values. Write '{key}' to another one.");
        }

        if (!_sessions.ContainsKey(session))
        {
            if (_ended.Includes(session, 0))
            {
                return Task.CompletedTask;
            }

            Session(session);
        }

        return Store.WriteAsync(session, key, piece);
    }

    public void Close(SessionId session, long epoch)
    {
        if (!_sessions.TryGetValue(session, out var open))
        {
            _ended.Add(session, epoch);
            Store.RemoveAll(session);
        }
        else if (epoch >= open.Epoch)
        {
            _ended.Add(session, epoch);
            End(open);
        }
    }

    /// <summary>Asks schedulers not heard of for long whether they live; sessions that nobody answers for end here.</summary>
    public void LookAfterSessions()
    {
        foreach (var (id, session) in _sessions.OrderBy(s => s.Key.Value, StringComparer.Ordinal))
        {
            var silence = session.SinceHeard;
            if (silence > s_orphanedAfter)
            {
                LogOrphaned(id.Value);

                // Not remembered as ended: a scheduler that was only out of reach may join this worker again.
                End(session);
            }
            else if (silence > s_greetAfter)
            {
                session.Greet();
            }
        }

        Looked?.Invoke();
    }

    /// <summary>Looks a second from now, and every second from then on until there is nothing to look at: an idle silo has no timer of this.</summary>
    private void Rouse()
    {
        if (Interlocked.Exchange(ref _roused, 1) == 0)
        {
            _second.Change(s_second, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Others hear how much there is to do; and what nobody needs any more goes back to the machine when nobody waits for this silo.</summary>
    private void SecondPassed()
    {
        Volatile.Write(ref _roused, 0);
        var isIdle = _sessions.All(session => session.Value.TaskCount == 0);
        WorkPassed?.Invoke();
        if (Store.Memory.Look(isIdle) || !isIdle)
        {
            Rouse();
        }
    }

    public void CountReceived(long bytes) => Interlocked.Add(ref _received, bytes);

    private void End(WorkerSession session)
    {
        if (session.Close(long.MaxValue))
        {
            _sessions.TryRemove(session.Id, out _);
            Codes.End(session.Id);
        }
    }

    private WorkerSession Session(SessionId id) => _sessions.TryGetValue(id, out var session) ? session : _sessions.GetOrAdd(id, static (id, core) => new WorkerSession(core, id), this);

    public void LogReportFailed(string session, Exception exception) => ReportFailed(session, exception.Message, exception.Unexpected);

    [LoggerMessage(1, LogLevel.Warning, "A report of session {Session} was not taken; it is sent again. {Reason}")]
    private partial void ReportFailed(string session, string reason, Exception? exception);

    public void LogFetchFailed(string holder, Exception exception) => FetchFailed(holder, exception.Message, exception.Unexpected);

    [LoggerMessage(2, LogLevel.Warning, "Inputs could not be read from {Holder}. {Reason}")]
    private partial void FetchFailed(string holder, string reason, Exception? exception);

    public void LogAnnounceFailed(string silo, Exception exception) => AnnounceFailed(silo, exception.Message, exception.Unexpected);

    [LoggerMessage(4, LogLevel.Debug, "Values could not be announced to {Silo}. {Reason}")]
    private partial void AnnounceFailed(string silo, string reason, Exception? exception);

    public void LogCodeFailed(string session, Exception exception) => CodeFailed(session, exception.Message, exception.Unexpected);

    [LoggerMessage(6, LogLevel.Warning, "Code of session {Session} could not be fetched; it is asked for again. {Reason}")]
    private partial void CodeFailed(string session, string reason, Exception? exception);

    [LoggerMessage(5, LogLevel.Error, "The scheduler of session {Session} refused a report; its tasks are handed out anew.")]
    public partial void LogReportRefused(string session, Exception exception);

    [LoggerMessage(3, LogLevel.Information, "Nobody answers for session {Session}: its values go.")]
    private partial void LogOrphaned(string session);
}
