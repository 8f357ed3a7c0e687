using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Dask.Silo.Hosting;
using Orleans.Dask.Silo.Processes;

namespace Orleans.Dask.Silo.Commands;

/// <summary>The silo of a local cluster: takes orders from its parent's pipe and ends with it.</summary>
internal static class ChildCommand
{
    public static Command Build()
    {
        var command = new Command("child", "A silo of another program's local cluster; takes its orders from standard input.") { Hidden = true };
        command.SetAction((_, cancellationToken) => RunAsync(Console.In, Console.Out, null, cancellationToken));
        return command;
    }

    /// <param name="input">Where the orders come from.</param>
    /// <param name="output">Where the report goes.</param>
    /// <param name="configure">What the silo has besides.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal static async Task<int> RunAsync(TextReader input, TextWriter output, Action<ISiloBuilder>? configure = null, CancellationToken cancellationToken = default)
    {
        if (await input.ReadLineAsync(cancellationToken) is not { } line)
        {
            return 1;
        }

        // Ctrl+C reaches every process of a terminal; what becomes of the cluster is for the parent to say.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        var orders = JsonSerializer.Deserialize<ChildOrders>(line) ?? throw new InvalidDataException("The first line of standard input holds no orders.");
        using var host = SiloHost.Build(new SiloSettings
        {
            ClusterId = orders.ClusterId,
            Secret = orders.Secret,
            Primary = orders.Primary,
            Dask = new DaskSiloOptions { Slots = orders.Slots, MemoryLimit = orders.MemoryLimit, LeaveTimeout = orders.LeaveTimeout },
            Storage = orders.Storage,
        }, configure: configure);
        var told = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            told.TrySetResult(ChildOrders.Stop);
        });
        // A thread of its own: standard input has no asynchronous read, and the parent's end must be seen however busy the pool is.
        new Thread(() => Watch(input, told)) { IsBackground = true, Name = "parent" }.Start();
        await host.StartAsync(cancellationToken);
        var silo = host.Services.GetRequiredService<ILocalSiloDetails>();
        await output.WriteLineAsync(JsonSerializer.Serialize(new ChildReport(
            silo.SiloAddress.Endpoint.ToString(), silo.GatewayAddress.Endpoint.ToString(), silo.SiloAddress.ToParsableString(), Environment.ProcessId)));
        await output.FlushAsync(cancellationToken);
        using var fate = SiloFate.Of(host);
        await Task.WhenAny(told.Task, host.WaitForShutdownAsync(cancellationToken));
        if (told.Task is { IsCompletedSuccessfully: true, Result: ChildOrders.End })
        {
            SiloHost.HandsNothingOver(host);
        }

        await host.StopAsync(CancellationToken.None);
        return fate.ExitCode;
    }

    private static void Watch(TextReader input, TaskCompletionSource<string> told)
    {
        if (input.ReadLine() is { } order and (ChildOrders.Stop or ChildOrders.End))
        {
            told.TrySetResult(order);
        }
        else
        {
            // Nobody is left to take leave of.
            Environment.Exit(0);
        }
    }
}
