using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Dask.Embedded.Tests;

namespace Orleans.Dask.Embedded.Host;

/// <summary>Rates of the engine's hot paths, printed one a line. For looking; the benchmarks keep the records.</summary>
internal static class Measure
{
    public static async Task<int> RunAsync(string[] which)
    {
        Environment.SetEnvironmentVariable("ORLEANS_CLUSTER_SECRET", Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)));
        bool Wanted(string name) => which.Length == 0 || which.Contains(name);
        if (Wanted("local") || Wanted("activations"))
        {
            await InProcessAsync(Wanted("local"), Wanted("activations"));
        }

        if (Wanted("remote") || Wanted("bulk"))
        {
            await RemoteAsync(Wanted("remote"), Wanted("bulk"));
        }

        return 0;
    }

    private static async Task InProcessAsync(bool calls, bool activations)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.UseOrleans(silo => silo.UseLocalhostClustering(0, EndpointOptions.AnyFreePort).AddMemoryGrainStorageAsDefault());
        using var host = builder.Build();
        await host.StartAsync();
        var grains = (IGrainFactory)host.Services.GetService(typeof(IGrainFactory))!;
        for (var repeat = 0; repeat < 3 && calls; repeat++)
        {
            await CallsAsync("no-op calls in process, 1 caller", grains, 1, 300_000);
            await CallsAsync("no-op calls in process, 16 callers", grains, 16, 2_000_000);
        }

        for (var repeat = 0; repeat < 3 && activations; repeat++)
        {
            var began = Stopwatch.GetTimestamp();
            const int Count = 100_000;
            var before = GC.GetTotalMemory(true);
            await CallersAsync(64, Count, i => grains.GetGrain<IEchoGrain>(string.Create(CultureInfo.InvariantCulture, $"{repeat}-{i}")).NothingAsync());
            Report("activations", Count, began);
            Console.WriteLine($"    bytes per activation: {(GC.GetTotalMemory(true) - before) / Count}");
        }

        await host.StopAsync();
    }

    private static async Task RemoteAsync(bool calls, bool bulk)
    {
        using var silo = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["silo"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var began = Stopwatch.GetTimestamp();
        var ready = await silo.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The silo process ended before it was ready.");
        Console.WriteLine($"silo process ready in {Stopwatch.GetElapsedTime(began).TotalMilliseconds:F0} ms");
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.UseOrleansClient(client => client.UseLocalhostClustering(int.Parse(ready.Split(' ')[2], CultureInfo.InvariantCulture)));
        using var host = builder.Build();
        await host.StartAsync();
        Console.WriteLine($"client connected after {Stopwatch.GetElapsedTime(began).TotalMilliseconds:F0} ms");
        var grains = (IGrainFactory)host.Services.GetService(typeof(IGrainFactory))!;
        for (var repeat = 0; repeat < 3 && calls; repeat++)
        {
            await LatencyAsync(grains.GetGrain<IEchoGrain>("latency"), 20_000);
            await CallsAsync("no-op calls to another process, 256 callers", grains, 256, 600_000);
        }

        for (var repeat = 0; repeat < 3 && bulk; repeat++)
        {
            var payload = new byte[4 << 20];
            var start = Stopwatch.GetTimestamp();
            const int Blocks = 256;
            await CallersAsync(4, Blocks, i => new ValueTask(grains.GetGrain<IEchoGrain>("bulk").LengthAsync(payload)));
            Console.WriteLine($"bulk: {Blocks * (double)payload.Length / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9:F2} GB/s");
        }

        await host.StopAsync();
        silo.StandardInput.Close();
        await silo.WaitForExitAsync();
    }

    private static async Task LatencyAsync(IEchoGrain grain, int count)
    {
        var times = new double[count];
        for (var i = 0; i < count; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await grain.NothingAsync();
            times[i] = Stopwatch.GetElapsedTime(began).TotalMicroseconds;
        }

        Array.Sort(times);
        Console.WriteLine($"call to another process: p50 {times[count / 2]:F1} us, p99 {times[count * 99 / 100]:F1} us");
    }

    private static async Task CallsAsync(string what, IGrainFactory grains, int callers, int count)
    {
        var began = Stopwatch.GetTimestamp();
        var targets = Enumerable.Range(0, callers).Select(i => grains.GetGrain<IEchoGrain>(string.Create(CultureInfo.InvariantCulture, $"call-{i}"))).ToArray();
        await CallersAsync(callers, count, i => targets[i % callers].NothingAsync());
        Report(what, count, began);
    }

    private static Task CallersAsync(int callers, int count, Func<int, ValueTask> call)
    {
        async Task RunAsync(int caller)
        {
            for (var i = caller; i < count; i += callers)
            {
                await call(i);
            }
        }

        return Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(() => RunAsync(caller))));
    }

    private static void Report(string what, int count, long began) =>
        Console.WriteLine($"{what}: {count / Stopwatch.GetElapsedTime(began).TotalSeconds / 1000:F0} k/s");
}
