namespace Orleans.Embedded;

// A base class for each kind of return type. All answer at once, without a state machine, when the method has finished already.

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
