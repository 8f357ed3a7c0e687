using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;

namespace Orleans.Dask.Silo.Processes;

// A silo in a process of its own, held by three pipes:
//
//   stdin    orders, one line of JSON; then "stop" or "end"; its end means that the parent died, however it did, and ends the child
//   stdout   one line of JSON when the silo is ready: the child chose its ports; after it, what tasks print
//   stderr   logs; the last lines become part of the error when the child does not start

/// <summary>A silo process that was started here and ends with this process.</summary>
internal sealed class ChildSilo : IAsyncDisposable
{
    private const int LogLines = 200;
    private static readonly TimeSpan s_timeToStart = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_timeToEnd = TimeSpan.FromSeconds(5);

    /// <summary>What comes on top of the time in which it hands over.</summary>
    private static readonly TimeSpan s_timeToStop = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _log = new();
    private readonly TaskCompletionSource<ChildReport> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _output;
    private readonly Task _errors;
    private TimeSpan _leaveTimeout;

    private ChildSilo(Process process)
    {
        _process = process;
        ProcessId = process.Id;
        _errors = ForwardErrorsAsync();
        _output = ForwardOutputAsync();
    }

    public int ProcessId { get; }

    public ChildReport Report => _ready.Task.Result;

    public bool HasExited => _process.HasExited;

    /// <summary>Once it has exited.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Starts the process. It waits for its orders, so that several can load at the same time.</summary>
    /// <param name="program">What follows <c>dotnet</c>; null: this silo's own program.</param>
    public static ChildSilo Spawn(IReadOnlyList<string>? program = null)
    {
        var start = new ProcessStartInfo(SiloProgram.Host)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        foreach (var argument in program ?? [.. SiloProgram.Arguments, "child"])
        {
            start.ArgumentList.Add(argument);
        }

        return new ChildSilo(Process.Start(start) ?? throw new InvalidOperationException($"'{SiloProgram.Host}' did not start."));
    }

    /// <summary>Gives the child its orders and waits until it has joined the cluster.</summary>
    /// <exception cref="InvalidOperationException">It ended instead; the message has what it wrote to its standard error.</exception>
    public async Task<ChildReport> StartAsync(ChildOrders orders, CancellationToken cancellationToken)
    {
        try
        {
            _leaveTimeout = orders.LeaveTimeout;
            await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(orders).AsMemory(), cancellationToken);
            await _process.StandardInput.FlushAsync(cancellationToken);
        }
        catch (IOException)
        {
            // It has ended already: why, it says on its standard error.
            await _output;
        }

        try
        {
            return await _ready.Task.WaitAsync(s_timeToStart, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new InvalidOperationException($"Silo process {ProcessId} was not ready after {s_timeToStart.TotalSeconds:0} s. It wrote:\n{LogText}");
        }
    }

    /// <summary>Ends it as a power cut would.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Completes when the process is gone.</summary>
    public Task WaitForExitAsync(CancellationToken cancellationToken = default) => _process.WaitForExitAsync(cancellationToken);

    /// <summary>Lets it hand over what it has and leave the cluster; one that doesn't in time is killed.</summary>
    public Task StopAsync() => StopAsync(ChildOrders.Stop, _leaveTimeout + s_timeToStop);

    /// <summary>Lets it end with its cluster; one that doesn't in time is killed.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(ChildOrders.End, s_timeToEnd);
        await Task.WhenAll(_output, _errors);
        _process.Dispose();
    }

    private async Task StopAsync(string order, TimeSpan timeout)
    {
        if (!_process.HasExited)
        {
            try
            {
                await _process.StandardInput.WriteLineAsync(order);
                _process.StandardInput.Close();
                using var late = new CancellationTokenSource(timeout);
                await _process.WaitForExitAsync(late.Token);
            }
            catch (Exception error) when (error is IOException or OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
                await _process.WaitForExitAsync();
            }
        }
    }

    private string LogText => _log.IsEmpty ? "nothing." : string.Join('\n', _log);

    private async Task ForwardOutputAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (!_ready.Task.IsCompleted && line.StartsWith('{') && JsonSerializer.Deserialize<ChildReport>(line) is { } report)
            {
                _ready.TrySetResult(report);
            }
            else
            {
                Console.Out.WriteLine(line);
            }
        }

        if (!_ready.Task.IsCompleted)
        {
            await _errors;
            await _process.WaitForExitAsync();
            _ready.TrySetException(new InvalidOperationException($"Silo process {ProcessId} ended with code {_process.ExitCode} before it was ready. It wrote:\n{LogText}"));
        }
    }

    private async Task ForwardErrorsAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            _log.Enqueue(line);
            if (_log.Count > LogLines)
            {
                _log.TryDequeue(out _);
            }

            if (_ready.Task.IsCompletedSuccessfully)
            {
                Console.Error.WriteLine(line);
            }
        }
    }
}
