using System.Diagnostics;
using System.Globalization;
using Orleans.Embedded;

namespace Orleans.Dask.Benchmarks;

/// <summary>A <see cref="BareSilo"/> in a process of its own and a client of it in this one.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private readonly Process _process;

    private SiloProcess(Process process, EmbeddedClient client) => (_process, Client) = (process, client);

    public EmbeddedClient Client { get; }

    /// <summary>What the silo has used of the processors so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static async Task<SiloProcess> StartAsync()
    {
        var host = Environment.ProcessPath!;
        var start = new ProcessStartInfo(host) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(host) == "dotnet")
        {
            start.ArgumentList.Add(typeof(SiloProcess).Assembly.Location);
        }

        start.ArgumentList.Add(BareSilo.Command);
        var process = Process.Start(start) ?? throw new InvalidOperationException($"'{host}' did not start.");
        var port = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The silo's process ended before it was ready.");
        return new SiloProcess(process, await BareSilo.ConnectAsync(int.Parse(port, CultureInfo.InvariantCulture)));
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
