using System.Globalization;
using System.Threading.Channels;
using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Silo;
using Orleans.Dask.Silo.Commands;
using Orleans.Dask.TestKit;

namespace Orleans.Dask.Cluster;

/// <summary>
/// Real processes, killed and stopped under a load of graphs and streams: every answer right, nothing hangs, nothing is left behind.
/// Once each here, twenty times each with <c>test.sh --soak</c>.
/// </summary>
[Collection(Faults.Name)]
public sealed class FaultTests
{
    private const int Primary = 0;
    private const int Secondary = 2;
    private const int Scheduler = 1;
    private const int Seed = 20261121;

    // Far beyond what any of this takes; a wait that ends here hangs.
    private static readonly TimeSpan s_hang = TimeSpan.FromSeconds(90);

    [Fact]
    public Task A_secondary_silo_is_killed() => KillSiloAsync(Secondary, Seed);

    [Fact]
    public Task The_silo_of_the_scheduler_is_killed() => KillSiloAsync(Scheduler, Seed);

    [Fact]
    public Task The_primary_silo_is_killed() => KillSiloAsync(Primary, Seed);

    [Fact]
    public Task A_silo_is_stopped_for_so_long_that_it_is_given_up() => StopSiloAsync(Secondary, Seed);

    [Fact]
    public Task The_silo_of_the_scheduler_is_stopped_for_so_long_that_it_is_given_up() => StopSiloAsync(Scheduler, Seed);

    [Fact]
    public Task The_primary_silo_is_stopped_for_so_long_that_it_is_given_up() => StopSiloAsync(Primary, Seed);

    [Fact]
    public Task Silos_are_stopped_for_a_moment() => PauseSilosAsync(Seed);

    [Fact]
    public Task A_client_is_killed() => KillClientAsync(Seed);

    [Fact]
    public Task A_client_is_stopped_for_longer_than_its_lease() => StopClientAsync(Seed);

    [Fact]
    public Task A_client_that_holds_its_silos_is_killed() => KillParentAsync();

    [Theory, Trait("Category", "Soak")]
    [MemberData(nameof(Seeds))]
    public async Task All_of_it(int seed)
    {
        await KillSiloAsync(Secondary, seed);
        await KillSiloAsync(Scheduler, seed);
        await KillSiloAsync(Primary, seed);
        await StopSiloAsync(Secondary, seed);
        await StopSiloAsync(Scheduler, seed);
        await StopSiloAsync(Primary, seed);
        await PauseSilosAsync(seed);
        await KillClientAsync(seed);
        await StopClientAsync(seed);
        await KillParentAsync();
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(Seed + 1, 20)];

    private static Task KillSiloAsync(int silo, int seed) => UnderLoadAsync(silo, seed, async (cluster, steps) =>
    {
        cluster.Children[silo].Kill();
        await steps.TakeAsync(60);
    });

    // It is given up, its work goes elsewhere; when it wakes it hears of its death and ends by itself.
    private static Task StopSiloAsync(int silo, int seed) => UnderLoadAsync(silo, seed, async (cluster, steps) =>
    {
        var (process, address) = (cluster.Children[silo].ProcessId, cluster.Children[silo].Report.Address);
        Signal(process, NativeSignals.Stop);
        while (cluster.Client.Workers.Any(worker => worker.Address == address))
        {
            await steps.TakeAsync(1);
        }

        await steps.TakeAsync(20);
        Signal(process, NativeSignals.Continue);
        await cluster.Children[silo].WaitForExitAsync();
        Assert.Equal(SiloFate.DeclaredDead, cluster.Children[silo].ExitCode);
        await steps.TakeAsync(20);
    });

    // Shorter than anybody's patience: work waits, and goes on.
    private static Task PauseSilosAsync(int seed) => UnderLoadAsync(Secondary, seed, async (cluster, steps) =>
    {
        foreach (var child in cluster.Children)
        {
            Signal(child.ProcessId, NativeSignals.Stop);
            Signal(child.ProcessId, NativeSignals.Continue);
            await steps.TakeAsync(10);
        }

        Assert.DoesNotContain(cluster.Children, child => child.HasExited);
    });

    private static async Task KillClientAsync(int seed)
    {
        using var traces = new Traces();
        await using (var cluster = await StartAsync(traces))
        {
            await using var program = await StartLoadAsync(cluster, traces, lease: 2);
            var steps = new Steps();
            var load = new FaultLoad(cluster.Client, steps.Add);
            var running = load.RunAsync();
            await SkipAsync(program, new Random(seed).Next(5, 40));
            program.Kill();
            await steps.TakeAsync(10);

            // When its lease is over nothing of it is left on any silo.
            foreach (var worker in cluster.Client.Workers)
            {
                var grain = cluster.Client.Link.Grains.GetGrain<IWorkerGrain>(worker.Address);
                await NotHanging(UntilGoneAsync(grain, program.Session, program.Key));
            }

            load.End();
            await NotHanging(running);
        }

        await traces.AssertNoneAsync();
    }

    // Its values are gone when it comes back, its futures are not: they are made again.
    private static async Task StopClientAsync(int seed)
    {
        using var traces = new Traces();
        await using (var cluster = await StartAsync(traces))
        {
            await using var program = await StartLoadAsync(cluster, traces, lease: 1);
            await SkipAsync(program, new Random(seed).Next(5, 40));
            Signal(program.ProcessId, NativeSignals.Stop);
            foreach (var worker in cluster.Client.Workers)
            {
                var grain = cluster.Client.Link.Grains.GetGrain<IWorkerGrain>(worker.Address);
                await NotHanging(UntilGoneAsync(grain, program.Session, program.Key));
            }

            Signal(program.ProcessId, NativeSignals.Continue);
            await SkipAsync(program, 40);
            await program.WriteLineAsync("end");
            Assert.Equal("100000", (await NotHanging(program.ReadToEndAsync()))[^1]);
        }

        await traces.AssertNoneAsync();
    }

    private static async Task KillParentAsync()
    {
        using var traces = new Traces();
        await using (var program = UserProgram.Start("hold"))
        {
            var silos = (await program.ReadLineAsync())!.Split(' ').Select(id => int.Parse(id, CultureInfo.InvariantCulture)).ToArray();
            traces.Note([program.ProcessId, .. silos]);
            program.Kill();
        }

        await traces.AssertNoneAsync();
    }

    private static async Task UnderLoadAsync(int schedulerAt, int seed, Func<LocalCluster, Steps, Task> fault)
    {
        using var traces = new Traces();
        await using (var cluster = await StartAsync(traces))
        {
            // A session's scheduler lives on the silo its client came by.
            var by = schedulerAt == Scheduler ? Scheduler : 0;
            await using var client = await cluster.ConnectAsync(by, cluster.Options.Client with { IsDefault = false }, CancellationToken.None);
            var steps = new Steps();
            var load = new FaultLoad(client, steps.Add);
            var running = load.RunAsync();
            await RunAsync(running, steps.TakeAsync(new Random(seed).Next(5, 60)));
            await RunAsync(running, fault(cluster, steps));
            load.End();
            await NotHanging(running);
        }

        await traces.AssertNoneAsync();
    }

    // What goes wrong under the load ends the test at once.
    private static async Task RunAsync(Task load, Task work)
    {
        await NotHanging(Task.WhenAny(load, work));
        await (load.IsCompleted ? load : work);
    }

    private static async Task<LocalCluster> StartAsync(Traces traces)
    {
        var cluster = await LocalCluster.StartAsync(new LocalClusterOptions { Silos = 3, Client = new DaskClientOptions { IsDefault = false } });
        traces.Note(cluster);
        return cluster;
    }

    private static async Task<UserProgram> StartLoadAsync(LocalCluster cluster, Traces traces, int lease)
    {
        var program = UserProgram.Start("load");
        traces.Note(program.ProcessId);
        var options = cluster.Options.Client;
        await program.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{cluster.Children[0].Report.Gateway} {options.ClusterId} {options.Secret} {lease}"));
        await program.ReadSessionAsync();
        return program;
    }

    private static async Task SkipAsync(UserProgram program, int lines)
    {
        for (var i = 0; i < lines; i++)
        {
            Assert.Equal("step", await NotHanging(program.ReadLineAsync()));
        }
    }

    private static async Task UntilGoneAsync(IWorkerGrain worker, SessionId session, TaskKey key)
    {
        while (await worker.ReadAsync(session, key, 0, null) is not null)
        {
        }
    }

    private static void Signal(int process, int signal) => Assert.Equal(0, NativeSignals.Kill(process, signal));

    private static Task NotHanging(Task work) => work.WaitAsync(s_hang);

    private static Task<T> NotHanging<T>(Task<T> work) => work.WaitAsync(s_hang);

    /// <summary>Counts what a load has done.</summary>
    private sealed class Steps
    {
        private readonly Channel<bool> _done = Channel.CreateUnbounded<bool>();

        public void Add() => _done.Writer.TryWrite(true);

        public async Task TakeAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                await _done.Reader.ReadAsync();
            }
        }
    }
}

/// <summary>One after the other and beside nothing else: they look at what is left in the whole process.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Faults
{
    public const string Name = "faults";
}
