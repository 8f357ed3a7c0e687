using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
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
        var ports = FreePorts(2);
        string[] arguments = [Program, "silo", Text(ports[0]), Text(ports[1]), Text(primaryPort ?? ports[0])];
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["ORLEANS_CLUSTER_SECRET"] = Convert.ToHexString(InProcessCluster.Secret);
        var process = Process.Start(start)!;
        string? line;
        do
        {
            line = await process.StandardOutput.ReadLineAsync();
        }
        while (line is not null and not "ready");
        return line is not null
            ? new SiloProcess(process, ports[0], ports[1])
            : throw new InvalidOperationException($"The silo process ended with {process.ExitCode} before it was ready.");
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

    public static int[] FreePorts(int count)
    {
        var sockets = Enumerable.Range(0, count).Select(_ => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)).ToArray();
        foreach (var socket in sockets)
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        }

        var ports = sockets.Select(socket => ((IPEndPoint)socket.LocalEndPoint!).Port).ToArray();
        foreach (var socket in sockets)
        {
            socket.Dispose();
        }

        return ports;
    }

    private static string FindProgram(DirectoryInfo here) =>
        Path.Combine(here.Parent!.Parent!.FullName, "Embedded.Host", here.Name, "Orleans.Dask.Embedded.Host.dll");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
