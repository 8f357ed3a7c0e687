using System.Diagnostics;
using System.Globalization;
using Orleans.Embedded;

namespace Orleans.Dask.Benchmarks;

/// <summary>A <see cref="BareSilo"/> in a process of its own and a client of it in this one.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private readonly Process _process;

    private SiloProcess(Process process, int port, EmbeddedClient client) => (_process, Port, Client) = (process, port, client);

    public EmbeddedClient Client { get; }

    /// <summary>Where other silos find it.</summary>
    public int Port { get; }

    /// <summary>What the silo has used of the processors so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <param name="primaryPort">The silo it joins; null: it begins a cluster.</param>
    public static async Task<SiloProcess> StartAsync(int? primaryPort = null)
    {
        var host = Environment.ProcessPath!;
        var start = new ProcessStartInfo(host) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(host) == "dotnet")
        {
            start.ArgumentList.Add(typeof(SiloProcess).Assembly.Location);
        }

        start.ArgumentList.Add(BareSilo.Command);
        if (primaryPort is { } primary)
        {
            start.ArgumentList.Add(primary.ToString(CultureInfo.InvariantCulture));
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException($"'{host}' did not start.");
        var (gateway, port) = (await PortAsync(process), await PortAsync(process));
        return new SiloProcess(process, port, await BareSilo.ConnectAsync(gateway));
    }

    /// <summary>As <c>kill -9</c>.</summary>
    public void Kill() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<int> PortAsync(Process process) => int.Parse(
        await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The silo's process ended before it was ready."), CultureInfo.InvariantCulture);
}
