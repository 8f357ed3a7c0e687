using Orleans.Embedded.Serialization;

namespace Orleans.Embedded;

/// <summary>
/// Base of the emitted calls. The subclass knows the fields; what is the same for all of them is here, where it can be read and debugged.
/// Arguments cross as a group numbered by position, so a method may get another trailing parameter and still be called by older peers.
/// </summary>
internal abstract class GrainCall : Invocation
{
    /// <summary>No argument can be changed by its receiver.</summary>
    protected abstract bool SharesArguments { get; }

    public sealed override void WriteArguments(ref WireWriter writer)
    {
        var argument = -1;
        try
        {
            WriteFields(ref writer, ref argument);
        }
        catch (Exception cause) when (WireException.IsForeign(cause, Place(argument)))
        {
            throw WireException.Wrap(cause, Place(argument));
        }
    }

    public sealed override void ReadArguments(ref WireReader reader)
    {
        var argument = -1;
        try
        {
            ReadFields(ref reader, ref argument);
        }
        catch (Exception cause) when (WireException.IsForeign(cause, Place(argument)))
        {
            throw WireException.Wrap(cause, Place(argument));
        }
    }

    public sealed override Invocation CopyForLocalCall()
    {
        if (SharesArguments)
        {
            return this;
        }

        var argument = -1;
        try
        {
            var copy = New();
            var context = CopyContext.Rent();
            CopyFields(context, copy, ref argument);
            context.Return();
            copy.CancellationToken = CancellationToken;
            return copy;
        }
        catch (Exception cause) when (WireException.IsForeign(cause, Place(argument)))
        {
            throw WireException.Wrap(cause, Place(argument));
        }
    }

    protected abstract GrainCall New();

    protected abstract void WriteFields(ref WireWriter writer, ref int argument);

    protected abstract void ReadFields(ref WireReader reader, ref int argument);

    protected abstract void CopyFields(CopyContext context, GrainCall target, ref int argument);

    protected static Exception NoTask(GrainMethod method) =>
        new InvalidOperationException($"{method} returned null instead of a task. Return Task.CompletedTask or Task.FromResult(…).");

    private string Place(int argument)
    {
        var parameters = Method.MethodInfo.GetParameters();
        return $"{Method.InterfaceType.ShortName()}.{Method.MethodInfo.Name}({(argument >= 0 && argument < parameters.Length ? parameters[argument].Name : "")})";
    }
}
