using System.Reflection;
using Orleans.Runtime;

namespace Orleans;

/// <summary>Runs around every call that arrives at a grain of this silo.</summary>
public interface IIncomingGrainCallFilter
{
    /// <summary>Calls <see cref="IGrainCallContext.Invoke"/> to go on; not calling it answers with <see cref="IGrainCallContext.Result"/>.</summary>
    Task Invoke(IIncomingGrainCallContext context);
}

/// <summary>A call on its way through filters.</summary>
public interface IGrainCallContext
{
    object Grain { get; }

    GrainId TargetId { get; }

    MethodInfo? InterfaceMethod { get; }

    string InterfaceName { get; }

    string MethodName { get; }

    /// <summary>The method's result once it ran.</summary>
    object? Result { get; set; }

    Task Invoke();
}

/// <summary>A call at its grain.</summary>
public interface IIncomingGrainCallContext : IGrainCallContext
{
    IGrainContext TargetContext { get; }
}
