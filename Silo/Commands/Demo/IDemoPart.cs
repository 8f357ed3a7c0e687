namespace Orleans.Dask.Silo.Commands.Demo;

/// <summary>One job of the demo.</summary>
internal interface IDemoPart
{
    /// <summary>As <c>--only</c> calls it.</summary>
    string Name { get; }

    /// <summary>Printed above it.</summary>
    string Title { get; }

    Task RunAsync(DemoContext context, CancellationToken cancellationToken);
}

/// <summary>What the command line asked for.</summary>
/// <param name="Silos">Processes.</param>
/// <param name="Rows">Rides to generate.</param>
/// <param name="Data">Rides to read instead.</param>
/// <param name="Repeats">How often the futures program runs its functions.</param>
internal sealed record DemoOptions(int Silos, int Rows, FileInfo? Data, int Repeats);

/// <summary>What a part runs with.</summary>
internal sealed record DemoContext(DemoOptions Options, LocalCluster Cluster, DemoConsole Console)
{
    public DaskClient Client => Cluster.Client;
}
