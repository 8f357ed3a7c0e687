using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Grains.Scheduling;

namespace Orleans.Dask.Grains.Tests.Scheduling;

/// <summary>Workers that leave in good order: what they have not begun is taken back, and their last copies go to others.</summary>
public class LeavingTests
{
    private readonly SchedulerHarness _scheduler = new();

    [Fact]
    public void The_last_copy_of_a_value_is_fetched_by_one_that_stays()
    {
        _scheduler.Join("a").Submit(["x"], wanted: ["x"]).RunAll();
        _scheduler.Join("b").Leave("a");
        _scheduler.Apply(new WorkerReported(_scheduler.Workers["a"].Outbox.Dequeue()));

        Assert.Equal(["Copy x on b"], _scheduler.Said);
        Assert.Equal(new LeaveProgress(0, 1, 8, 0, 0), _scheduler.State.Progress("a"));
        _scheduler.RunAll();
        Assert.Equal(["x"], _scheduler.Held("b"));
        Assert.Equal(new LeaveProgress(0, 0, 0, 0, 0), _scheduler.State.Progress("a"));
        Assert.Equal("b", Assert.Single(_scheduler.State.Workers).Address);
        _scheduler.Lose("a").RunAll();
        Assert.Equal(TaskStatusCode.Finished, _scheduler.Status("x"));
        Assert.Equal(1, _scheduler.Runs[SchedulerHarness.K("x")]);
    }

    [Fact]
    public void A_scattered_value_is_handed_over_whether_its_client_has_told_of_it_or_not()
    {
        _scheduler.Join("a").Join("b");
        _scheduler.Workers["a"].Store.UnionWith([SchedulerHarness.K("told"), SchedulerHarness.K("late")]);
        _scheduler.Submit([], wanted: ["told"], scattered: [("told", "a")]);
        _scheduler.Leave("a").RunAll().Lose("a");
        _scheduler.Submit(["sum: told late"], wanted: ["late", "sum"], scattered: [("late", "a")]).RunAll();

        Assert.Equal(TaskStatusCode.Finished, _scheduler.Status("sum"));
        Assert.Equal(TaskStatusCode.Finished, _scheduler.Status("late"));
    }

    [Fact]
    public void What_has_not_begun_runs_elsewhere_and_what_has_is_waited_for()
    {
        _scheduler.Join("a").Submit(["x", "y"], wanted: ["x", "y"]);
        var a = _scheduler.Workers["a"];
        var run = a.Inbox.Dequeue();
        a.Deliver(run);
        Assert.Equal("Run", Assert.Single(a.Inbox).Kind.ToString());
        _scheduler.Leave("a");
        while (a.Outbox.TryDequeue(out var report))
        {
            _scheduler.Apply(new WorkerReported(report));
        }

        Assert.Equal(["Revoke x on a", "Revoke y on a"], _scheduler.Said.Order());
        Assert.Equal(2, _scheduler.State.Progress("a")!.Tasks);

        // The one that was begun cannot be given back: its worker does not answer that before it has ended.
        a.Inbox.Clear();
        _scheduler.Apply(new WorkerReported(new WorkerReport("a", 1, 2, ["y"], [], [new WireKey(0, 0)], [], [])));
        Assert.Empty(_scheduler.Said);
        _scheduler.Join("b");
        Assert.Equal(["Run y on b"], _scheduler.Said);
        Assert.Equal(1, _scheduler.State.Progress("a")!.Tasks);
        Assert.All([SchedulerHarness.K("x"), SchedulerHarness.K("y")], key => Assert.Equal(0, _scheduler.State.Tasks[_scheduler.State.Tasks.Find(key)].Blame));
    }

    [Fact]
    public void Leaving_is_no_death_that_a_task_is_blamed_for()
    {
        _scheduler.Join("a").Submit(["x"], wanted: ["x"]);
        for (var i = 0; i < 5; i++)
        {
            var worker = _scheduler.Workers.Keys.Single();
            _scheduler.Join($"b{i}");
            _scheduler.Workers[worker].Leave();
            _scheduler.Apply(new WorkerReported(_scheduler.Workers[worker].Outbox.Dequeue()));
            _scheduler.Lose(worker);
        }

        Assert.Equal(TaskStatusCode.Finished, _scheduler.RunAll().Status("x"));
    }

    [Fact]
    public void One_that_left_without_a_word_here_is_not_blamed_either()
    {
        _scheduler.Join("a0").Submit(["x"], wanted: ["x"]);
        for (var i = 0; i < 5; i++)
        {
            _scheduler.Workers.Remove($"a{i}");
            _scheduler.Apply(new WorkerLost($"a{i}", Left: true));
            _scheduler.Join($"a{i + 1}");
        }

        Assert.Equal(TaskStatusCode.Finished, _scheduler.RunAll().Status("x"));
    }

    [Fact]
    public void A_value_ties_the_last_of_its_holders_to_leave_for_those_before_may_be_gone()
    {
        _scheduler.Join("a").Submit(["x"], wanted: ["x"]).RunAll().Join("b");
        _scheduler.Workers["b"].Store.Add(SchedulerHarness.K("x"));
        _scheduler.Join("b").Leave("a").RunAll();
        Assert.Equal(new LeaveProgress(0, 0, 0, 0, 0), _scheduler.State.Progress("a"));

        // It has gone, and nobody here has noticed.
        _scheduler.Join("c").Leave("b");
        _scheduler.Apply(new WorkerReported(_scheduler.Workers["b"].Outbox.Dequeue()));
        Assert.Equal(["Copy x on c"], _scheduler.Said);
        Assert.Equal(new LeaveProgress(0, 1, 8, 0, 0), _scheduler.State.Progress("b"));
        _scheduler.Lose("a").RunAll();
        Assert.Equal(["x"], _scheduler.Held("c"));
        Assert.Equal(new LeaveProgress(0, 0, 0, 0, 0), _scheduler.State.Progress("b"));
    }

    [Fact]
    public void The_one_with_the_most_free_memory_takes_over_and_one_that_leaves_does_not()
    {
        _scheduler.Join("a").Submit(["x"], wanted: ["x"]).RunAll();
        _scheduler.Join("small").Join("large").Join("leaves").Leave("leaves");
        _scheduler.Apply(new WorkerReported(_scheduler.Workers["leaves"].Outbox.Dequeue()));
        var (small, large, leaves) = (_scheduler.Workers["small"].Info, _scheduler.Workers["large"].Info, _scheduler.Workers["leaves"].Info);
        _scheduler.Apply(new WorkerReported(new WorkerReport("a", 1, 100, [], [], [], [], [],
            new LeavingWorker([], [], [small with { MemoryLimit = 1000, Stored = 900 }, large with { MemoryLimit = 1000, Stored = 100 }, leaves with { MemoryLimit = 1000 }]))));

        Assert.Equal(["Copy x on large"], _scheduler.Said);
        _scheduler.Lose("large");
        Assert.Equal(["Copy x on small"], _scheduler.Said);
    }

    [Fact]
    public void Where_nobody_stays_values_are_stuck_until_somebody_comes()
    {
        _scheduler.Join("a").Submit(["x"], wanted: ["x"]).RunAll();
        _scheduler.Leave("a").RunAll();
        Assert.Equal(new LeaveProgress(0, 0, 0, 1, 8), _scheduler.State.Progress("a"));

        _scheduler.Join("b");
        Assert.Equal(["Copy x on b"], _scheduler.Said);
        Assert.Equal(new LeaveProgress(0, 1, 8, 0, 0), _scheduler.State.Progress("a"));
    }

    [Fact]
    public void A_value_that_cannot_travel_is_given_up_after_a_few_tries()
    {
        _scheduler.Join("a").Submit(["x"], wanted: ["x"]).RunAll();
        _scheduler.Join("b").Leave("a");
        _scheduler.Apply(new WorkerReported(_scheduler.Workers["a"].Outbox.Dequeue()));
        for (var i = 1; i <= 3; i++)
        {
            Assert.Equal(["Copy x on b"], _scheduler.Said);
            _scheduler.Apply(new WorkerReported(new WorkerReport("b", 1, i, ["x"], [], [], [new MissingInput(new WireKey(0, 0), new WireKey(0, 0), "a")], [])));
        }

        Assert.Empty(_scheduler.Said);
        Assert.Equal(new LeaveProgress(0, 0, 0, 1, 8), _scheduler.State.Progress("a"));
    }

    [Fact]
    public void A_value_that_is_let_go_need_not_be_taken_over()
    {
        _scheduler.Join("a").Submit(["x"], wanted: ["x"]).RunAll();
        _scheduler.Join("b").Leave("a");
        _scheduler.Apply(new WorkerReported(_scheduler.Workers["a"].Outbox.Dequeue()));
        _scheduler.Submit([], unwanted: ["x"]);

        Assert.Equal(new LeaveProgress(0, 0, 0, 0, 0), _scheduler.State.Progress("a"));
        _scheduler.RunAll();
        Assert.Empty(_scheduler.Held("a").Concat(_scheduler.Held("b")));
    }

    [Fact]
    public void A_task_that_runs_when_a_scheduler_begins_is_not_begun_elsewhere()
    {
        var info = new WorkerInfo("a", 1, "test", "1", 1 << 30);
        _scheduler.Join("b", slots: 4);
        _scheduler.Apply(new WorkerJoined(info, new Inventory(info, ["x"], [], [], false, [new WireKey(0, 0)])));
        _scheduler.Submit(["x", "y"], wanted: ["x", "y"]);

        Assert.Contains("Run x on a", _scheduler.Said);
        Assert.Contains("Run y on b", _scheduler.Said);
    }
}
