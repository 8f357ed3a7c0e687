using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Grains.Scheduling;

namespace Orleans.Dask.Grains.Tests.Scheduling;

public class NewsLogTests
{
    private readonly NewsLog _log = new();

    [Fact]
    public void What_was_not_seen_is_told_again()
    {
        WorkerInfo[] workers = [new("a", 1, "p", "1", 1)];
        _log.Add(workers);
        _log.Add(["sha"]);
        _log.Add([Ended("x", null)]);
        var first = _log.After(0, 1)!;
        var again = _log.After(0, 1)!;

        Assert.Equal(first.Version, again.Version);
        Assert.Same(workers, again.Workers);
        Assert.Equal(["sha"], again.CodeWanted);
        Assert.Equal("x", Assert.Single(again.Outcomes).Key.Layer);
        Assert.Null(_log.After(again.Version, 1));
    }

    [Fact]
    public void What_comes_after_an_answer_was_lost_is_told_with_it()
    {
        _log.Add([new WorkerInfo("a", 1, "p", "1", 1)]);
        var lost = _log.After(0, 1)!;
        _log.Add([Ended("x", null)]);
        _log.Add([new WorkerInfo("a", 1, "p", "1", 1), new WorkerInfo("b", 1, "p", "1", 1)]);

        var news = _log.After(0, 1)!;
        Assert.Equal(2, news.Workers!.Length);
        Assert.Single(news.Outcomes);
        Assert.Equal(2, _log.After(lost.Version, 1)!.Workers!.Length);
    }

    [Fact]
    public void Code_is_asked_for_once_until_it_was_seen_and_then_again()
    {
        _log.Add(["sha"]);
        _log.Add(["sha"]);
        var news = _log.After(0, 1)!;
        Assert.Equal(["sha"], news.CodeWanted);

        Assert.Null(_log.After(news.Version, 1));
        _log.Add(["sha"]);
        Assert.Equal(["sha"], _log.After(news.Version, 1)!.CodeWanted);
    }

    [Fact]
    public void Large_errors_stay_under_the_limit_of_a_message_and_one_shared_by_many_counts_once()
    {
        var shared = Payload.FromBytes(new byte[900_000]);
        _log.Add([.. Enumerable.Range(0, 100).Select(i => Ended($"x{i}", Payload.FromBytes(new byte[900_000])))]);
        _log.Add([.. Enumerable.Range(0, 100).Select(i => Ended($"y{i}", shared))]);
        var (seen, messages, told) = (0L, 0, 0);
        while (_log.After(seen, 1) is { } news)
        {
            Assert.InRange(news.Outcomes.Select(outcome => outcome.Error!.Exception).Distinct().Sum(error => error.Length), 1, MessageLimits.MessageBytes);
            (seen, messages, told) = (news.Version, messages + 1, told + news.Outcomes.Length);
        }

        Assert.Equal(200, told);
        Assert.InRange(messages, 100, 102);
    }

    private static Outcome Ended(string name, Payload? error) =>
        new(new TaskKey(name), error is null ? TaskStatusCode.Finished : TaskStatusCode.Failed, 1, null, error is null ? null : new TaskError(new TaskKey(name), "a", 1, error));
}
