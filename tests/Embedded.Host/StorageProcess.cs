using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Embedded;
using Orleans.Storage;

namespace Orleans.Dask.Embedded.Host;

/// <summary>Processes that write files, to be killed in the middle of it and to get into each other's way.</summary>
internal static class StorageProcess
{
    public const int Length = 200_000;

    /// <summary>Writes 1, 2, 3, ... until it is killed, each as a state of <see cref="Length"/> numbers that are all the same.</summary>
    public static async Task<int> WriteAsync(string folder)
    {
        using var host = Build(folder);
        var store = host.Services.GetRequiredKeyedService<IGrainStorage>("files");
        var state = new GrainState<int[]>();
        await store.ReadStateAsync("numbers", GrainId.Create("test", "x"), state);
        for (var number = state.State is [var last, ..] ? last : 0; ;)
        {
            state.State = new int[Length];
            Array.Fill(state.State, ++number);
            await store.WriteStateAsync("numbers", GrainId.Create("test", "x"), state);
            Console.WriteLine(number.ToString(CultureInfo.InvariantCulture));
        }
    }

    public static async Task<int> CountAsync(string folder, int times)
    {
        using var host = Build(folder);
        var store = host.Services.GetRequiredKeyedService<IGrainStorage>("files");
        Console.WriteLine("ready");
        Console.ReadLine();
        for (var i = 0; i < times;)
        {
            var state = new GrainState<int>();
            await store.ReadStateAsync("count", GrainId.Create("test", "x"), state);
            state.State++;
            try
            {
                await store.WriteStateAsync("count", GrainId.Create("test", "x"), state);
                i++;
            }
            catch (InconsistentStateException)
            {
                // Another process was faster: read again.
                continue;
            }
        }

        return 0;
    }

    private static IHost Build(string folder)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(0, 0, new IPEndPoint(IPAddress.Loopback, 0));
            silo.AddFileGrainStorage("files", folder);
        });
        return builder.Build();
    }
}
