using Orleans.Dask.Grains.Interfaces;

namespace Orleans.Dask.Session;

/// <summary>
/// All lambdas of a method share what any of them captured, so that <c>client.Submit(() => weights.Sum())</c> takes the client along
/// where another lambda of the method uses it. It stays behind: in the task is a shadow that says so when it is used.
/// </summary>
internal sealed class CapturedClientCodec : PayloadCodec<DaskClient>
{
    public override void Write(PayloadWriter writer, DaskClient value)
    {
        // Nothing of it travels.
    }

    public override DaskClient Read(ref PayloadReader reader) => new();
}
