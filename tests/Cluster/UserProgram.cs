using System.Diagnostics;
using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Cluster;

/// <summary>tests/ClientProgram in a process of its own.</summary>
internal sealed class UserProgram : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    private UserProgram(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    public static UserProgram Start(string command)
    {
        // Beside this test's output: artifacts/bin/ClientProgram/release.
        var here = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        var dll = Path.GetFullPath(Path.Combine(here, "..", "..", "ClientProgram", Path.GetFileName(here), "Orleans.Dask.ClientProgram.dll"));
        var start = new ProcessStartInfo("dotnet", [dll, command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new UserProgram(Process.Start(start)!);
    }

    /// <summary>Of "load": its session, and the key of a value that it holds.</summary>
    public SessionId Session { get; private set; }

    public TaskKey Key { get; private set; }

    public int ProcessId => _process.Id;

    public Task WriteLineAsync(string line) => _process.StandardInput.WriteLineAsync(line);

    public async Task ReadSessionAsync()
    {
        var words = (await ReadLineAsync())!.Split(' ');
        (Session, Key) = (new SessionId(words[0]), TaskKey.Parse(words[1]));
    }

    public async Task<string?> ReadLineAsync() => await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException(await _errors);

    /// <summary>All lines until it ends, which it must do well.</summary>
    public async Task<string[]> ReadToEndAsync()
    {
        var lines = await _process.StandardOutput.ReadToEndAsync();
        await _process.WaitForExitAsync();
        Assert.True(_process.ExitCode == 0, $"It ended with code {_process.ExitCode}:\n{await _errors}");
        return lines.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public void Kill() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
