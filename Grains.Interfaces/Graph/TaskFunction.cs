namespace Orleans.Dask.Grains.Interfaces;

/// <summary>
/// The code of a task. Instances are immutable, hold what all like tasks share, and travel as payloads: by name where
/// their assembly is deployed, with its code where it is not.
/// </summary>
/// <remarks>Kernels of collections derive from it; delegates of users are wrapped by the classes of <c>Graph/Functions</c>.</remarks>
public abstract class TaskFunction
{
    /// <summary>What people see: in keys, progress, errors. For a delegate, the name of its method.</summary>
    public abstract string Name { get; }

    /// <summary>What it returns is of this type, or null: whoever fetches a result expects nothing else. Default <see cref="object"/>, which is to say anything.</summary>
    public virtual Type ResultType => typeof(object);

    /// <summary>Runs on an executor's thread, never on a grain's turn.</summary>
    /// <param name="arguments">The arguments in order, each of the type that the function takes. Not kept.</param>
    /// <param name="context">The task's own circumstances.</param>
    /// <returns>The value, never changed afterwards. Completed at once unless the function is asynchronous.</returns>
    public abstract ValueTask<object?> InvokeAsync(object?[] arguments, in TaskContext context);
}
