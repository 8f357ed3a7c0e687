using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Grains.Scheduling;

namespace Orleans.Dask.Grains.Tests.Scheduling;

/// <summary>
/// Random graphs under random schedules of orders, completions, reports (repeated too), losses, joins, cancellations and new epochs.
/// In the end every wanted key has ended as the oracle says, and once nothing is wanted nothing is left anywhere.
/// </summary>
public class SchedulerRandomTests
{
    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, false, false)]
    [InlineData(true, true, false)]
    [InlineData(false, false, true)]
    [InlineData(false, true, true)]
    [InlineData(true, true, true)]
    public void Whatever_happens_every_wanted_value_ends_right_and_nothing_leaks(bool losses, bool epochs, bool leaves)
    {
        for (var seed = 0; seed < 300; seed++)
        {
            try
            {
                new Run(seed, losses, epochs, leaves).Go();
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Seed {seed}, losses {losses}, epochs {epochs}, leaves {leaves}: {exception.Message}", exception);
            }
        }
    }

    private sealed class Run(int seed, bool losses, bool epochs, bool leaves)
    {
        private readonly Random _random = new(seed);
        private readonly SchedulerHarness _scheduler = new();
        private readonly Dictionary<string, string[]> _graph = new(StringComparer.Ordinal);
        private readonly HashSet<string> _wanted = new(StringComparer.Ordinal);
        private readonly HashSet<string> _cancelled = new(StringComparer.Ordinal);
        private readonly HashSet<string> _failing = new(StringComparer.Ordinal);
        private int _workers;

        public void Go()
        {
            for (var i = 0; i < 3; i++)
            {
                Join();
            }

            for (var step = 0; step < 400; step++)
            {
                Something();
            }

            if (!_scheduler.Workers.Values.Any(worker => !worker.Info.Leaving))
            {
                Join();
            }

            _scheduler.RunAll(Fails);
            foreach (var name in _wanted)
            {
                var expected = Expected(name);
                if (_scheduler.Status(name) == TaskStatusCode.Cancelled && _cancelled.Contains(name))
                {
                    // It was there when what it is made from was given up, and was lost later.
                    continue;
                }

                Assert.True(expected == _scheduler.Status(name), $"'{name}' should be {expected} and is {_scheduler.Status(name)?.ToString() ?? "pending"}.");
                Assert.True(expected != TaskStatusCode.Finished || _scheduler.Workers.Values.Any(worker => worker.Store.Contains(SchedulerHarness.K(name))), $"'{name}' is held by nobody.");
            }

            Assert.True(losses || epochs || !leaves || _scheduler.Runs.Values.All(runs => runs <= 1), $"'{_scheduler.Runs.FirstOrDefault(run => run.Value > 1).Key}' ran twice.");
            // One that was told to fetch from a worker just gone comes back unbegun: that is no loss.
            Assert.True(losses || leaves || _scheduler.MissingReports == 0, $"{_scheduler.MissingReports} inputs were released while they were needed.");
            _scheduler.Submit([], unwanted: [.. _wanted]).RunAll(Fails);
            _scheduler.Now += TimeSpan.FromMinutes(3).Ticks;
            _scheduler.Apply(new TimePassed());
            _scheduler.RunAll(Fails);
            Assert.True(_scheduler.State.TaskCount == 0, $"{_scheduler.State.TaskCount} recipes are left.");
            Assert.All(_scheduler.Workers.Values, worker => Assert.Empty(worker.Store));
        }

        private void Something()
        {
            if (leaves)
            {
                SomebodyLeaves();
            }

            var worker = _scheduler.Workers.Count == 0 ? null : _scheduler.Workers.Values.ElementAt(_random.Next(_scheduler.Workers.Count));
            switch (_random.Next(100))
            {
                case < 15: Submit(); break;
                case < 40 when worker is { Inbox.Count: > 0 }: worker.Deliver(worker.Inbox.Dequeue()); break;
                case < 65 when worker is { Tasks.Count: > 0 }: _scheduler.End(worker, _random.Next(worker.Tasks.Count), Fails); break;
                case < 90 when worker is { Outbox.Count: > 0 }: Report(worker); break;
                case < 92 when _wanted.Count > 0: Unwant(); break;
                case < 93 when _wanted.Count > 0: Cancel(); break;
                case < 95 when _graph.Count > 0 && (losses || !leaves): _scheduler.Apply(new ValueEnsured(SchedulerHarness.K(AnyKey()))); break;
                case < 96 when losses && worker is not null: _scheduler.Lose(worker.Info.Address); break;
                case < 98 when (losses || leaves) && _scheduler.Workers.Count < 4: Join(); break;
                case < 99 when epochs: Restart(); break;
                default:
                    _scheduler.Now += TimeSpan.FromSeconds(1).Ticks;
                    _scheduler.Apply(new TimePassed());
                    break;
            }
        }

        /// <summary>One of several says that it leaves; those whom nothing ties go.</summary>
        private void SomebodyLeaves()
        {
            var all = _scheduler.Workers.Values.ToArray();
            if (_random.Next(20) == 0 && all.Count(worker => !worker.Info.Leaving) > 1)
            {
                all.First(worker => !worker.Info.Leaving).Leave();
            }

            foreach (var worker in all.Where(worker => worker.Info.Leaving))
            {
                _scheduler.TryGo(worker);
            }
        }

        private void Join() => _scheduler.Join($"w{_workers++}", _random.Next(1, 4));

        private void Report(SimulatedWorker worker)
        {
            var report = worker.Outbox.Dequeue();
            _scheduler.Apply(new WorkerReported(report));
            if (_random.Next(4) == 0)
            {
                _scheduler.Apply(new WorkerReported(report));
                Assert.DoesNotContain(_scheduler.Said, said => said.StartsWith("Release", StringComparison.Ordinal));
                Assert.Empty(_scheduler.State.Outcomes);
            }
        }

        /// <summary>New tasks on top of what is wanted, sent whole or in two batches.</summary>
        private void Submit()
        {
            var known = _wanted.Where(name => !_cancelled.Contains(name)).ToList();
            var tasks = new List<string>();
            var made = new List<string>();
            for (var i = _random.Next(1, 8); i > 0; i--)
            {
                var name = $"t{_graph.Count}";
                var inputs = Enumerable.Range(0, _random.Next(0, 4)).Where(_ => known.Count > 0).Select(_ => known[_random.Next(known.Count)]).ToArray();
                _graph.Add(name, inputs);
                if (_random.Next(25) == 0)
                {
                    _failing.Add(name);
                }

                tasks.Add($"{name}: {string.Join(' ', inputs)}");
                known.Add(name);
                made.Add(name);
            }

            var wanted = made.Where(_ => _random.Next(2) == 0).Append(made[^1]).Distinct().ToArray();
            _wanted.UnionWith(wanted);
            var cut = _random.Next(tasks.Count);
            if (cut > 0)
            {
                _scheduler.Submit([.. tasks.Take(cut)], more: true);
            }

            _scheduler.Submit([.. tasks.Skip(cut)], wanted);
        }

        private void Unwant()
        {
            var name = _wanted.ElementAt(_random.Next(_wanted.Count));
            _wanted.Remove(name);
            _scheduler.Submit([], unwanted: [name]);
        }

        private void Cancel()
        {
            var name = _wanted.ElementAt(_random.Next(_wanted.Count));
            _cancelled.Add(name);
            _scheduler.Submit([], cancelled: [name]);
            foreach (var key in _wanted.Where(key => _scheduler.Status(key) == TaskStatusCode.Cancelled).ToArray())
            {
                // Its future has ended; the client lets it go.
                _wanted.Remove(key);
                _scheduler.Submit([], unwanted: [key]);
            }

            // What was not being made when its input was given up would be, if the loss of a value called for it: leave the rest of its graph alone.
            _cancelled.UnionWith(_graph.Keys.Where(DependsOnCancelled));
        }

        private bool DependsOnCancelled(string name) => _cancelled.Contains(name) || _graph[name].Any(DependsOnCancelled);

        /// <summary>The client opens a new epoch and submits the recipes of all that it wants.</summary>
        private void Restart()
        {
            _scheduler.Restart(_random);
            var needed = new HashSet<string>(StringComparer.Ordinal);
            var pending = new Stack<string>(_wanted);
            while (pending.TryPop(out var name))
            {
                if (needed.Add(name))
                {
                    foreach (var input in _graph[name])
                    {
                        pending.Push(input);
                    }
                }
            }

            foreach (var name in _wanted)
            {
                _scheduler.Outcomes.Remove(SchedulerHarness.K(name));
            }

            _scheduler.Submit([.. _graph.Where(task => needed.Contains(task.Key)).Select(task => $"{task.Key}: {string.Join(' ', task.Value)}")], [.. _wanted]);
        }

        private string AnyKey() => _graph.Keys.ElementAt(_random.Next(_graph.Count));

        private bool Fails(TaskKey key) => _failing.Contains(key.Layer);

        private TaskStatusCode Expected(string name) =>
            Ancestors(name).Any(task => _failing.Contains(task) || Blamed(task)) ? TaskStatusCode.Failed : TaskStatusCode.Finished;

        /// <summary>It was on three workers of those that this run took away.</summary>
        private bool Blamed(string name) => _scheduler.OwnErrors.OfType<KilledTaskException>().Any(error => error.Message.Contains($"'{name}[0]'", StringComparison.Ordinal));

        private IEnumerable<string> Ancestors(string name) => _graph[name].SelectMany(Ancestors).Append(name);
    }
}
