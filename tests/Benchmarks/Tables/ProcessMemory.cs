using System.Diagnostics;

namespace Orleans.Dask.Benchmarks.Tables;

/// <summary>Resident memory of this process and the silos', looked at all the time: a peak between two looks is too short to hurt anybody.</summary>
internal sealed class ProcessMemory : IDisposable
{
    private static readonly TimeSpan s_between = TimeSpan.FromMilliseconds(10);

    private readonly Process[] _processes;
    private readonly Thread _looking;
    private readonly Lock _gate = new();
    private long[] _peak;
    private volatile bool _ended;

    public ProcessMemory(IEnumerable<int> silos)
    {
        _processes = [Process.GetCurrentProcess(), .. silos.Select(Process.GetProcessById)];
        _peak = Now();
        _looking = new Thread(Look) { IsBackground = true, Name = "looks at memory", Priority = ThreadPriority.AboveNormal };
        _looking.Start();
    }

    /// <summary>Bytes of each process now: this one, then the silos.</summary>
    public long[] Now()
    {
        lock (_gate)
        {
            return Array.ConvertAll(_processes, process =>
            {
                process.Refresh();
                return process.WorkingSet64;
            });
        }
    }

    /// <summary>Bytes of each process when all together had most, since the last call.</summary>
    public long[] TakePeak()
    {
        var now = Now();
        lock (_gate)
        {
            var peak = _peak;
            _peak = now;
            return peak.Sum() > now.Sum() ? peak : now;
        }
    }

    public void Dispose()
    {
        _ended = true;
        _looking.Join();
        Array.ForEach(_processes, process => process.Dispose());
    }

    private void Look()
    {
        while (!_ended)
        {
            var now = Now();
            lock (_gate)
            {
                _peak = now.Sum() > _peak.Sum() ? now : _peak;
            }

            Thread.Sleep(s_between);
        }
    }
}
