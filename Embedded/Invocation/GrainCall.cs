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
        catch (Exception cause)
        {
            throw Error(cause, argument);
        }
    }

    public sealed override void ReadArguments(ref WireReader reader)
    {
        var argument = -1;
        try
        {
            ReadFields(ref reader, ref argument);
        }
        catch (Exception cause)
        {
            throw Error(cause, argument);
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
        catch (Exception cause)
        {
            throw Error(cause, argument);
        }
    }

    protected abstract GrainCall New();

    protected abstract void WriteFields(ref WireWriter writer, ref int argument);

    protected abstract void ReadFields(ref WireReader reader, ref int argument);

    protected abstract void CopyFields(CopyContext context, GrainCall target, ref int argument);

    protected static Exception NoTask(GrainMethod method) =>
        new InvalidOperationException($"{method} returned null instead of a task. Return Task.CompletedTask or Task.FromResult(…).");

    private WireException Error(Exception cause, int argument)
    {
        var parameters = Method.MethodInfo.GetParameters();
        return WireException.Within(cause, $"{Method.InterfaceType.ShortName()}.{Method.MethodInfo.Name}({(argument >= 0 && argument < parameters.Length ? parameters[argument].Name : "")})");
    }
}

internal abstract class TaskCall : GrainCall
{
    public sealed override ValueTask<Response> InvokeAsync(object target)
    {
        try
        {
            var task = Call(target) ?? throw NoTask(Method);
            return task.IsCompletedSuccessfully ? Response.CompletedTask : Await(task);
        }
        catch (Exception exception)
        {
            return new(Response.FromException(exception));
        }
    }

    protected abstract Task Call(object target);

    private static async ValueTask<Response> Await(Task task)
    {
        try
        {
            await task;
            return Response.Completed;
        }
        catch (Exception exception)
        {
            return Response.FromException(exception);
        }
    }
}

internal abstract class TaskCall<T> : GrainCall
{
    public sealed override ValueTask<Response> InvokeAsync(object target)
    {
        try
        {
            var task = Call(target) ?? throw NoTask(Method);
            return task.IsCompletedSuccessfully ? new(Response.FromResult(task.Result)) : Await(task);
        }
        catch (Exception exception)
        {
            return new(Response.FromException(exception));
        }
    }

    protected abstract Task<T> Call(object target);

    private static async ValueTask<Response> Await(Task<T> task)
    {
        try
        {
            return Response.FromResult(await task);
        }
        catch (Exception exception)
        {
            return Response.FromException(exception);
        }
    }
}

internal abstract class ValueTaskCall : GrainCall
{
    public sealed override ValueTask<Response> InvokeAsync(object target)
    {
        try
        {
            var task = Call(target);
            if (!task.IsCompletedSuccessfully)
            {
                return Await(task);
            }

            // Hands a pooled source back.
            task.GetAwaiter().GetResult();
            return Response.CompletedTask;
        }
        catch (Exception exception)
        {
            return new(Response.FromException(exception));
        }
    }

    protected abstract ValueTask Call(object target);

    private static async ValueTask<Response> Await(ValueTask task)
    {
        try
        {
            await task;
            return Response.Completed;
        }
        catch (Exception exception)
        {
            return Response.FromException(exception);
        }
    }
}

internal abstract class ValueTaskCall<T> : GrainCall
{
    public sealed override ValueTask<Response> InvokeAsync(object target)
    {
        try
        {
            var task = Call(target);
            return task.IsCompletedSuccessfully ? new(Response.FromResult(task.Result)) : Await(task);
        }
        catch (Exception exception)
        {
            return new(Response.FromException(exception));
        }
    }

    protected abstract ValueTask<T> Call(object target);

    private static async ValueTask<Response> Await(ValueTask<T> task)
    {
        try
        {
            return Response.FromResult(await task);
        }
        catch (Exception exception)
        {
            return Response.FromException(exception);
        }
    }
}

internal abstract class SequenceCall<T> : GrainCall
{
    public sealed override ValueTask<Response> InvokeAsync(object target)
    {
        try
        {
            var elements = Call(target) ?? throw NoTask(Method);
            return new(new SequenceResponse<T>(elements));
        }
        catch (Exception exception)
        {
            return new(Response.FromException(exception));
        }
    }

    protected abstract IAsyncEnumerable<T> Call(object target);
}
