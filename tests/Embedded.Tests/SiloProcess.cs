using System.Diagnostics;
using System.Globalization;
using System.Net;
using Orleans.Dask.TestKit;

namespace Orleans.Dask.Embedded.Tests;

/// <summary>A silo in a process of its own. It ends with this object, or when this process does: its input closes then.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private readonly Process _process;

    private SiloProcess(Process process, int siloPort, int gatewayPort) => (_process, SiloPort, GatewayPort) = (process, siloPort, gatewayPort);

    public int SiloPort { get; }

    public int GatewayPort { get; }

    public IPEndPoint Endpoint => new(IPAddress.Loopback, SiloPort);

    public bool HasExited => _process.HasExited;

    /// <summary>Beside this test's output.</summary>
    public static string Program { get; } = FindProgram(new DirectoryInfo(AppContext.BaseDirectory));

    /// <param name="primaryPort">Null: it is the primary itself.</param>
    public static async Task<SiloProcess> StartAsync(int? primaryPort = null)
    {
        string[] arguments = primaryPort is { } port ? [Program, "silo", port.ToString(CultureInfo.InvariantCulture)] : [Program, "silo"];
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["ORLEANS_CLUSTER_SECRET"] = Convert.ToHexString(InProcessCluster.Secret);
        var process = Process.Start(start)!;
        string? line;
        do
        {
            line = await process.StandardOutput.ReadLineAsync();
        }
        while (line is not null && !line.StartsWith("ready ", StringComparison.Ordinal));
        int[] ports = [.. line?.Split(' ')[1..].Select(text => int.Parse(text, CultureInfo.InvariantCulture))
            ?? throw new InvalidOperationException($"The silo process ended with {process.ExitCode} before it was ready.")];
        return new SiloProcess(process, ports[0], ports[1]);
    }

    public void Kill() => _process.Kill();

    /// <summary>SIGSTOP: it stays, and does nothing.</summary>
    public void Pause() => Assert.Equal(0, NativeSignals.Kill(_process.Id, NativeSignals.Stop));

    public void Continue() => Assert.Equal(0, NativeSignals.Kill(_process.Id, NativeSignals.Continue));

    /// <returns>With what it ended.</returns>
    public async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    /// <summary>Lets it leave the cluster, and waits for its end.</summary>
    public async Task<int> StopAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await StopAsync();
        }

        _process.Dispose();
    }

    private static string FindProgram(DirectoryInfo here) =>
        Path.Combine(here.Parent!.Parent!.FullName, "Embedded.Host", here.Name, "Orleans.Dask.Embedded.Host.dll");
}
