using Microsoft.Extensions.Logging;

namespace Orleans.Dask.Grains.Execution;

/// <summary>Dedicated threads, one a slot, that take the best of one queue, and one more beside them.</summary>
internal sealed partial class Executor : IExecutor, IDisposable
{
    private readonly ILogger _logger;
    private readonly Queue _tasks = new();
    private readonly Queue _aside = new();
    private readonly Thread[] _threads;

    public Executor(int slots, ILogger<Executor> logger)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(slots);
        _logger = logger;
        Slots = slots;
        _threads = new Thread[slots + 1];
        for (var i = 0; i < _threads.Length; i++)
        {
            var queue = i < slots ? _tasks : _aside;
            _threads[i] = new Thread(() => Work(queue)) { IsBackground = true, Name = i < slots ? $"slot {i}" : "beside the slots" };
            _threads[i].Start();
        }
    }

    public int Slots { get; }

    public void Post(ExecutorWork work) => _tasks.Add(work, work.Priority);

    public void Post(IReadOnlyList<ExecutorWork> works) => _tasks.Add(works);

    public void PostAside(ExecutorWork work) => _aside.Add(work, 0);

    public void Resume(SendOrPostCallback callback, object? state) => _tasks.Add(new Continuation(this, callback, state), long.MinValue);

    /// <summary>Waits for what runs; what is queued is dropped.</summary>
    public void Dispose()
    {
        _tasks.Close();
        _aside.Close();
        foreach (var thread in _threads)
        {
            if (thread != Thread.CurrentThread)
            {
                // A task that ignores its token must not hold up the silo's end: its thread is a background one.
                thread.Join(TimeSpan.FromSeconds(2));
            }
        }
    }

    private void Work(Queue queue)
    {
        while (queue.Take() is { } work)
        {
            try
            {
                work.Run();
            }
            catch (Exception exception)
            {
                // Works catch what user code throws; this is a fault of ours, or of an async void method. The thread must live.
                LogFault(exception);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Error, "A work of the executor threw; it is lost.")]
    private partial void LogFault(Exception exception);

    /// <summary>By priority, and among equals in order. A thread waits only when there is nothing.</summary>
    private sealed class Queue
    {
        // A monitor, not a Lock: threads wait on it.
        private readonly object _gate = new();
        private readonly PriorityQueue<ExecutorWork, (long Priority, long Order)> _works = new();
        private long _order;
        private int _idle;
        private bool _closed;

        public void Add(ExecutorWork work, long priority)
        {
            lock (_gate)
            {
                _works.Enqueue(work, (priority, _order++));
                if (_idle > 0)
                {
                    Monitor.Pulse(_gate);
                }
            }
        }

        public void Add(IReadOnlyList<ExecutorWork> works)
        {
            if (works.Count == 0)
            {
                return;
            }

            lock (_gate)
            {
                for (var i = 0; i < works.Count; i++)
                {
                    _works.Enqueue(works[i], (works[i].Priority, _order++));
                }

                if (_idle > 0)
                {
                    Monitor.PulseAll(_gate);
                }
            }
        }

        /// <summary>The next work; null when the executor ends.</summary>
        public ExecutorWork? Take()
        {
            lock (_gate)
            {
                while (true)
                {
                    if (_closed)
                    {
                        return null;
                    }

                    if (_works.TryDequeue(out var work, out _))
                    {
                        return work;
                    }

                    _idle++;
                    Monitor.Wait(_gate);
                    _idle--;
                }
            }
        }

        public void Close()
        {
            lock (_gate)
            {
                _closed = true;
                Monitor.PulseAll(_gate);
            }
        }
    }

    private sealed class Continuation(Executor executor, SendOrPostCallback callback, object? state) : ExecutorWork
    {
        public override void Run() => ExecutorContext.Run(executor, () => callback(state));
    }
}
