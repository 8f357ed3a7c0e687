using System.Reflection;

namespace Orleans.Dask.Silo.Tests.Guards;

/// <summary>
/// What runs on silos takes time, chance and threads only from where a simulation can give its own. A test over compiled code,
/// so that no alias and no extension hides a call.
/// </summary>
public class BannedApisTests
{
    private const string Time = "System.TimeProvider";

    // Who may, and why. Type.Method of the caller, then the callee.
    private static readonly Dictionary<(string Caller, string Callee), string> s_allowed = new()
    {
        [("PoolExecutor.RunAsync", "System.Threading.Tasks.TaskScheduler.get_Default")] = "It is the executor of a real process; a simulation brings its own.",
        [("PoolTurnScheduler.Schedule", "System.Threading.ThreadPool.UnsafeQueueUserWorkItem")] = "It is the scheduler of turns of a real process; a simulation brings its own.",
        [("PoolTurnScheduler.Yield", "System.Threading.ThreadPool.UnsafeQueueUserWorkItem")] = "As above.",
        [("PendingCall`1.OnCompleted", "System.Threading.Tasks.TaskScheduler.get_Default")] = "Only asks whether a caller has turns of its own.",
        [("OrleansStreamSource`1.MoveNext", "System.Threading.Tasks.TaskScheduler.get_Default")] = "Only asks whether it is on an activation's turn.",
        [("ElementSource`1.MoveNext", "System.Threading.Tasks.TaskScheduler.get_Default")] = "An empty continuation that runs where the sequence ends, on no thread of its own.",
    };

    private static readonly string[] s_assemblies = ["Orleans.Dask.Grains.Interfaces", "Orleans.Dask.Grains", "Orleans.Dask.Streams", "Orleans.Dask.Embedded"];

    public static TheoryData<string> Assemblies => [.. s_assemblies];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Time_chance_and_threads_come_from_where_a_simulation_can_give_its_own(string assembly)
    {
        var found = CompiledCalls.Of(Assembly.Load(assembly))
            .Select(call => (call, Reason: WhyNot(call)))
            .Where(found => found.Reason is not null && !s_allowed.ContainsKey((found.call.Caller, found.call.Callee)))
            .Select(found => $"{found.call.Caller} calls {found.call.Callee}({string.Join(", ", found.call.Parameters)}): {found.Reason}.")
            .Distinct();

        Assert.True(!found.Any(), string.Join('\n', found));
    }

    [Fact]
    public void Every_exception_is_still_needed()
    {
        var calls = s_assemblies.SelectMany(assembly => CompiledCalls.Of(Assembly.Load(assembly))).Where(call => WhyNot(call) is not null).Select(call => (call.Caller, call.Callee)).ToHashSet();

        Assert.Subset(calls, s_allowed.Keys.ToHashSet());
    }

    [Fact]
    public void The_guard_sees_what_it_is_to_see()
    {
        var mine = CompiledCalls.Of(typeof(BannedApisTests).Assembly).Where(call => call.Caller.StartsWith(nameof(Culprit), StringComparison.Ordinal) && WhyNot(call) is not null);

        Assert.Equal(
            [
                "System.DateTime.get_UtcNow", "System.Guid.NewGuid", "System.Random..ctor", "System.Random.get_Shared", "System.String.GetHashCode", "System.Threading.CancellationTokenSource..ctor",
                "System.Threading.Tasks.Task.ConfigureAwait", "System.Threading.Tasks.Task.Delay", "System.Threading.Tasks.Task.Run", "System.Threading.Tasks.Task`1.WaitAsync",
            ],
            mine.Select(call => call.Callee).Order(StringComparer.Ordinal));
    }

    private static string? WhyNot(CompiledCall call)
    {
        var timed = call.Parameters.Contains(Time);
        return call.Callee switch
        {
            "System.Threading.Tasks.Task.Run" or "System.Threading.Tasks.TaskScheduler.get_Default" or "System.Threading.ThreadPool.QueueUserWorkItem" or "System.Threading.ThreadPool.UnsafeQueueUserWorkItem"
                => "it leaves the turns, and a simulation's one thread; post to an executor",
            "System.Threading.Tasks.Parallel.For" or "System.Threading.Tasks.Parallel.ForEach" or "System.Threading.Tasks.Parallel.ForEachAsync" or "System.Threading.Tasks.Parallel.Invoke"
                => "it takes threads of the pool; post to an executor",
            "System.Threading.CancellationTokenSource.CancelAsync" or "System.Threading.Channels.ChannelReader`1.ReadAllAsync" => "what follows it runs on a thread of the pool",
            "System.Threading.Tasks.TaskFactory.StartNew" when !call.Parameters.Contains("System.Threading.Tasks.TaskScheduler") => "name the scheduler of the turns it belongs to",
            _ when call.Callee.EndsWith(".ConfigureAwait", StringComparison.Ordinal) && call.Parameters is ["System.Boolean"] && call.LastConstant != 1
                => "what follows it leaves the activation's turns",
            "System.Threading.Tasks.Task.Delay" when !timed => "pass the TimeProvider",
            "System.Threading.Tasks.Task.WaitAsync" or "System.Threading.Tasks.Task`1.WaitAsync" when !timed && call.Parameters.Contains("System.TimeSpan") => "pass the TimeProvider",
            "System.Threading.Tasks.Task.Wait" or "System.Threading.Thread.Sleep" => "it blocks a thread that others need",
            "System.Threading.PeriodicTimer..ctor" when !timed => "pass the TimeProvider",
            "System.Threading.Timer..ctor" or "System.Timers.Timer..ctor" => "make timers with TimeProvider.CreateTimer",
            "System.Threading.CancellationTokenSource..ctor" when call.Parameters.Length > 0 && !timed => "pass the TimeProvider",
            "System.Threading.CancellationTokenSource.CancelAfter" => "give the deadline to the constructor, with the TimeProvider",
            "System.Guid.NewGuid" or "System.Guid.CreateVersion7" => "take it from the environment's randomness",
            "System.Random.get_Shared" => "take the environment's randomness",
            "System.Random..ctor" when call.Parameters.IsEmpty => "give it a seed, or take the environment's randomness",
            "System.Environment.get_TickCount" or "System.Environment.get_TickCount64" => "ask the TimeProvider",
            "System.DateTime.get_Now" or "System.DateTime.get_UtcNow" or "System.DateTime.get_Today" or "System.DateTimeOffset.get_Now" or "System.DateTimeOffset.get_UtcNow" => "ask the TimeProvider",
            _ when call.Callee.StartsWith("System.Diagnostics.Stopwatch.", StringComparison.Ordinal) => "ask the TimeProvider",
            "System.String.GetHashCode" when !call.Caller.EndsWith(".GetHashCode", StringComparison.Ordinal) => "it differs from process to process; nothing may be ordered or placed by it",
            _ => null,
        };
    }
}

/// <summary>Does what is banned, for the test of the guard.</summary>
internal static class Culprit
{
    public static async Task<object> DoAsync()
    {
        await Task.Delay(1).ConfigureAwait(false);
        await Task.Delay(TimeSpan.Zero, TimeProvider.System).ConfigureAwait(true);
        await Task.Run(() => Guid.NewGuid()).WaitAsync(TimeSpan.FromSeconds(1));
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        return (new Random(), Random.Shared, DateTime.UtcNow, "x".GetHashCode(StringComparison.Ordinal));
    }
}
