using System.Buffers;
using System.Runtime.CompilerServices;
using Orleans.Embedded;
using Orleans.Embedded.Serialization;

namespace Orleans.Dask.Embedded.Tests.Invocation;

/// <summary>Runs every call on one object: with copies as inside a process, or through bytes as between processes.</summary>
internal sealed class ScriptedRuntime(object target, bool throughBytes = false) : IGrainRuntime
{
    public List<(GrainReference Target, Orleans.Embedded.Invocation Call)> Calls { get; } = [];

    public async ValueTask<T> CallAsync<T>(GrainReference target, Orleans.Embedded.Invocation call) => (await Answer(target, call)).GetResult<T>();

    public ValueTask CallAsync(GrainReference target, Orleans.Embedded.Invocation call)
    {
        if (call.Method.OneWay)
        {
            Calls.Add((target, call));
            return default;
        }

        return Wait();

        async ValueTask Wait() => (await Answer(target, call)).ThrowIfFailed();
    }

    public async IAsyncEnumerable<T> EnumerateAsync<T>(GrainReference target, Orleans.Embedded.Invocation call, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Calls.Add((target, call));
        var response = await Received(call).InvokeAsync(Grain);
        response.ThrowIfFailed();
        await using var source = ((SequenceResponse)response).Open(cancellationToken);
        var last = false;
        while (!last)
        {
            var batch = Answered(await source.NextAsync(max: 3), call.Method).GetResult<ElementBatch<T>>();
            last = batch.IsLast;
            foreach (var item in batch.Items)
            {
                yield return item;
            }
        }
    }

    IAsyncEnumerable<T> IGrainRuntime.EnumerateAsync<T>(GrainReference target, Orleans.Embedded.Invocation call) => EnumerateAsync<T>(target, call);

    public object Grain { get; } = target;

    private async ValueTask<Response> Answer(GrainReference target, Orleans.Embedded.Invocation call)
    {
        Calls.Add((target, call));
        return Answered(await Received(call).InvokeAsync(Grain), call.Method);
    }

    private Orleans.Embedded.Invocation Received(Orleans.Embedded.Invocation call)
    {
        if (!throughBytes)
        {
            return call.CopyForLocalCall();
        }

        var output = new ArrayBufferWriter<byte>();
        var writer = new WireWriter(output);
        call.WriteArguments(ref writer);
        writer.Complete();
        var received = GrainInterfaces.Find(call.Method.InterfaceAlias)!.Methods[call.Method.Index].Create();
        var reader = new WireReader(output.WrittenSpan, this);
        received.ReadArguments(ref reader);
        reader.Dispose();
        received.CancellationToken = call.CancellationToken;
        return received;
    }

    private Response Answered(Response response, GrainMethod method)
    {
        if (!throughBytes)
        {
            return response.CopyForLocalCall();
        }

        var output = new ArrayBufferWriter<byte>();
        var writer = new WireWriter(output);
        response.Write(ref writer);
        writer.Complete();
        var received = method.CreateResponse();
        var reader = new WireReader(output.WrittenSpan, this);
        received.Read(ref reader);
        reader.Dispose();
        return received;
    }
}
