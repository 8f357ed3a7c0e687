using System.Runtime.Loader;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Dask.Grains.Code;
using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Hosting;

namespace Orleans.Dask.Grains.Tests.Code;

/// <summary>On a silo with a client that comes through its gateway.</summary>
public class CodeGrainTests
{
    private static readonly SessionId Session = new("through-the-gateway");

    [Fact]
    public async Task A_client_brings_code_through_the_gateway_and_a_grain_runs_it()
    {
        using var program = new Compiled();
        var lib = program.Add("GatewayLib", "public static class Lib { public static int Scale(int x) => x * 10; }");
        var assembly = program.Add("GatewayProgram", "public class C { public static Func<int, int> F() { var by = 2; return x => Lib.Scale(x) + by; } }");
        var payload = Payload.FromBytes(Payload.Of(Compiled.Call<Func<int, int>>(assembly, "F")).Encode());
        using var silo = await StartSiloAsync();
        using var client = await StartClientAsync(silo.GatewayPort);
        var grains = client.Services.GetRequiredService<IGrainFactory>();
        var code = grains.GetGrain<ICodeGrain>(Session.Value);
        var runner = grains.GetGrain<IRunnerGrain>(Session.Value);

        Assert.Equal([Compiled.Id(assembly)], (await Assert.ThrowsAsync<CodeException>(() => runner.RunAsync(payload, 5))).Missing);
        AssemblyIdentity[] all = [Compiled.Id(assembly), Compiled.Id(lib)];
        Assert.Equal(all, await code.MissingAsync(all));
        foreach (var file in new[] { assembly, lib })
        {
            var bytes = Compiled.Bytes(file);
            Assert.Equal(bytes.Length, await code.WriteAsync(Compiled.Id(file).Sha256, 0, bytes.Length, bytes));
        }

        Assert.Empty(await code.MissingAsync(all));
        Assert.Equal(52, (await runner.RunAsync(payload, 5)).Read<int>());
        var error = await Assert.ThrowsAsync<PayloadException>(() => runner.RunAsync(Payload.Of("no function"), 5));
        Assert.Contains("System.String", error.Message, StringComparison.Ordinal);
        await code.EndAsync();
        Assert.Empty(await code.ListAsync());

        // Neither the silo's nor the engine's tables keep the session's code.
        var context = $"session {Session}";
        Assert.Contains(AssemblyLoadContext.All, c => c.Name == context);
        silo.Host.Services.GetRequiredService<SessionCodes>().End(Session);
        for (var i = 0; i < 20 && AssemblyLoadContext.All.Any(c => c.Name == context); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.DoesNotContain(AssemblyLoadContext.All, c => c.Name == context);
        await client.StopAsync();
        await silo.Host.StopAsync();
    }

    private static async Task<(IHost Host, int GatewayPort)> StartHostAsync()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(Engine.SiloPort(0), Engine.GatewayPort(0));
            silo.AddDaskGrains();
        });
        var host = builder.Build();
        await host.StartAsync();
        return (host, host.Services.GetRequiredService<ILocalSiloDetails>().GatewayAddress.Endpoint.Port);
    }

    private static async Task<RunningSilo> StartSiloAsync()
    {
        var (host, port) = await StartHostAsync();
        return new RunningSilo(host, port);
    }

    private static async Task<IHost> StartClientAsync(int gatewayPort)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleansClient(client => client.UseLocalhostClustering(gatewayPort));
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private sealed record RunningSilo(IHost Host, int GatewayPort) : IDisposable
    {
        public void Dispose() => Host.Dispose();
    }
}

[Alias("dask.tests.IRunnerGrain")]
public interface IRunnerGrain : IGrainWithStringKey
{
    [Alias("Run")]
    Task<Payload> RunAsync(Payload code, int argument);
}

public sealed class RunnerGrain(SessionCodes codes) : Grain, IRunnerGrain
{
    public async Task<Payload> RunAsync(Payload code, int argument)
    {
        var decoding = await codes.PrepareAsync(new SessionId(this.GetPrimaryKeyString()), code);
        return Payload.Of(code.Read<Func<int, int>>(decoding)(argument));
    }
}
