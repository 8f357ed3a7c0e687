using Orleans.Embedded.Serialization;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>
/// A call on its way through a silo that does not run it: its arguments as they came, unread. Neither its interface nor the types of its
/// arguments need be known here, since silos may host different grains.
/// </summary>
internal sealed class RelayedCall(string interfaceAlias, int methodIndex, byte[] arguments) : Invocation
{
    /// <summary>For those who know it all the same.</summary>
    public override GrainMethod Method =>
        GrainInterfaces.Find(interfaceAlias) is { } known && methodIndex < known.Methods.Count
            ? known.Methods[methodIndex]
            : throw new InvalidOperationException($"The interface '{interfaceAlias}' is not known here: calls of it are only sent on.");

    public override string InterfaceAlias => interfaceAlias;

    public override int MethodIndex => methodIndex;

    /// <exception cref="OrleansMessageRejectionException">There is no such method here.</exception>
    /// <exception cref="WireException">Its arguments make no sense.</exception>
    public static Invocation Read(GrainInterface? called, string? alias, int method, ReadOnlySpan<byte> arguments, long sequence, RuntimeClient receiver)
    {
        if (called is null || method >= called.Methods.Count)
        {
            throw new OrleansMessageRejectionException(
                $"{receiver.Node} knows no method {method} of the interface '{alias}'. Caller and silo were built from different versions of it.");
        }

        var call = called.Methods[method].Create();

        // Asking for more of a sequence says only which.
        if (sequence == 0)
        {
            var reader = new WireReader(arguments, receiver);
            call.ReadArguments(ref reader);
            reader.Dispose();
        }

        return call;
    }

    public Invocation Read(long sequence, RuntimeClient receiver)
    {
        var call = Read(GrainInterfaces.Find(interfaceAlias), interfaceAlias, methodIndex, arguments, sequence, receiver);
        call.CancellationToken = CancellationToken;
        return call;
    }

    public override Invocation CopyForLocalCall() => this;

    public override void WriteArguments(ref WireWriter writer) => writer.WriteRaw(arguments);

    public override void ReadArguments(ref WireReader reader) => throw new InvalidOperationException("A relayed call is read by Read.");

    public override ValueTask<Response> InvokeAsync(object target) => throw new InvalidOperationException("A relayed call is read before it is run.");
}

/// <summary>An answer on its way through a gateway: its bytes, unread.</summary>
internal sealed class RelayedResponse(byte[] bytes) : Response
{
    public byte[] Bytes => bytes;

    public override object? BoxedResult => null;

    public override Response CopyForLocalCall() => this;

    protected override void WriteResult(ref WireWriter writer) => throw new InvalidOperationException("A relayed answer is written as it came.");

    protected override void ReadResult(ref WireReader reader) => throw new InvalidOperationException("A relayed answer is not read.");
}
