using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Dask.Silo.Hosting;

namespace Orleans.Dask.Silo.Commands;

/// <summary>Starts a silo, or joins one to a cluster, until the process is told to stop.</summary>
internal static class StartCommand
{
    public static Command Build()
    {
        var primary = new Option<string?>("--primary") { Description = "The silo to join, such as 127.0.0.1:11111. Without it this silo is the first of a cluster." };
        var seeds = new Option<string[]>("--seed") { Description = "Another silo or gateway of the cluster, for when the primary is not there; as often as you like. A silo without --primary joins those that answer before it begins a cluster.", DefaultValueFactory = _ => [] };
        var siloPort = new Option<int>("--silo-port") { Description = "Port for other silos; 0: any free one.", DefaultValueFactory = _ => 11111 };
        var gatewayPort = new Option<int>("--gateway-port") { Description = "Port for clients; 0: any free one.", DefaultValueFactory = _ => 30000 };
        var slots = new Option<int>("--slots") { Description = "Tasks to run at a time.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var memory = new Option<long>("--memory-limit") { Description = "Bytes that values may take; 0: what the runtime may use." };
        var cluster = new Option<string>("--cluster-id") { Description = "Name of the cluster.", DefaultValueFactory = _ => "default" };
        var secret = new Option<FileInfo?>("--cluster-secret-file") { Description = "File with the cluster's secret in hex, readable by its owner alone. Without it: a file of this user, made with the first silo." };
        var folder = new Option<DirectoryInfo?>("--storage-folder") { Description = "Folder for what is to outlive silos; all silos of the cluster name the same one. Without it or --postgres-file: in memory." };
        var postgres = new Option<FileInfo?>("--postgres-file") { Description = "File with a PostgreSQL connection string, readable by its owner alone: keeps there what is to outlive silos." };
        var leave = new Option<int>("--leave-timeout") { Description = "Seconds a silo that is told to stop takes to hand over its tasks and values; 0: none.", DefaultValueFactory = _ => 30 };
        var command = new Command("start", "Starts a silo, or joins one to a cluster.") { primary, seeds, siloPort, gatewayPort, slots, memory, cluster, secret, folder, postgres, leave };
        command.SetAction((arguments, cancellationToken) => RunAsync(
            new SiloSettings
            {
                ClusterId = arguments.GetValue(cluster)!,
                Secret = arguments.GetValue(secret) is { } file ? SecretFile.Read(file) : null,
                SiloPort = arguments.GetValue(siloPort),
                GatewayPort = arguments.GetValue(gatewayPort),
                Primary = arguments.GetValue(primary),
                Seeds = arguments.GetValue(seeds)!,
                Dask = new DaskSiloOptions { Slots = arguments.GetValue(slots), MemoryLimit = arguments.GetValue(memory), LeaveTimeout = TimeSpan.FromSeconds(arguments.GetValue(leave)) },
                Storage = new StorageOptions
                {
                    Folder = arguments.GetValue(folder)?.FullName,
                    Postgres = arguments.GetValue(postgres) is { } connection ? SecretFile.ReadText(connection, "Write the connection string to it") : null,
                }.Checked(),
            },
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(SiloSettings settings, CancellationToken cancellationToken)
    {
        using var host = SiloHost.Build(settings, ownsProcess: true);
        await host.StartAsync(cancellationToken);
        var silo = host.Services.GetRequiredService<ILocalSiloDetails>();
        Console.WriteLine($"Silo {silo.SiloAddress.Endpoint} is ready with {settings.Dask.Slots} slots.");
        Console.WriteLine($"  clients:     await DaskClient.ConnectAsync(\"{silo.GatewayAddress.Endpoint}\")");
        Console.WriteLine($"  more silos:  start --primary {settings.Primary ?? silo.SiloAddress.Endpoint.ToString()} --silo-port 0 --gateway-port 0");
        using var fate = SiloFate.Of(host);
        await host.WaitForShutdownAsync(cancellationToken);
        return fate.ExitCode;
    }
}
