using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Silo.Processes;

/// <summary>A cluster that a lambda took along by accident stays behind, as its client does; its shadow says so when it is used.</summary>
internal sealed class CapturedClusterCodec : PayloadCodec<LocalCluster>
{
    public override void Write(PayloadWriter writer, LocalCluster value)
    {
        // Nothing of it travels.
    }

    public override LocalCluster Read(ref PayloadReader reader) => new(new LocalClusterOptions());
}
