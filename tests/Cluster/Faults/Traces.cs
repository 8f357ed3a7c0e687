using Orleans.Dask.Silo;
using Orleans.Dask.TestKit;

namespace Orleans.Dask.Cluster;

/// <summary>What a test leaves behind, which must be nothing: no process, no port that listens, no connection, no file.</summary>
internal sealed class Traces : IDisposable
{
    private const string TemporaryVariable = "TMPDIR";
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    private readonly string? _temporary = Environment.GetEnvironmentVariable(TemporaryVariable);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleans-dask-traces-");
    private readonly HashSet<int> _children = [.. ProcessTable.Children(Environment.ProcessId)];
    private readonly HashSet<long> _listening = [.. ProcessTable.Sockets(Environment.ProcessId).Keys];
    private readonly HashSet<int> _processes = [];
    private readonly Dictionary<long, int> _ports = [];

    /// <summary>From here on, this process and those it starts put temporary files into a folder of their own.</summary>
    public Traces() => Environment.SetEnvironmentVariable(TemporaryVariable, _folder.FullName);

    /// <summary>Notes the processes of a cluster and the ports they listen on.</summary>
    public void Note(LocalCluster cluster) => Note([.. cluster.ProcessIds]);

    public void Note(params int[] processes)
    {
        foreach (var process in processes)
        {
            _processes.Add(process);
            foreach (var (number, port) in ProcessTable.Sockets(process))
            {
                _ports[number] = port;
            }
        }
    }

    /// <summary>To be called when everything is disposed.</summary>
    public async Task AssertNoneAsync()
    {
        // Those that were killed are no children of anybody who tells us of their end; and the last thread of a process that ends may
        // keep its sockets a moment longer than the first.
        using var limit = new CancellationTokenSource(s_limit);
        while ((_processes.Any(ProcessTable.IsAlive) || ProcessTable.StillListening(_ports.Keys).Count > 0) && !limit.IsCancellationRequested)
        {
            await Task.Yield();
        }

        Assert.DoesNotContain(_processes, ProcessTable.IsAlive);
        Assert.Equal([], ProcessTable.Children(Environment.ProcessId).Where(child => !_children.Contains(child)).Select(ProcessTable.Describe));
        Assert.Equal([], ProcessTable.StillListening(_ports.Keys));
        Assert.Equal([], ProcessTable.Sockets(Environment.ProcessId, _ports.Values.ToHashSet()).Where(socket => !_listening.Contains(socket.Key)));
        Assert.Equal([], _folder.GetFileSystemInfos("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }).Where(file => !IsOfTheRuntime(file)).Select(file => file.FullName));
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(TemporaryVariable, _temporary);
        _folder.Delete(recursive: true);
    }

    // The runtime's own doors for debuggers: it removes them when it ends, which a killed process does not.
    private static bool IsOfTheRuntime(FileSystemInfo file) =>
        file.Name.StartsWith("clr-debug-pipe-", StringComparison.Ordinal) || file.Name.StartsWith("dotnet-diagnostic-", StringComparison.Ordinal);
}
